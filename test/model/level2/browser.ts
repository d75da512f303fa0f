import type { LocalProvider } from '../../../idp/index.ts'
import { SessionError } from '../../../machines/errors.ts'
import type { CredentialFacts, EndReason } from '../../../machines/facts.ts'
import { joinSiblings } from '../../../services/browser/siblings.ts'
import { createSessionOn } from '../../../services/create-session.ts'
import type { SessionParts } from '../../../services/runtime.ts'
import { createNotebook } from '../../../services/credentials/notebook.ts'
import { selectFacts, type Session, type SessionOptions } from '../../../services/index.ts'
import { createSaving, type Saving } from '../../../services/metadata/saving.ts'
import { locksFor, openVault } from '../../../services/vault/open.ts'
import type { Notes } from '../../../services/vault/types.ts'
import { completeAuthorization, createCookieJar, type CookieJar } from '../../support/sign-in-by-http.ts'
import { createProfile, openTab, type Profile, type Tab } from '../../support/tab.ts'
import { createGates, type Gates } from './gates.ts'
import { freshAt } from './stage.ts'
import { waitFor } from './waiting.ts'

export const origin = 'http://127.0.0.1:4998'

const passwords = { alice: 'looking-glass', bob: 'yes-we-can' } as const
export type Person = keyof typeof passwords

/** The cookies by which a provider knows alice. */
export async function rememberAlice(provider: LocalProvider): Promise<CookieJar> {
  const jar = createCookieJar()
  const url = new URL('/authorize', provider.issuer)
  url.search = new URLSearchParams({
    client_id: provider.clientId,
    redirect_uri: `${origin}/callback`,
    response_type: 'code',
    scope: 'openid',
    state: 'remember',
    code_challenge: 'a'.repeat(43),
    code_challenge_method: 'S256',
  }).toString()
  await completeAuthorization(url, { username: 'alice', password: passwords.alice }, jar)
  return jar
}

/** What differs from one session to another; `clientId` and the like are the browser's. */
export type Options = Partial<Omit<SessionOptions, 'authority' | 'clientId' | 'redirectUri'>>

/** How another tab is opened. `locks`: those that it shares; it has its own, if none are given. */
export interface How {
  readonly options?: Options
  readonly isHeld?: (port: string) => boolean
  readonly locks?: Tab['locks']
}

export interface Another {
  readonly tab: Tab
  readonly session: Session
  readonly gates: Gates
}

/** One browser at one provider, and all that other tabs in it do. Each browser is a client of its own, so that none sees another. */
export interface Browser {
  readonly provider: LocalProvider
  readonly profile: Profile
  readonly scope: string
  /** Epoch ms. */
  readonly start: number
  /** What the clocks of all tabs say while services work: ms since the start. It goes on by itself, a little at a time. */
  readonly wall: { at: number }
  /** Of this browser, and not started. */
  session(tab: Tab, options: Options, parts?: SessionParts): Session
  /** Another tab opens the app. Its services are not held, but for profile and metadata, and what `isHeld` says. */
  another(how?: How): Promise<Another>
  /** Logs in at the address that a login leads to; the answer's address. */
  authorize(url: string, person?: Person | null): Promise<string>
  /** Logs in there, in the window or frame that shows it; nothing arrives where that fails. */
  answer(url: string, person?: Person | null): void
  /** The answer's address is opened in a window or frame of its own, which hands it over. */
  relay(callback: string): void
  /** Another tab logs in. */
  logIn(person: Person, options?: Options): Promise<void>
  /** Another tab renews, until it has a later write than this one. */
  renew(beyond: number): Promise<void>
  /** Another tab ends what is there. */
  end(reason: EndReason): Promise<void>
  /** What is kept. */
  facts(): Promise<CredentialFacts | null>
  notes(): Promise<Notes>
  /** The person deletes the data of the site. */
  wipe(): Promise<void>
  /** Another tab, as far as it keeps and saves changes of metadata. It tells of them when it is asked to. */
  readonly saving: Saving & {
    /** It has sent the first change, and the API refused. */
    refuse(subject: string): Promise<void>
    tell(): void
  }
  close(): Promise<void>
}

export const accountPorts: ReadonlySet<string> = new Set([
  'loadProfile',
  'loadMetadata',
  'saveMetadata',
  'discardPatches',
])

export function createBrowser(
  provider: LocalProvider,
  clientId: string,
  jar: CookieJar,
  common: Options,
  start: number,
): Browser {
  const profile = createProfile()
  const scope = `encrypted|${provider.issuer}|${clientId}`
  const open = new Set<Session>()
  const wall = { at: freshAt }
  const clock = { now: () => start + wall.at, chance: () => 0.5 }
  // Of its own locks: one that took this browser's other tab for dead, and has its turn.
  const tabOf = (): Tab => Object.assign(openTab({ origin, profile }), { clock, locks: createProfile().locks })
  const own = tabOf()
  const vault = openVault({ kind: 'encrypted', scope }, own)
  const siblings = joinSiblings(scope, own)
  const notebook = createNotebook(vault)
  const { locks } = locksFor({ kind: 'encrypted' }, own)
  const savingOf = (adapter: Parameters<typeof createSaving>[0]['adapter']): Saving =>
    createSaving({
      adapter,
      notes: notebook,
      locks,
      scope,
      clock,
      randomId: own.randomId,
      announce: () => {},
    })
  const saving = savingOf(() => {
    throw new Error('This tab saves nothing itself.')
  })

  const leave = async (session: Session): Promise<void> => {
    open.delete(session)
    await session.dispose()
  }
  const subjectOf = (person: Person): string =>
    provider.people.find(({ username }) => username === person)?.subject ?? person

  const browser: Browser = {
    provider,
    profile,
    scope,
    start,
    wall,
    session(tab, options, parts) {
      const session = createSessionOn(
        tab,
        {
          authority: provider.issuer,
          clientId,
          redirectUri: `${origin}/callback`,
          postLogoutRedirectUri: `${origin}/`,
          ...common,
          ...options,
        },
        parts,
      )
      open.add(session)
      return session
    },
    async another({ options = {}, isHeld = () => false, locks } = {}) {
      const tab = locks === undefined ? tabOf() : Object.assign(tabOf(), { locks })
      const gates = createGates((port) => accountPorts.has(port) || isHeld(port))
      const session = browser.session(tab, { ...options }, { actors: gates.actors })
      session.start()
      if (options.silentLogin === undefined) await session.ready
      return { tab, session, gates }
    },
    authorize: (url, person = 'alice') =>
      person === null
        ? completeAuthorization(url, { username: '', password: '' })
        : completeAuthorization(
            url,
            { username: person, password: passwords[person] },
            // A login of its own each, which no other one's end revokes: the provider has one grant for each sign-in there.
            new URL(url).searchParams.get('prompt') === 'none' ? jar : undefined,
          ),
    answer: (url, person) => void browser.authorize(url, person).then(browser.relay, () => {}),
    relay(callback) {
      const tab = tabOf()
      tab.arrive(callback)
      browser.session(tab, {}).start()
    },
    async logIn(person, options) {
      const { tab, session } = await browser.another(options === undefined ? {} : { options })
      const before = selectFacts(session.getSnapshot())?.generation
      tab.onPopup = (url) => browser.answer(url, person)
      session.send({ type: 'login', via: 'popup' })
      const facts = () => selectFacts(session.getSnapshot())
      await waitFor(
        () => session.getSnapshot().matches('active') && facts()?.generation !== before,
        `${person} to log in`,
      )
      if (facts()?.subject !== subjectOf(person)) throw new Error(`Not ${person} is logged in.`)
      await leave(session)
    },
    async renew(beyond) {
      const { session } = await browser.another()
      do await session.getAccessToken({ forceRenewal: true })
      while ((selectFacts(session.getSnapshot())?.revision ?? Infinity) <= beyond)
      await leave(session)
    },
    async end(reason) {
      await vault.end(null, reason)
      siblings.announce({ kind: 'look' })
    },
    facts: async () => (await vault.read()).entry?.facts ?? null,
    async notes() {
      const { entry } = await vault.read()
      return notebook.read(entry?.facts.subject ?? '')
    },
    async wipe() {
      profile.localStorage.clear()
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const opening = indexedDB.open('sessionchart')
        opening.addEventListener('success', () => resolve(opening.result))
        opening.addEventListener('error', () => reject(new Error('There is no database.')))
      })
      const stores = ['logins', 'notes'].filter((name) => database.objectStoreNames.contains(name))
      for (const store of stores) {
        const transaction = database.transaction(store, 'readwrite')
        transaction.objectStore(store).delete(scope)
        await new Promise((resolve) => transaction.addEventListener('complete', resolve))
      }
      database.close()
    },
    saving: {
      ...saving,
      tell: () => siblings.announce({ kind: 'notes' }),
      async refuse(subject) {
        const refusing = savingOf(() => ({
          origins: [],
          load: () => Promise.reject(new Error('Nobody loads.')),
          save: () => Promise.reject(new SessionError('metadata_refused', 'The API refuses this change.')),
        }))
        const { signal } = new AbortController()
        await refusing.saveFirst({ subject, signal } as never, signal).catch(() => {})
      },
    },
    async close() {
      await Promise.all([...open].map(leave))
      siblings.close()
      vault.close()
    },
  }
  return browser
}
