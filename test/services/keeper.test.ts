import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { SiblingMessage } from '../../services/browser/siblings.ts'
import type { TokenAnswer } from '../../services/credentials/facts.ts'
import { createKeeper } from '../../services/credentials/keeper.ts'
import type { Keeper, NewLogin, VaultNews } from '../../services/credentials/types.ts'
import { createMemoryVault } from '../../services/vault/memory.ts'
import type { Vault } from '../../services/vault/types.ts'
import { clockAt, codeOf, entryOf } from './samples.ts'

/** A vault in which one kind of work waits, or fails, as the test says. */
function createFitfulVault() {
  const vault = createMemoryVault()
  const gates = new Map<keyof Vault, Promise<void>>()
  const failing = new Set<keyof Vault>()
  const through = <T>(name: keyof Vault, work: () => Promise<T>): Promise<T> =>
    (gates.get(name) ?? Promise.resolve()).then(() =>
      failing.has(name) ? Promise.reject(new Error(`${name} failed`)) : work(),
    )
  const fitful: Vault = {
    ...vault,
    // What was asked for before is answered as it was then.
    read: () => {
      const answered = vault.read()
      return through('read', () => answered)
    },
    begin: (entry) => through('begin', () => vault.begin(entry)),
    replace: (expected, entry) => through('replace', () => vault.replace(expected, entry)),
  }
  return {
    vault: fitful,
    failing,
    /** Holds this work back; returns how to let it go on. */
    hold(name: keyof Vault): () => void {
      let open = (): void => {}
      gates.set(name, new Promise((resolve) => (open = resolve)))
      return () => {
        gates.delete(name)
        open()
      }
    },
  }
}

const login = (subject = 'alice'): NewLogin => ({
  answer: { accessToken: `access of ${subject}`, tokenType: 'Bearer', refreshToken: 'r1', expiresIn: 300 },
  subject,
  scope: 'openid',
  ceilingAt: undefined,
  profile: null,
})
const answer: TokenAnswer = { accessToken: 'new', tokenType: 'Bearer', refreshToken: 'r2', expiresIn: 300 }
const stay = new AbortController().signal

let kept: ReturnType<typeof createFitfulVault>
let announced: SiblingMessage[]
let keepers: Keeper[]

function keeperOf(tab = 'tab'): Keeper {
  const keeper = createKeeper({
    vault: kept.vault,
    siblings: {
      isReachable: true,
      announce: (message) => void announced.push(message),
      listen: () => () => {},
      close: () => {},
    },
    clock: clockAt(0),
    policy: { lead: 60_000 },
    tab,
    randomId: () => crypto.randomUUID(),
    lastActiveAt: () => undefined,
  })
  keepers.push(keeper)
  return keeper
}
function newsOf(keeper: Keeper): VaultNews[] {
  const news: VaultNews[] = []
  keeper.listen((item) => news.push(item))
  return news
}

beforeEach(() => {
  kept = createFitfulVault()
  announced = []
  keepers = []
})
afterEach(() => {
  for (const keeper of keepers) keeper.close()
})

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
    const checking = keeper.recheck(facts)
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
    await keeper.recheck(facts)
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
