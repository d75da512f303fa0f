import { beforeAll, describe, expect, it } from 'vitest'
import { compile, compileNatively, type Said } from './programs.ts'

/** What compiles, and says so of its types. */
const right: Readonly<Record<string, string>> = {
  'options, as few as can be': `void createSession(needed)`,
  'options, many': `void createSession({ ...needed, vault: 'memory', dpop: true, renewal: { lead: 60_000 }, silentLogin: 'iframe', logoutPage: 'auth0' })`,
  'events with what belongs to them': `
session.send({ type: 'login', via: 'popup', returnTo: '/orders', acrValues: 'mfa' })
session.send({ type: 'logout', from: 'provider' })
session.send({ type: 'metadata.patch', patch: { colour: null } })`,
  'facts, by their names': `
session.on('session.ended', ({ reason }) => same<typeof reason, Extract<SessionFact, { type: 'session.ended' }>['reason']>(true))
session.on('login.completed', ({ returnTo }) => same<typeof returnTo, string | undefined>(true))`,
  'a token': `
const token = session.getAccessToken({ minTtl: 30_000, signal: AbortSignal.timeout(1) })
same<typeof token, Promise<string>>(true)
const asked = useAccessToken()()
same<typeof asked, Promise<string>>(true)`,
  'codes of errors': `
if (error instanceof SessionError) same<typeof error.code, SessionErrorCode>(true)
void (error instanceof SessionError && error.code === 'no_credentials')`,
  'the status tells what else there is': `
const state = useSession()
same<typeof state.status, 'restoring' | 'signedOut' | 'signingIn' | 'signedIn' | 'reconnecting' | 'signingOut'>(true)
if (state.status === 'signedIn') same<typeof state.subject, string>(true)
if (state.status === 'signedOut') void state.problem?.code`,
  'metadata, as the schema has it': `
const { metadata, patch } = useUserMetadata(schema)
same<typeof metadata, { colour: string } | null>(true)
patch({ colour: 'green' })
patch({ colour: null })`,
  'metadata, as the schema makes something else of it: shown as that, and changed as it is kept': `
const { metadata, patch } = useUserMetadata(z.object({ born: z.string().transform((text) => new Date(text)), theme: z.string().default('light') }))
same<typeof metadata, { born: Date; theme: string } | null>(true)
patch({ born: '1865-11-26' })
patch({ theme: null })`,
  'metadata, by a schema that was written by hand': `
declare const byHand: { readonly '~standard': { readonly version: 1; readonly vendor: 'app'; validate(value: unknown): { readonly value: { colour: string } } } }
const { metadata, patch } = useUserMetadata(byHand)
same<typeof metadata, { colour: string } | null>(true)
patch({ colour: 'green' })`,
  'contents of the gate, each with its state': `
void (
  <SessionGate
    signedOut={({ login, problem }) => <button onClick={() => login({ via: 'popup' })}>{problem?.message}</button>}
    signingIn={({ step }) => step}
  >
    {({ subject }) => subject}
  </SessionGate>
)`,
  'the session in a machine of one’s own, its facts as events': `
const app = setup({ types: { events: {} as SessionFact }, actors: { session: sessionMachine } }).createMachine({
  on: { 'session.ended': { actions: ({ event }) => void (event.reason === 'expired') } },
})
void createActor(app)`,
  'the session on its services in such a machine: no input, tokens, single services replaced': `
const logic = createSessionLogic({ ...needed, vault: 'memory' })
const app = setup({
  types: { events: {} as SessionFact | { type: 'leave' } },
  actors: { session: logic.provide({ actors: { redirectToLogin: fromPromise(() => Promise.resolve()) } }) },
}).createMachine({
  invoke: { src: 'session', id: 'session' },
  on: {
    'session.ended': { actions: ({ event }) => same<typeof event.reason, Extract<SessionFact, { type: 'session.ended' }>['reason']>(true) },
    leave: { actions: sendTo('session', { type: 'logout', from: 'provider' }) },
  },
})
const child = createActor(app).getSnapshot().children.session
if (child !== undefined) {
  same<ReturnType<typeof sessionFrom>, Session>(true)
  void sessionFrom(child).fetch('/api')
  const token = accessTokenFrom(child, { minTtl: 1 })
  same<typeof token, Promise<string>>(true)
}
void createActor(logic)`,
}

/** What does not compile, and what the developer reads: the wrong word, and what is possible or meant. */
const wrong: Readonly<Record<string, readonly [program: string, ...words: string[]]>> = {
  'an event': [`session.send({ type: 'logins' })`, `'"logins"'`, `"logout"`, `Did you mean '"login"'?`],
  'a way of logging in': [`session.send({ type: 'login', via: 'window' })`, `'"window"'`, `"redirect"`, `"popup"`],
  'a property of an event': [`session.send({ type: 'login', returnUrl: '/x' })`, `'returnUrl'`, `LoginRequest`],
  'an option': [`void createSession({ ...needed, scopes: 'openid' })`, `'scopes'`, `'SessionOptions'`, `'scope'?`],
  'an option left out': [
    `void createSession({ authority: 'a', clientId: 'b' })`,
    `Property 'redirectUri' is missing`,
    `'SessionOptions'`,
  ],
  'a vault': [
    `void createSession({ ...needed, vault: 'cookie' })`,
    `'"cookie"'`,
    `"encrypted"`,
    `"local"`,
    `"session"`,
    `"memory"`,
    `CredentialStore`,
  ],
  'an option of the session within a machine, which is not its': [
    `void createSessionLogic({ ...needed, inspect: () => {} })`,
    `'inspect'`,
    `'SessionLogicOptions'`,
  ],
  'a fact': [`void session.on('session.end', () => {})`, `'"session.end"'`, `"metadata.loaded"`],
  'a reason': [
    `void session.on('session.ended', ({ reason }) => void (reason === 'expire'))`,
    `'EndReason'`,
    `'"expire"'`,
  ],
  'a code': [
    `if (error instanceof SessionError) void (error.code === 'no_token')`,
    `'SessionErrorCode'`,
    `'"no_token"'`,
  ],
  'how a token is asked for': [
    `void session.getAccessToken({ minTTL: 5 })`,
    `'minTTL'`,
    `'AccessTokenOptions'`,
    `'minTtl'?`,
  ],
  'a status': [`void (useSession().status === 'loggedIn')`, `"signedIn"`, `'"loggedIn"'`],
  'what only someone signed in has': [`void useSession().subject`, `'subject'`, `status: "restoring"`],
  'what the gate is given': [`void (<SessionGate loading="…" />)`, `'loading'`, `SessionGateProps`],
  'what the gate’s content is given': [
    `void (<SessionGate signedOut={({ subject }) => subject} />)`,
    `'subject'`,
    `status: "signedOut"`,
  ],
  'a schema': [`void useUserMetadata({ parse: () => 1 })`, `'parse'`, `'StandardSchemaV1<unknown, unknown>'`],
  'a value the schema does not have': [`useUserMetadata(schema).patch({ colour: 5 })`, `'number'`, `'string'`],
  'a time as text': [`void createSession({ ...needed, idleTimeout: '15m' })`, `'string'`, `'number'`],
  'scopes as a list': [`void createSession({ ...needed, scope: ['openid'] })`, `'string[]'`, `'string'`],
  'what the renewal is set by': [`void createSession({ ...needed, renewal: 60_000 })`, `'number'`, `lead?: number`],
  'what another person’s login does': [
    `void createSession({ ...needed, onSubjectChange: 'ignore' })`,
    `'"ignore"'`,
    `"end"`,
    `"follow"`,
  ],
  'a silent login': [`void createSession({ ...needed, silentLogin: true })`, `'true'`, `"iframe"`, `"redirect"`],
  'a logout page as text': [
    `void createSession({ ...needed, logoutPage: 'https://id.example/logout' })`,
    `"auth0"`,
    `URL`,
  ],
  'a store that lacks something': [
    `void createSession({ ...needed, vault: { getItem: () => null, setItem: () => {} } })`,
    `'removeItem'`,
    `'CredentialStore'`,
  ],
  'an adapter by its name': [`void createSession({ ...needed, metadata: 'auth0' })`, `'MetadataAdapter'`],
  'an adapter that was not made': [
    `void createSession({ ...needed, metadata: auth0UserMetadata })`,
    `Auth0UserMetadataOptions) => MetadataAdapter`,
    `'MetadataAdapter'`,
  ],
  'an option of an adapter': [`void auth0UserMetadata({ tenant: 'x' })`, `'tenant'`, `'Auth0UserMetadataOptions'`],
  'an event that is a word': [`session.send('logout')`, `'string'`, `'SessionRequest'`],
  'an event without what belongs to it': [`session.send({ type: 'metadata.patch' })`, `Property 'patch' is missing`],
  'where a logout ends': [
    `session.send({ type: 'logout', from: 'everywhere' })`,
    `'"everywhere"'`,
    `"app"`,
    `"provider"`,
  ],
  'a property of a fact': [
    `void session.on('session.ended', ({ code }) => code)`,
    `'code'`,
    `reason: EndReason`,
    `problem?: Problem`,
  ],
  'a fact for a component': [`useSessionFact('ended', () => {})`, `'"ended"'`, `"metadata.loaded"`],
  'a code in a switch': [
    `if (error instanceof SessionError) switch (error.code) { case 'no_network': void 0 }`,
    `'"no_network"'`,
    `'SessionErrorCode'`,
  ],
  'a switch that forgets reasons': [
    `void session.on('session.ended', ({ reason }) => {
  if (reason === 'logout' || reason === 'idle' || reason === 'ceiling') return
  const never: never = reason
  void never
})`,
    `"expired"`,
    `"subject_changed"`,
    `'never'`,
  ],
  'a lifetime that is called otherwise': [`void session.getAccessToken({ ttl: 5 })`, `'ttl'`, `'AccessTokenOptions'`],
  'a token that is not waited for': [
    `const token: string = session.getAccessToken(); void token`,
    `'Promise<string>'`,
    `'string'`,
  ],
  'a token that is not asked for': [
    `const token: string = useAccessToken(); void token`,
    `Promise<string>'`,
    `'string'`,
  ],
  'a profile that is not there yet': [`void useProfile().profile.name`, `possibly 'null'`],
  'what hooks of others have': [
    `const { isAuthenticated } = useSession(); void isAuthenticated`,
    `'isAuthenticated'`,
    `'SessionState & SessionCommands'`,
  ],
  'a login as the handler of a click': [
    `void (<button onClick={useSession().login} />)`,
    `MouseEvent`,
    `'LoginRequest'`,
  ],
  'a key the schema does not have': [
    `useUserMetadata(schema).patch({ color: 'red' })`,
    `'color'`,
    `PatchOf<{ colour: string; }>`,
    `'colour'?`,
  ],
  'a value as the schema makes it': [
    `useUserMetadata(z.object({ born: z.string().transform((text) => new Date(text)) })).patch({ born: new Date() })`,
    `'Date'`,
    `'string'`,
  ],
  'options where a session is given': [`void (<SessionProvider session={needed} />)`, `'Session'`, `actor`, `ready`],
  'a login window that nobody clicks for': [
    `void (<SessionGate login={{ via: 'popup' }} />)`,
    `'"popup"'`,
    `'"redirect"'`,
  ],
  'a selector that is given a session': [`void selectStatus(session)`, `'Session'`, `'SessionSnapshotLike'`, `hasTag`],
  'a selector that is given an actor': [`void selectStatus(session.actor)`, `'SessionActor'`, `'SessionSnapshotLike'`],
  'a session where its actor is needed': [`void accessTokenFrom(session)`, `'Session'`, `'SessionActor'`],
  'a child that may be none': [
    `
const app = setup({ actors: { session: createSessionLogic(needed) } }).createMachine({ invoke: { src: 'session', id: 'session' } })
void sessionFrom(createActor(app).getSnapshot().children.session)`,
    `'undefined'`,
    `'SessionActor'`,
  ],
  'a fact in a machine of one’s own': [
    `
void setup({ types: { events: {} as SessionFact }, actors: { session: createSessionLogic(needed) } }).createMachine({
  invoke: { src: 'session', id: 'session' },
  on: { 'session.end': {} },
})`,
    `'session.end'`,
    `SessionFact`,
    `logic: SessionLogic`,
  ],
  'a token where none is': [`void session.getSnapshot().context.accessToken`, `'accessToken'`, `'SessionContext'`],
  'a tag': [`void session.getSnapshot().hasTag('loggedIn')`, `'"loggedIn"'`, `'SessionTag'`],
  'a question to the chart': [`void useCan({ type: 'refresh' })`, `'"refresh"'`, `"login.cancel"`],
}

/** What fits under a finger in an editor; types of XState would go on for pages. */
const mostCharacters = 420

describe.each([
  ['6', compile],
  ['7', compileNatively],
] as const)('what an editor says with TypeScript %s', (_, compileAll) => {
  let said: Said
  beforeAll(async () => {
    const wrongs = Object.entries(wrong).map(([name, [program]]) => [`wrong: ${name}`, program] as const)
    said = await compileAll({ ...right, ...Object.fromEntries(wrongs) })
  }, 120_000)

  it.each(Object.keys(right))('nothing of %s', (name) => expect(said.get(name)).toEqual([]))

  it.each(Object.entries(wrong))('what is wrong with %s, and what it may be', (name, [, ...words]) => {
    const [message = 'nothing', ...more] = said.get(`wrong: ${name}`) ?? []
    expect(more).toEqual([])
    for (const word of words) expect(message).toContain(word)
    expect(message.length).toBeLessThan(mostCharacters)
  })
})
