import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Keeper } from '../../services/credentials/types.ts'
import { settle } from './asking.ts'
import { answer, login, newsOf, startKeeping, stay, type Keeping } from './keeping.ts'

let keeping: Keeping
let kept: Keeping['kept']
let keeperOf: Keeping['keeperOf']
beforeEach(() => {
  keeping = startKeeping()
  ;({ kept, keeperOf } = keeping)
})
afterEach(() => keeping.close())

test('P11 what overtook a login of this tab before it was known here is told', async () => {
  for (const overtake of [(there: Keeper) => there.begin(login('bob')), (there: Keeper) => there.end(null, 'logout')]) {
    const [here, there] = [keeperOf('here'), keeperOf('there')]
    const goOn = kept.hold('writeNotes')
    const beginning = here.begin({ ...login(), profile: { sub: 'alice' } })
    await expect.poll(() => here.current()).not.toBeNull()
    await overtake(there)
    await here.look()
    expect(here.current()).toBeNull()
    const news = newsOf(here)
    goOn()
    const begun = await beginning
    await expect.poll(() => news).toHaveLength(1)
    expect(news[0]?.type).toMatch(/^sibling\.(loggedIn|ended)$/)
    expect(begun.facts.subject).toBe('alice')
  }
})

test('an opening that is given up does not take back what a later one found', async () => {
  const here = keeperOf('here')
  await keeperOf('there').begin(login())
  const gone = new AbortController()
  const goOn = kept.hold('read')
  const first = here.open(gone.signal)
  await settle()
  gone.abort()
  // Those that come later are not held back.
  kept.hold('read')()
  const { session } = await here.open(stay)
  expect(session).not.toBeNull()
  goOn()
  await first
  expect(here.current()?.facts).toEqual(session?.facts)
})

describe('P10 looking again at the vault, once it is our turn', () => {
  test('takes nothing when nobody waits for it any more', async () => {
    const [here, there] = [keeperOf('here'), keeperOf('there')]
    const { facts } = await here.begin(login())
    await there.begin(login())
    const gone = new AbortController()
    const goOn = kept.hold('read')
    const checking = here.recheck(facts, gone.signal)
    gone.abort()
    goOn()
    expect(await checking).toEqual({ outcome: 'discarded' })
    expect(here.current()?.facts).toEqual(facts)
  })

  test('does not believe what a tab hears that was held up: another one may have renewed meanwhile', async () => {
    let now = 0
    const [here, there] = [keeperOf('here', { now: () => now, chance: () => 0.5 }), keeperOf('there')]
    const { facts } = await here.begin(login())
    await there.open(stay)
    const goOn = kept.hold('read')
    const checking = here.recheck(facts, stay)
    await there.commit(facts, answer)
    now = 10_000
    goOn()
    expect(await checking).toMatchObject({ outcome: 'adopted', facts: { revision: 2 } })
  })
})

test('P11 a verdict that comes to its end when nobody waits for it is told like any end', async () => {
  const here = keeperOf('here')
  const { facts } = await here.begin(login())
  const news = newsOf(here)
  const gone = new AbortController()
  const goOn = kept.hold('reject')
  const confirming = here.confirm(facts, { code: 'invalid_grant', message: 'refused' }, gone.signal)
  gone.abort()
  goOn()
  expect(await confirming).toEqual({ outcome: 'discarded' })
  await expect.poll(() => news).toMatchObject([{ type: 'sibling.ended', reason: 'revoked' }])
  expect(here.current()).toBeNull()
})
