import fc, { type Scheduler } from 'fast-check'
import { selectFacts, selectSignedOutReason, selectStatus } from '../../machines/index.ts'
import type { Removed } from './browser.ts'
import { World, type LiveTab } from './world.ts'

/** What people and the world do, one after the other; the scheduler decides what happens in between. */
export type Step =
  | { readonly do: 'let'; readonly steps: number }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'open' | 'revoke' }
  | { readonly do: 'kill' | 'logout' | 'need' | 'look'; readonly tab: number }
  | { readonly do: 'login'; readonly tab: number; readonly person: string }

const tab = fc.nat({ max: 3 })

export const steps = (most: number): fc.Arbitrary<Step[]> =>
  fc.array(
    fc.oneof(
      { weight: 5, arbitrary: fc.record({ do: fc.constant('let' as const), steps: fc.integer({ min: 1, max: 8 }) }) },
      {
        weight: 4,
        arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(500, 5_000, 78_000, 101_000) }),
      },
      { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('open' as const, 'revoke' as const) }) },
      { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('need' as const, 'look' as const), tab }) },
      { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('kill' as const, 'logout' as const), tab }) },
      {
        weight: 2,
        arbitrary: fc.record({
          do: fc.constant('login' as const),
          tab,
          person: fc.constantFrom('alice', 'alice', 'bob'),
        }),
      },
    ),
    { maxLength: most, size: 'max' },
  )

/** As plain words, for whoever reads a failure. */
export const inWords = (all: readonly Step[]): string =>
  all
    .map((step) => {
      switch (step.do) {
        case 'let':
          return `let ${step.steps} things happen`
        case 'wait':
          return `${step.ms / 1000} s pass`
        case 'open':
          return 'a tab is opened'
        case 'revoke':
          return 'the provider ends every session'
        case 'login':
          return `${step.person} logs in in tab ${step.tab}`
        default:
          return `${step.do} in tab ${step.tab}`
      }
    })
    .join(', ')

/** Plays a story in a world of two to four tabs, and says what is wrong at its end. */
export async function play(
  scheduler: Scheduler,
  tabs: number,
  story: readonly Step[],
  removed: Removed | null = null,
): Promise<string[]> {
  const world = new World(scheduler, removed)
  for (let i = 0; i < tabs; i += 1) world.open()
  await world.calm()
  await take(world, scheduler, { do: 'login', tab: 0, person: 'alice' })
  await world.calm()
  for (const step of story) await take(world, scheduler, step)
  if (world.tabs.length === 0) world.open()
  await world.settle()
  return faultsOf(world)
}

async function take(world: World, scheduler: Scheduler, step: Step): Promise<void> {
  const at = 'tab' in step ? world.tabs[step.tab % Math.max(1, world.tabs.length)] : undefined
  switch (step.do) {
    case 'let':
      for (let i = 0; i < step.steps && scheduler.count() > 0; i += 1) {
        await scheduler.waitNext(1)
        await world.clock.advance(0)
      }
      return
    case 'wait':
      return world.clock.advance(step.ms)
    case 'open':
      if (world.tabs.length < 4) world.open()
      return
    case 'revoke':
      world.provider.revokeAll()
      // Whoever finds out is signed out; whoever does not need a renewal goes on. A login under way may be among them.
      if (world.expected === 'in') world.expected = 'unknown'
      for (const tab of world.tabs) tab.isLoginClear = false
      return
    case 'kill':
      if (at !== undefined) world.kill(at)
      return
    case 'look':
      at?.fire('focus')
      return
    case 'need':
      at?.session.send({ type: 'token.required' })
      return
    case 'logout':
      return logOut(world, at)
    case 'login':
      return logIn(world, at, step.person)
  }
}

function logOut(world: World, at: LiveTab | undefined): void {
  if (at === undefined || !at.session.getSnapshot().can({ type: 'logout' })) return
  // Whoever logs in at the same moment may come before or after this.
  const isClear = world.isQuietBut(at)
  for (const tab of world.tabs) tab.isLoginClear = false
  at.session.send({ type: 'logout' })
  world.expected = isClear ? 'out' : 'unknown'
}

function logIn(world: World, at: LiveTab | undefined, person: string): void {
  if (at === undefined || !at.session.getSnapshot().can({ type: 'login', via: 'popup' })) return
  for (const tab of world.tabs) tab.isLoginClear = false
  at.person = person
  at.isLoginClear = world.isQuietBut(at)
  // Until it is done, or fails, both are right.
  world.expected = 'unknown'
  at.session.send({ type: 'login', via: 'popup' })
}

/** The design's invariants (P10 to P13), on a world that has come to rest. */
function faultsOf(world: World): string[] {
  const faults = [...world.complaints]
  const avoidable = world.provider.reuses.filter(({ first }) => !world.killed.has(first) && !world.overruled.has(first))
  for (const { token, first, second } of avoidable) faults.push(`${second} spent ${token}, which ${first} had spent`)
  // What a tab had sent when it was closed, or fell silent, may have rotated: the provider then ends the session, and nobody is
  // to blame.
  const isLossExcused = world.provider.reuses.length > avoidable.length

  const kept = world.database.login
  const isKept = kept?.generation != null
  if (world.expected === 'in' && !isKept && !isLossExcused) faults.push('someone who should be in is left out')
  if (world.expected === 'out' && world.tabs.some(({ session }) => session.hasValid()))
    faults.push('there is a token after a logout')

  for (const tab of world.tabs) {
    const snapshot = tab.session.getSnapshot()
    const status = selectStatus(snapshot)
    const facts = selectFacts(snapshot)
    const reason = selectSignedOutReason(snapshot)
    if (!['signedIn', 'signedOut'].includes(status))
      faults.push(
        `${tab.name} is stuck: ${JSON.stringify(snapshot.value)} ${JSON.stringify(snapshot.children.renewal?.getSnapshot().value)} ${JSON.stringify(snapshot.children.renewal?.getSnapshot().context.problem)}`,
      )
    if (status === 'signedIn' && (facts?.generation !== kept?.generation || facts?.revision !== kept?.revision)) {
      faults.push(
        `${tab.name} has ${facts?.generation}/${facts?.revision}, the vault ${kept?.generation}/${kept?.revision}`,
      )
    }
    if (status === 'signedOut' && isKept && reason !== 'subject_changed')
      faults.push(`${tab.name} is out, and the vault holds a session`)
    if (status === 'signedOut' && tab.session.hasValid()) faults.push(`${tab.name} is out and has a token`)
  }
  if (world.locks.isHeld) faults.push('a turn is held by nobody who needs it')
  return faults.length === 0
    ? []
    : [...faults, `told: ${world.told.filter((t) => !/profile|metadata/.test(t)).join(', ')}`]
}
