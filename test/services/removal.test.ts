import { afterEach, beforeEach, expect, test } from 'vitest'
import type { TokenAnswer } from '../../services/credentials/facts.ts'
import { createKeeper } from '../../services/credentials/keeper.ts'
import type { Keeper, NewLogin } from '../../services/credentials/types.ts'
import { createMemoryVault } from '../../services/vault/memory.ts'
import type { Vault } from '../../services/vault/types.ts'
import { clockAt } from './samples.ts'

const answer: TokenAnswer = { accessToken: 'access', tokenType: 'Bearer', refreshToken: 'refresh', expiresIn: 300 }
const login: NewLogin = { answer, subject: 'alice', scope: 'openid', ceilingAt: undefined, profile: null }
const stay = new AbortController().signal

/** Of two tabs. */
let vault: Vault
let keepers: Keeper[]

function keeperOf(of: Vault = vault): Keeper {
  const keeper = createKeeper({
    vault: of,
    siblings: { isReachable: true, announce: () => {}, listen: () => () => {}, close: () => {} },
    clock: clockAt(0),
    policy: { lead: 60_000 },
    tab: 'tab',
    randomId: () => crypto.randomUUID(),
    lastActiveAt: () => undefined,
  })
  keepers.push(keeper)
  return keeper
}

beforeEach(() => {
  vault = createMemoryVault()
  keepers = []
})
afterEach(() => {
  for (const keeper of keepers) keeper.close()
})

test('P17 an end gives what another tab has renewed meanwhile to be revoked, not what that replaced', async () => {
  const [keeper, elsewhere] = [keeperOf(), keeperOf()]
  const { facts } = await keeper.begin(login)
  await elsewhere.open(stay)
  await elsewhere.commit(facts, { ...answer, refreshToken: 'renewed' })
  await keeper.end(null, 'logout')
  expect(keeper.removal.entry()?.tokens.refreshToken).toBe('renewed')
})

test('P17 what could not be written yet is later than what the vault held', async () => {
  const failing: Vault = { ...vault, replace: () => Promise.reject(new Error('full')) }
  const keeper = keeperOf(failing)
  const { facts } = await keeper.begin(login)
  expect(await keeper.commit(facts, { ...answer, refreshToken: 'renewed' })).toMatchObject({ outcome: 'unsaved' })
  await keeper.end(null, 'logout')
  expect(keeper.removal.entry()?.tokens.refreshToken).toBe('renewed')
})

test('P17 an end for another reason than a logout leaves the login of another tab alone, at the provider too', async () => {
  const [keeper, elsewhere] = [keeperOf(), keeperOf()]
  const { facts } = await keeper.begin(login)
  const newer = await elsewhere.begin(login)
  await keeper.end(facts.generation, 'expired')
  expect(keeper.removal.entry()).toBeNull()
  expect((await vault.read()).entry?.facts.generation).toBe(newer.facts.generation)
})

test('P17 a tab that knew of nothing has what it removed', async () => {
  const { facts } = await keeperOf().begin(login)
  const blind = keeperOf()
  await blind.end(null, 'logout')
  expect(blind.removal.entry()?.facts.generation).toBe(facts.generation)
})

test('P12 what is known counts where the vault does not answer, and nothing comes back after it was forgotten', async () => {
  let goOn = (): void => {}
  const slow = new Promise<void>((resolve) => (goOn = resolve))
  const keeper = keeperOf({ ...vault, end: (...asked) => slow.then(() => vault.end(...asked)) })
  const { facts } = await keeper.begin(login)
  const ending = keeper.end(null, 'logout')
  expect(keeper.removal.entry()?.facts.generation).toBe(facts.generation)
  keeper.removal.forget()
  goOn()
  await ending
  expect(keeper.removal.entry()).toBeNull()
})

test('P12 an end by a mark is heard of though the database does not answer', async () => {
  const keeper = keeperOf({ ...vault, read: () => new Promise(() => {}) })
  const { facts } = await keeper.begin(login)
  const heard: unknown[] = []
  keeper.listen((news) => heard.push(news))
  await keeperOf().end(facts.generation, 'logout')
  await keeper.look()
  expect(heard).toEqual([{ type: 'sibling.ended', generation: facts.generation, reason: 'logout' }])
  expect(keeper.current()).toBeNull()
})
