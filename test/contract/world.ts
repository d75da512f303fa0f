import { IDBFactory } from 'fake-indexeddb'
import 'fake-indexeddb/auto'
import { expect, onTestFinished } from 'vitest'
import { startLocalProvider, type LocalProvider, type LocalProviderOptions } from '../../idp/index.ts'
import { createSessionOn } from '../../services/create-session.ts'
import {
  auth0UserMetadata,
  selectAccount,
  selectMetadataStatus,
  selectProblem,
  selectProfileStatus,
  selectSignedOutReason,
  selectStatus,
  type LoginRequest,
  type MetadataAdapter,
  type Session,
  type SessionOptions,
} from '../../services/index.ts'
import { completeAuthorization, createCookieJar, type CookieJar } from '../support/sign-in-by-http.ts'
import { createProfile, openTab, type Profile, type Tab } from '../support/tab.ts'

export const origin = 'http://127.0.0.1:4999'
export const alice = { username: 'alice', password: 'looking-glass' }
export const bob = { username: 'bob', password: 'yes-we-can' }

/** `metadata: null`: no adapter. */
export type Options = Partial<Omit<SessionOptions, 'metadata'>> & { readonly metadata?: MetadataAdapter | null }

/** A provider, one browser, and what happens in it. */
export interface World {
  readonly provider: LocalProvider
  readonly profile: Profile
  /** The provider's cookies in this browser; it remembers alice by them. */
  readonly jar: CookieJar
  /** A new tab of the same browser. */
  tab(profile?: Profile): Tab
  /** The app is opened (or reloaded) in this tab. */
  open(tab: Tab, options?: Options): Session
  /** The page of this session goes away. */
  leave(session: Session): Promise<void>
  /** Logs in by redirect in this tab, from opening the app to being back in it. */
  logIn(tab: Tab, options?: Options, person?: typeof alice): Promise<Session>
  /** Whatever the next window shows, this person logs in there, and the answer arrives in a second tab. */
  answerPopups(tab: Tab, person?: typeof alice): { readonly tabs: Tab[]; readonly sessions: Session[] }
  /** Another provider in the place of this one. */
  restart(options?: Partial<LocalProviderOptions>): Promise<void>
  close(): Promise<void>
}

export async function createWorld(providerOptions: Partial<LocalProviderOptions> = {}): Promise<World> {
  // Another browser, with nothing in it.
  globalThis.indexedDB = new IDBFactory()
  const start = (more: Partial<LocalProviderOptions>): Promise<LocalProvider> =>
    startLocalProvider({ apps: [origin], faults: true, recordTokens: true, ...providerOptions, ...more })
  let provider = await start({})
  const { issuer, clientId } = provider
  const profile = createProfile()
  const sessions = new Set<Session>()
  const jar: CookieJar = createCookieJar()

  const world: World = {
    get provider() {
      return provider
    },
    profile,
    jar,
    tab: (of = profile) => openTab({ origin, profile: of }),
    open(tab, { metadata = auth0UserMetadata({ domain: issuer }), ...options } = {}) {
      const session = createSessionOn(tab, {
        authority: issuer,
        clientId,
        redirectUri: `${origin}/callback`,
        postLogoutRedirectUri: `${origin}/`,
        ...(metadata === null ? {} : { metadata }),
        ...options,
      })
      sessions.add(session)
      session.start()
      return session
    },
    async leave(session) {
      sessions.delete(session)
      await session.dispose()
    },
    async logIn(tab, options = {}, person = alice) {
      const before = world.open(tab, options)
      await before.ready
      const gone = tab.visited.length
      before.send({ type: 'login', returnTo: '/orders', ...(person === alice ? {} : { prompt: 'login' }) })
      await expect.poll(() => tab.visited.length, patience).toBe(gone + 1)
      const callback = await completeAuthorization(tab.visited[gone] ?? '', person, person === alice ? jar : undefined)
      await world.leave(before)
      tab.arrive(callback)
      const session = world.open(tab, options)
      await expectStatus(session, 'signedIn')
      return session
    },
    answerPopups(tab, person = alice) {
      const opened: { tabs: Tab[]; sessions: Session[] } = { tabs: [], sessions: [] }
      tab.onPopup = (url) => {
        void completeAuthorization(url, person).then((callback) => {
          const popup = world.tab()
          popup.arrive(callback)
          opened.tabs.push(popup)
          opened.sessions.push(world.open(popup))
        })
      }
      return opened
    },
    async restart(options = {}) {
      const port = Number(new URL(issuer).port)
      await provider.stop()
      provider = await start({ port, ...options })
    },
    async close() {
      await Promise.all([...sessions].map((session) => session.dispose()))
      await provider.stop()
    },
  }
  return world
}

export const statusOf = (session: Session) => selectStatus(session.getSnapshot())
export const reasonOf = (session: Session) => selectSignedOutReason(session.getSnapshot())
export const problemOf = (session: Session) => selectProblem(session.getSnapshot())

export const patience = { timeout: 15_000, interval: 10 }

export async function expectStatus(session: Session, status: ReturnType<typeof statusOf>): Promise<void> {
  await expect.poll(() => statusOf(session), patience).toBe(status)
}

export function accountOf(session: Session) {
  const account = selectAccount(session.getSnapshot())
  if (account === undefined) throw new Error('Nobody is signed in')
  return account.getSnapshot()
}

/** Profile and metadata have come. */
export async function expectAccount(session: Session): Promise<void> {
  await expect
    .poll(() => [selectProfileStatus(accountOf(session)), selectMetadataStatus(accountOf(session))], patience)
    .toEqual(['loaded', 'ready'])
}

/** Answers of the network are as `change` makes them, until the test ends. */
export function interfere(change: (response: Response, url: string) => Promise<Response> | Response): void {
  const { fetch } = globalThis
  onTestFinished(() => {
    globalThis.fetch = fetch
  })
  globalThis.fetch = async (input, init) => {
    const response = await fetch(input, init)
    return change(response, input instanceof Request ? input.url : String(input))
  }
}

export const renewalsAt = (provider: LocalProvider): number =>
  provider.requests.count({ endpoint: 'token', grantType: 'refresh_token' })

/** Spends a refresh token as a stranger would. */
export async function spend(provider: LocalProvider, refreshToken: string): Promise<Response> {
  const discovered = await fetch(`${provider.issuer}/.well-known/openid-configuration`)
  const { token_endpoint: endpoint } = (await discovered.json()) as { readonly token_endpoint: string }
  return fetch(endpoint, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'refresh_token',
      refresh_token: refreshToken,
      client_id: provider.clientId,
    }),
  })
}

export const issuedTo = (provider: LocalProvider, kind: 'access_token' | 'refresh_token' | 'id_token'): string[] =>
  provider
    .issuedTokens()
    .filter((token) => token.kind === kind)
    .map(({ value }) => value)

/** Everything that is kept in the browser, as text. Keys and ciphertext are named by their type. */
export async function keptText(tab: Tab): Promise<string> {
  const storages = [tab.localStorage, tab.sessionStorage].map((storage) =>
    Array.from({ length: storage?.length ?? 0 }, (_, index) => {
      const key = storage?.key(index) ?? ''
      return [key, storage?.getItem(key)]
    }),
  )
  const databases = await Promise.all(
    (await indexedDB.databases()).map(async ({ name = '' }) => {
      const database = await openRaw(name)
      const stores = [...database.objectStoreNames]
      const rows = await Promise.all(
        stores.map((store) => request(database.transaction(store).objectStore(store).getAll())),
      )
      database.close()
      return rows
    }),
  )
  return JSON.stringify([storages, databases], (_, value: unknown) =>
    value instanceof ArrayBuffer || ArrayBuffer.isView(value) ? bytesAsText(value) : value,
  )
}

function bytesAsText(value: ArrayBuffer | ArrayBufferView): string {
  return Buffer.from(value instanceof ArrayBuffer ? value : value.buffer).toString('latin1')
}

export function request<T>(asked: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    asked.addEventListener('success', () => resolve(asked.result))
    asked.addEventListener('error', () => reject(asked.error ?? new Error('IndexedDB failed')))
  })
}

export const openRaw = (name = 'sessionchart'): Promise<IDBDatabase> => request(indexedDB.open(name))

/** Changes every record of a store of the vault's database, as a stranger would. */
export async function meddle(store: 'logins' | 'notes' | 'keys', change: (record: unknown) => unknown): Promise<void> {
  const database = await openRaw()
  const records = database.transaction(store, 'readwrite').objectStore(store)
  for (const key of await request(records.getAllKeys())) {
    const changed = change(await request(records.get(key)))
    if (changed === undefined) records.delete(key)
    else records.put(changed, key)
  }
  await new Promise((resolve) => records.transaction.addEventListener('complete', resolve))
  database.close()
}

/** A login that fails here, before anyone leaves. */
export async function failedLogin(world: World, request: LoginRequest, options: Options = {}, tab = world.tab()) {
  const session = world.open(tab, options)
  await session.ready
  session.send({ type: 'login', ...request })
  await expect.poll(() => problemOf(session)?.code, patience).toBeDefined()
  await expectStatus(session, 'signedOut')
  return session
}
