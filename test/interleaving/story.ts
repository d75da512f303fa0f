import type { Scheduler } from 'fast-check'
import type { Removed } from './browser.ts'
import type { Counts } from './counts.ts'
import { faultsOf } from './faults.ts'
import { turnHolder, type Step, type StepInTab } from './steps.ts'
import { World, type LiveTab } from './world.ts'

interface Told {
  readonly faults: readonly string[]
  readonly counts: Counts
}

/** Plays a story in a world of two to four tabs, and says what is wrong at its end. */
export async function play(
  scheduler: Scheduler,
  tabs: number,
  story: readonly Step[],
  removed: Removed | null = null,
): Promise<Told> {
  const world = new World(scheduler, removed)
  for (let i = 0; i < tabs; i += 1) world.open()
  await world.calm()
  await take(world, { do: 'login', tab: 0, person: 'alice' })
  await world.calm()
  for (const step of story) await take(world, step)
  if (world.tabs.length === 0) world.open()
  await world.settle()
  const faults = faultsOf(world)
  world.counts.schedules = 1
  world.counts.renewals = world.provider.renewals
  return { faults, counts: world.counts }
}

const tabOf = (world: World, place: number): LiveTab | undefined =>
  place === turnHolder
    ? world.tabs.find(({ gate }) => gate === world.locks.holder)
    : world.tabs[place % Math.max(1, world.tabs.length)]

async function take(world: World, step: Step): Promise<void> {
  switch (step.do) {
    case 'let':
      return world.let(step.steps)
    case 'wait':
      return world.clock.advance(step.ms)
    case 'pass':
      return world.pass(step.ms, step.pace)
    case 'open':
      if (world.tabs.length < 4) world.open()
      return
    case 'revoke':
      return revoke(world)
    case 'provider':
      world.provider.mood = step.mood
      return
    default: {
      const at = tabOf(world, step.tab)
      if (at !== undefined) await takeIn(world, at, step)
    }
  }
}

async function takeIn(world: World, at: LiveTab, step: StepInTab): Promise<void> {
  switch (step.do) {
    case 'kill':
      return world.kill(at)
    case 'freeze':
      return world.freeze(at)
    case 'thaw':
      return at.gate.thaw()
    case 'offline':
      world.network.offline.add(at.gate)
      return
    case 'online':
      return world.goOnline(at)
    case 'need':
      if (!at.gate.isFrozen) at.session.send({ type: 'token.required' })
      return
    case 'look':
      // Whatever a person looks at, or clicks at, runs.
      await at.gate.thaw()
      return at.fire('focus')
    case 'logout':
      await at.gate.thaw()
      return logOut(world, at)
    case 'login':
      await at.gate.thaw()
      return logIn(world, at, step.person)
  }
}

function revoke(world: World): void {
  world.provider.revokeAll()
  // Whoever finds out is signed out; whoever does not need a renewal goes on. A login under way may be among them.
  if (world.expected === 'in') world.expected = 'unknown'
  for (const tab of world.tabs) tab.isLoginClear = false
}

function logOut(world: World, at: LiveTab): void {
  if (!at.session.getSnapshot().can({ type: 'logout' })) return
  world.counts.logouts += 1
  // Whoever logs in at the same moment may come before or after this.
  const isClear = world.isQuietBut(at)
  for (const tab of world.tabs) tab.isLoginClear = false
  at.session.send({ type: 'logout' })
  world.expected = isClear ? 'out' : 'unknown'
}

function logIn(world: World, at: LiveTab, person: string): void {
  if (!at.session.getSnapshot().can({ type: 'login', via: 'popup' })) return
  for (const tab of world.tabs) tab.isLoginClear = false
  at.person = person
  at.isLoginClear = world.isQuietBut(at)
  // Until it is done, or fails, both are right.
  world.expected = 'unknown'
  at.session.send({ type: 'login', via: 'popup' })
}
