import { IDBFactory } from 'fake-indexeddb'
import 'fake-indexeddb/auto'
import { setTimeout as sleep } from 'node:timers/promises'
import { createSessionOn } from '../../services/create-session.ts'
import {
  auth0UserMetadata,
  selectAccount,
  selectProblem,
  selectStatus,
  type MetadataAdapter,
  type Session,
  type SessionOptions,
} from '../../services/index.ts'
import { createCookieJar, type CookieJar } from '../support/sign-in-by-http.ts'
import { openTab, type Tab } from '../support/tab.ts'
import { becomePage, type PageFetch, type PageRequest } from './page-fetch.ts'
import { signIn } from './person.ts'
import { app, type RunningProvider } from './types.ts'

/** What is read here of a discovery document (OpenID Connect Discovery 1.0). */
interface Discovery {
  readonly issuer: string
  readonly token_endpoint: string
  readonly jwks_uri: string
  readonly userinfo_endpoint?: string
  readonly revocation_endpoint?: string
  readonly end_session_endpoint?: string
  readonly dpop_signing_alg_values_supported?: readonly string[]
}

/** A person with a browser of their own, an app in it, and a provider to log in at. */
export interface Traveller {
  readonly clientId: string
  readonly tab: Tab
  readonly jar: CookieJar
  readonly page: PageFetch
  /** The provider's discovery document, as it is. */
  readonly discovery: Discovery
  /** The user API, and what it answered to someone without a token. */
  readonly userApi: { readonly adapter: MetadataAdapter | null; readonly said: string }
  /** What the app is told besides, from its next opening on. */
  more: Pick<SessionOptions, 'dpop'>
  /** Of the app as it is open now. */
  readonly session: Session
  /** The app is opened, or opened again. */
  open(): Promise<Session>
  /** The page goes away. */
  leave(): Promise<void>
  /** Presses "Log in" and resolves with the address that the app leaves for. */
  startLogin(): Promise<string>
  /** From pressing "Log in" to being back in the app, signed in. */
  logIn(): Promise<{ readonly askedForPassword: boolean }>
  /** Logs in unless the person is signed in. */
  beSignedIn(): Promise<Session>
  /** Requests to the token endpoint, as the page sent them. */
  tokenRequests(): readonly PageRequest[]
  /** A token of the latest answer that had one. */
  latest(token: 'access_token' | 'refresh_token' | 'id_token'): string | undefined
  /** Sends a refresh token as a stranger would. */
  spend(refreshToken: string): Promise<{ readonly status: number; readonly error: string }>
  close(): Promise<void>
}

export async function createTraveller({ options, person }: RunningProvider): Promise<Traveller> {
  const userApi = await findUserApi(options.authority)
  const discovery = (await (await fetch(`${options.authority}/.well-known/openid-configuration`)).json()) as Discovery
  // Another browser, with nothing in it.
  globalThis.indexedDB = new IDBFactory()
  const page = becomePage(app)
  const tab = openTab({ origin: app })
  const jar = createCookieJar()
  let current: Session | null = null
  const { token_endpoint: tokenEndpoint } = discovery

  const traveller: Traveller = {
    clientId: options.clientId,
    tab,
    jar,
    page,
    discovery,
    userApi,
    more: {},
    get session() {
      if (current === null) throw new Error('The app is not open')
      return current
    },
    async open() {
      await traveller.leave()
      current = createSessionOn(tab, {
        ...options,
        ...traveller.more,
        redirectUri: `${app}/callback`,
        postLogoutRedirectUri: `${app}/`,
        ...(userApi.adapter === null ? {} : { metadata: userApi.adapter }),
      })
      current.start()
      await current.ready
      return current
    },
    async leave() {
      await current?.dispose()
      current = null
    },
    async startLogin() {
      const session = await traveller.open()
      const gone = tab.visited.length
      session.send({ type: 'login', returnTo: '/orders' })
      await until(
        () => tab.visited.length > gone || selectProblem(session.getSnapshot()) !== null,
        () => 'the app did not leave for the provider',
      )
      const left = tab.visited[gone]
      if (left === undefined) throw new Error(problemOf(session))
      return left
    },
    async logIn() {
      const url = await traveller.startLogin()
      await traveller.leave()
      const { callback, askedForPassword } = await signIn(url, person, jar)
      tab.arrive(callback)
      await expectStatus(await traveller.open(), 'signedIn')
      return { askedForPassword }
    },
    async beSignedIn() {
      if (current === null || selectStatus(current.getSnapshot()) !== 'signedIn') await traveller.logIn()
      return traveller.session
    },
    tokenRequests: () => page.requests.filter(({ url }) => url === tokenEndpoint),
    latest(token) {
      const values = traveller.tokenRequests().map(({ json }) => json?.[token])
      return values.findLast((value) => typeof value === 'string')
    },
    async spend(refreshToken) {
      const response = await fetch(tokenEndpoint, {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'refresh_token',
          refresh_token: refreshToken,
          client_id: options.clientId,
        }),
      })
      const { error } = (await response.json().catch(() => ({}))) as { readonly error?: unknown }
      return { status: response.status, error: typeof error === 'string' ? error : '' }
    },
    async close() {
      await traveller.leave()
      page.restore()
    },
  }
  return traveller
}

/** Auth0's `/api/v2/users/{id}` refuses those who bring no token; where there is none, something else is answered. */
async function findUserApi(authority: string): Promise<Traveller['userApi']> {
  const { origin } = new URL(authority)
  const path = '/api/v2/users/nobody'
  const { status } = await fetch(`${origin}${path}`, { redirect: 'manual' })
  const said = `GET ${path} without a token answers ${status}`
  return { adapter: status === 401 ? auth0UserMetadata({ domain: origin }) : null, said }
}

/** Waits, and rejects with why after 15 s. */
export async function until(isSo: () => boolean, why: () => string): Promise<void> {
  const end = performance.now() + 15_000
  while (!isSo()) {
    if (performance.now() > end) throw new Error(why())
    await sleep(10)
  }
}

const problemOf = (session: Session): string => {
  const snapshot = session.getSnapshot()
  return selectProblem(snapshot)?.message ?? `the session is ${selectStatus(snapshot)}`
}

export async function expectStatus(session: Session, status: ReturnType<typeof selectStatus>): Promise<void> {
  const current = () => selectStatus(session.getSnapshot())
  await until(
    () => current() === status || selectProblem(session.getSnapshot()) !== null,
    () => problemOf(session),
  )
  if (current() !== status) throw new Error(problemOf(session))
}

export function accountOf(session: Session) {
  const account = selectAccount(session.getSnapshot())
  if (account === undefined) throw new Error('nobody is signed in')
  return account.getSnapshot()
}
