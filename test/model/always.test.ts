import { describe, expect, it } from 'vitest'
import type { SessionContext } from '../../machines/session/types.ts'
import { charts, chartNames, type ChartName } from './charts/index.ts'
import { explore, wayTo, type Edge, type Model, type Situation } from './explore.ts'

// What holds in every situation that a chart can come into, shown on the derived model: all of it, no walks.

const known = new WeakMap<object, readonly Model[]>()

/** Made once for each machine: a mutant may have taken the chart's place meanwhile. */
function modelsOf(name: ChartName): readonly Model[] {
  const machine = charts[name].machine()
  const models = known.get(machine) ?? charts[name].worlds().map((world) => explore(world.machine, world.events))
  known.set(machine, models)
  return models
}

const push = (index: Map<Situation, Situation[]>, key: Situation, value: Situation): void => {
  const bucket = index.get(key)
  if (bucket === undefined) index.set(key, [value])
  else bucket.push(value)
}

function spread(from: Iterable<Situation>, next: ReadonlyMap<Situation, readonly Situation[]>): ReadonlySet<Situation> {
  const found = new Set(from)
  for (const here of found) for (const one of next.get(here) ?? []) found.add(one)
  return found
}

type By = (edge: Edge) => boolean

/** Everything that can be reached from these by such edges, themselves included. */
function reachableFrom({ edges }: Model, from: readonly Situation[], by: By = () => true) {
  const next = new Map<Situation, Situation[]>()
  for (const edge of edges) if (by(edge)) push(next, edge.from, edge.to)
  return spread(from, next)
}

/** Everything from which one of these can be reached by such edges. */
function leadingTo({ edges, situations }: Model, wanted: (one: Situation) => boolean, by: By = () => true) {
  const before = new Map<Situation, Situation[]>()
  for (const edge of edges) if (by(edge)) push(before, edge.to, edge.from)
  return spread(situations.filter(wanted), before)
}

/** The first few that should not be, with the way there. */
const inWords = (wrong: readonly Situation[]): readonly string[] =>
  wrong
    .slice(0, 3)
    .map((one) => [...wayTo(one).map(({ event }) => JSON.stringify(event)), one.configuration].join('\n  '))

const contextOf = ({ snapshot }: Situation): SessionContext => snapshot.context as SessionContext
const hasTag = (situation: Situation, tag: string): boolean => situation.snapshot.tags.has(tag)
const isIn = (situation: Situation, state: string): boolean => situation.configuration.includes(state)
const isOver = ({ snapshot }: Situation): boolean => snapshot.status !== 'active'

describe.each(chartNames)('in every situation of the chart %s', (name) => {
  it('there is a way on', () => {
    for (const model of modelsOf(name)) {
      const going = new Set(model.edges.filter(({ from, to }) => from !== to).map(({ from }) => from))
      expect(inWords(model.situations.filter((one) => !going.has(one) && !isOver(one)))).toEqual([])
    }
  })
})

describe('in every situation of a session', () => {
  const news = /^sibling\.loggedIn$/
  /** What brings someone in who is out: a login, here or elsewhere. */
  const letsIn = ({ event }: Edge): boolean => event.type === 'login' || news.test(event.type)

  it('P8 the person can come in, and can leave', () => {
    for (const model of modelsOf('session')) {
      const [canEnter, canLeave] = [
        leadingTo(model, (one) => isIn(one, 'access.authenticated')),
        leadingTo(model, (one) => isIn(one, 'session.loggedOut')),
      ]
      expect(inWords(model.situations.filter((one) => !canEnter.has(one) || !canLeave.has(one)))).toEqual([])
    }
  })

  it('P8 a renewal that goes on comes to an end, if the provider answers at last', () => {
    for (const model of modelsOf('session')) {
      const answers = ({ event }: Edge) => event.type === 'xstate.done.actor.renewal'
      const ends = leadingTo(model, (one) => !hasTag(one, 'renewing'), answers)
      expect(inWords(model.situations.filter((one) => hasTag(one, 'renewing') && !ends.has(one)))).toEqual([])
    }
  })

  it('P12 no token comes back after a logout until someone logs in', () => {
    for (const model of modelsOf('session')) {
      const out = model.situations.filter((one) => isIn(one, 'session.loggedOut'))
      expect(out.length).toBeGreaterThan(0)
      // A tab that looks again may find what it knew of before; that it is out, it says at once.
      const after = [...reachableFrom(model, out, (edge) => !letsIn(edge))]
      expect(inWords(after.filter((one) => contextOf(one).facts !== null || hasTag(one, 'usable')))).toEqual([])
    }
  })

  it('P8 whoever was in and is out knows why', () => {
    for (const model of modelsOf('session')) {
      const ends = model.edges.filter(
        ({ from, to }) => contextOf(from).facts !== null && isIn(to, 'session.unauthenticated'),
      )
      expect(ends.length).toBeGreaterThan(0)
      expect(inWords(ends.map(({ to }) => to).filter((to) => contextOf(to).signedOutReason === 'never'))).toEqual([])
    }
  })

  it('credentials are known exactly while someone is signed in, or the vault is being asked', () => {
    for (const model of modelsOf('session')) {
      const wrong = model.situations.filter((one) => {
        const isActive = isIn(one, 'session.active')
        return isActive && contextOf(one).facts === null
      })
      expect(inWords(wrong)).toEqual([])
      const kept = model.situations.filter(
        (one) =>
          (isIn(one, 'session.unauthenticated') || isIn(one, 'session.loggedOut')) && contextOf(one).facts !== null,
      )
      expect(inWords(kept)).toEqual([])
    }
  })
})

describe('in every situation of a renewal', () => {
  /** Everybody does what they should: the turn comes, the vault answers, the provider gives new tokens, pauses end. */
  const isWell = ({ event }: Edge): boolean => {
    const { type, output } = event as { readonly type: string; readonly output?: { readonly outcome: string } }
    if (
      type === 'turn.granted' ||
      type.startsWith('xstate.after.untilNextTry') ||
      type.startsWith('xstate.after.untilOfflineDoubt')
    )
      return true
    return type.startsWith('xstate.done.actor.') && ['same', 'renewed', undefined].includes(output?.outcome)
  }

  it('P8 it renews, if everybody does what they should from there on', () => {
    for (const model of modelsOf('renewal')) {
      const renews = leadingTo(model, (one) => isIn(one, 'renewal.renewed'), isWell)
      const stuck = model.situations.filter(
        (one) => !isOver(one) && !renews.has(one) && !isIn(one, 'renewal.takingTurn.confirming'),
      )
      expect(inWords(stuck)).toEqual([])
    }
  })

  it('P10 the turn is held only while it is used: every way out of it leaves takingTurn', () => {
    for (const model of modelsOf('renewal')) {
      const finals = model.situations.filter(isOver)
      expect([...new Set(finals.map(({ configuration }) => configuration))].toSorted()).toEqual(
        ['adopted', 'discarded', 'rejected', 'renewed', 'unsaved'].map((state) => `renewal.${state}`),
      )
      const paused = model.situations.filter((one) => isIn(one, 'backingOff') || isIn(one, 'waitingForNetwork'))
      expect(paused.length).toBeGreaterThan(0)
      expect(paused.filter(({ snapshot: { _nodes } }) => _nodes.some(({ id }) => id === 'renewal.takingTurn'))).toEqual(
        [],
      )
    }
  })
})
