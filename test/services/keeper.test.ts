import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { answer, login, newsOf, startKeeping, stay, type Keeping } from './keeping.ts'
import { codeOf, entryOf } from './samples.ts'

let keeping: Keeping
let kept: Keeping['kept']
let keeperOf: Keeping['keeperOf']
beforeEach(() => {
  keeping = startKeeping()
  ;({ kept, keeperOf } = keeping)
})
afterEach(() => keeping.close())

describe('P12 an end', () => {
  test('takes with it a login that is being written', async () => {
    const keeper = keeperOf()
    const goOn = kept.hold('begin')
    const beginning = keeper.begin(login())
    const ending = keeper.end(null, 'logout')
    goOn()
    expect(await codeOf(beginning)).toBe('aborted')
    await ending
    expect(keeper.current()).toBeNull()
    expect((await kept.vault.read()).entry).toBeNull()
  })

  test('is not undone by a look at the vault that began before it', async () => {
    const keeper = keeperOf()
    const { facts } = await keeper.begin(login())
    const goOn = kept.hold('read')
    const checking = keeper.recheck(facts, stay)
    const looking = keeper.look()
    await keeper.end(facts.generation, 'logout')
    goOn()
    expect(await checking).toEqual({ outcome: 'discarded' })
    await looking
    expect(keeper.current()).toBeNull()
  })

  test('gives its own login to be revoked, and never another one', async () => {
    const keeper = keeperOf()
    const first = await keeper.begin(login())
    const second = await keeper.begin(login())
    await keeper.end(first.facts.generation, 'logout')
    expect(keeper.removal.entry()).toBeNull()
    expect((await kept.vault.read()).entry?.facts.generation).toBe(second.facts.generation)
    await keeper.open(stay)
    await keeper.end(second.facts.generation, 'logout')
    expect(keeper.removal.entry()?.facts.generation).toBe(second.facts.generation)
    keeper.removal.forget()
    expect(keeper.removal.entry()).toBeNull()
  })

  test('of a renewal that comes back later: it is thrown away', async () => {
    const keeper = keeperOf()
    const { facts } = await keeper.begin(login())
    const goOn = kept.hold('replace')
    const committing = keeper.commit(facts, answer)
    await keeper.end(facts.generation, 'logout')
    goOn()
    expect(await committing).toEqual({ outcome: 'discarded' })
    expect(keeper.current()).toBeNull()
  })
})

describe('P5 a write that fails', () => {
  test('is kept in memory and written at the next opportunity', async () => {
    const keeper = keeperOf()
    const { facts } = await keeper.begin(login())
    kept.failing.add('replace')
    expect(await keeper.commit(facts, answer)).toMatchObject({ outcome: 'unsaved', facts: { revision: 2 } })
    expect(keeper.current()?.tokens.refreshToken).toBe('r2')
    let isSaved = false
    void keeper.untilSaved().then(() => (isSaved = true))
    await keeper.look()
    expect(isSaved).toBe(false)
    kept.failing.clear()
    await keeper.look()
    expect(isSaved).toBe(true)
    expect((await kept.vault.read()).entry?.tokens.refreshToken).toBe('r2')
  })

  test('is what a second look at the same session finds', async () => {
    const keeper = keeperOf()
    const { facts } = await keeper.begin(login())
    kept.failing.add('replace')
    await keeper.commit(facts, answer)
    expect((await keeper.open(stay)).session?.facts.revision).toBe(2)
    expect(keeper.current()?.tokens.refreshToken).toBe('r2')
  })

  test('is not thrown away because this tab read the vault again meanwhile', async () => {
    const keeper = keeperOf()
    const { facts } = await keeper.begin(login())
    kept.failing.add('replace')
    const goOn = kept.hold('replace')
    const committing = keeper.commit(facts, answer)
    await keeper.recheck(facts, stay)
    goOn()
    expect(await committing).toMatchObject({ outcome: 'unsaved' })
    expect(keeper.current()?.tokens.refreshToken).toBe('r2')
  })

  test('is forgotten, and the turn given back, when another login has taken its place', async () => {
    const keeper = keeperOf()
    const { facts } = await keeper.begin(login())
    kept.failing.add('replace')
    await keeper.commit(facts, answer)
    let isSettled = false
    void keeper.untilSaved().then(() => (isSettled = true))
    const other = entryOf('other')
    await kept.vault.begin(other)
    expect((await keeper.open(stay)).session?.facts).toEqual(other.facts)
    expect(isSettled).toBe(true)
    kept.failing.clear()
    expect(await keeper.commit(other.facts, answer)).toMatchObject({ outcome: 'renewed' })
  })

  test('counts as written when an earlier try had gone through after all', async () => {
    const keeper = keeperOf()
    const { facts } = await keeper.begin(login())
    kept.failing.add('replace')
    const unsaved = await keeper.commit(facts, answer)
    const entry = keeper.current()
    if (entry !== null) await kept.vault.begin(entry)
    kept.failing.clear()
    expect(await keeper.save(entry?.facts ?? facts)).toMatchObject({ outcome: 'stored', facts: { revision: 2 } })
    expect(unsaved.outcome).toBe('unsaved')
  })
})

describe('P11 a look', () => {
  test('tells a login, a renewal and an end of another tab, each once', async () => {
    const [here, there] = [keeperOf('here'), keeperOf('there')]
    const news = newsOf(here)
    await here.look()
    const { facts } = await there.begin(login())
    await here.look()
    await here.open(stay)
    await here.look()
    await there.commit(facts, answer)
    await here.look()
    await here.look()
    await there.end(facts.generation, 'logout')
    await here.look()
    await here.look()
    expect(news.map(({ type }) => type)).toEqual(['sibling.loggedIn', 'sibling.renewed', 'sibling.ended'])
    expect(news.at(-1)).toMatchObject({ reason: 'logout', generation: facts.generation })
  })

  test('says why the last login ended, though it had taken the place of ours', async () => {
    const [here, there] = [keeperOf('here'), keeperOf('there')]
    const { facts } = await here.begin(login())
    const news = newsOf(here)
    const second = await there.begin(login())
    await there.end(second.facts.generation, 'logout')
    await here.look()
    expect(news).toEqual([{ type: 'sibling.ended', generation: facts.generation, reason: 'logout' }])
  })

  test("P13 never takes over another person's credentials", async () => {
    const [here, there] = [keeperOf('here'), keeperOf('there')]
    await here.begin(login())
    const news = newsOf(here)
    await there.begin(login('bob'))
    await here.look()
    expect(news).toMatchObject([{ type: 'sibling.loggedIn', facts: { subject: 'bob' } }])
    expect(here.current()).toBeNull()
  })

  test('tells what an opening had found that nobody waited for', async () => {
    const [here, there] = [keeperOf('here'), keeperOf('there')]
    await there.begin(login())
    const gone = new AbortController()
    const goOn = kept.hold('read')
    const opening = here.open(gone.signal)
    gone.abort()
    goOn()
    expect((await opening).session).toBeNull()
    expect(here.current()).toBeNull()
    const news = newsOf(here)
    await here.look()
    expect(news).toMatchObject([{ type: 'sibling.loggedIn' }])
  })

  test('that cannot read tells nothing', async () => {
    const keeper = keeperOf()
    await keeper.begin(login())
    const news = newsOf(keeper)
    kept.failing.add('read')
    await keeper.look()
    expect(news).toEqual([])
    expect(keeper.current()).not.toBeNull()
  })
})

test('P22 what was sent is waited for, and what could not be written is tried once more', async () => {
  const keeper = keeperOf()
  const { facts } = await keeper.begin(login())
  kept.failing.add('replace')
  await keeper.commit(facts, answer)
  kept.failing.clear()
  let end = (): void => {}
  keeper.hold(new Promise<void>((resolve) => (end = resolve)))
  keeper.hold(Promise.reject(new Error('failed')))
  let isDrained = false
  const draining = keeper.drain().then(() => (isDrained = true))
  await new Promise((resolve) => setTimeout(resolve, 0))
  expect(isDrained).toBe(false)
  end()
  await draining
  expect((await kept.vault.read()).entry?.tokens.refreshToken).toBe('r2')
})
