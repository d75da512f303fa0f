import type { AccountRequest } from '../../machines/account/types.ts'
import type { SessionErrorCode } from '../../machines/errors.ts'
import type { CredentialFacts, EndReason, FoundSession } from '../../machines/facts.ts'
import type { SessionRequest } from '../../machines/session/types.ts'
import type { AskingPort, ListeningPort, News, PortOutput } from './ports.ts'
import { renewedFacts, someFacts } from './samples.ts'
import type { scriptedSession } from './scripted.ts'
import type { Step } from './steps.ts'

/** Something that could happen next, and what it is called. */
export interface Offer {
  readonly words: string
  readonly step: Step
}

/** What could happen next to a scripted session. */
export interface Offers {
  /** What people and the app can ask for; `isTaken`: the chart would do something about it now. */
  readonly requests: readonly (Offer & { readonly isTaken: boolean })[]
  /** Services that wait, and what may come of each: answers first, then every failure that the charts tell apart. */
  readonly outcomes: readonly { readonly port: AskingPort; readonly offers: readonly Offer[] }[]
  /** Services that listen, and what each may hear. */
  readonly news: readonly { readonly port: ListeningPort; readonly offers: readonly Offer[] }[]
  /** Until the next timer ends, ms; `null`: none runs. */
  readonly nextWait: number | null
}

/** What samples are made of: the time, and what the chart knows. */
interface Around {
  /** Epoch ms. */
  readonly now: number
  /** Of the session; where there is none, of the one that a login would bring. */
  readonly facts: CredentialFacts
}

type Answers = { readonly [TPort in AskingPort]: (around: Around) => readonly (readonly [string, PortOutput<TPort>])[] }

const login = ({ now, facts }: Around, changes: Partial<CredentialFacts> = {}): FoundSession => ({
  facts: { ...someFacts({ generation: nextGeneration(facts) }), ...lifetime(now), ...changes },
  profile: { sub: 'alice', name: 'Alice' },
  lastActiveAt: now,
})
/** Five minutes, renewed after four, as of now. */
const lifetime = (now: number) => ({ storedAt: now, renewAt: now + 240_000, expiresAt: now + 300_000 })
const bob = { subject: 'bob', generation: 'login-of-bob' } as const
const nextGeneration = ({ generation }: CredentialFacts): string =>
  `login-${Number(/^login-(\d+)$/.exec(generation)?.[1] ?? 0) + 1}`
const kept = ({ now, facts }: Around, ago: number): FoundSession => ({
  facts: { ...facts, ...lifetime(now - ago) },
  profile: { sub: facts.subject, name: nameOf(facts) },
  lastActiveAt: now,
})
const nameOf = ({ subject }: CredentialFacts): string => (subject === 'bob' ? 'Bob' : 'Alice')
const newer = ({ facts, now }: Around) => ({ ...renewedFacts(facts, now), ...lifetime(now) })
const verdict = { code: 'invalid_grant', message: 'The provider refused to renew the session.' } as const
const done = [['is done', undefined]] as const

const answers: Answers = {
  restoreSession: (around) => [
    ['finds nobody', { outcome: 'empty', reason: 'never' }],
    ['finds a session that is still good', { outcome: 'found', ...kept(around, 60_000) }],
    ['finds a session whose access token has expired', { outcome: 'found', ...kept(around, 3_600_000) }],
    ['finds the answer to a login in the address', { outcome: 'loginResponse' }],
    ['finds the answer to a login that another window waits for', { outcome: 'relay' }],
    ['finds that the person logged out before', { outcome: 'empty', reason: 'logout' }],
  ],
  loginInFrame: (around) => [['the person is signed in there', login(around)]],
  redirectSilently: () => done,
  redirectToLogin: () => [['is on its way', undefined]],
  loginInPopup: (around) => [
    ['Alice has logged in', login(around)],
    ['Bob has logged in', { ...login(around, bob), profile: { sub: 'bob', name: 'Bob' } }],
  ],
  completeLogin: (around) => [['Alice is confirmed', login(around)]],
  relayLoginResponse: () => done,
  stepUpInPopup: (around) => [['Alice has authenticated again', login(around, { acr: 'mfa' })]],
  saveCredentials: (around) => [
    ['are written at last', { outcome: 'stored', facts: around.facts }],
    ['another login is kept by now', { outcome: 'discarded' }],
  ],
  clearCredentials: () => done,
  revokeTokens: () => [
    ['the refresh token is revoked', 'done'],
    ['the provider cannot revoke', 'unsupported'],
  ],
  leaveProvider: () => [
    ['is on its way', 'done'],
    ['the provider has no logout page', 'unsupported'],
  ],
  recheckVault: (around) => [
    ['nobody was faster', { outcome: 'same' }],
    ['another tab was faster', { outcome: 'adopted', facts: newer(around) }],
    ['the session is gone', { outcome: 'discarded' }],
  ],
  requestTokens: () => [['the provider sends new tokens', undefined]],
  confirmVerdict: () => [
    ['it was about this session', { outcome: 'rejected', problem: verdict }],
    ['another login is kept by now', { outcome: 'discarded' }],
  ],
  commitTokens: (around) => [
    ['are written', { outcome: 'renewed', facts: newer(around) }],
    ['work, but cannot be written', { outcome: 'unsaved', facts: newer(around) }],
    ['the session is gone', { outcome: 'discarded' }],
  ],
  loadProfile: ({ facts }) => [['is here', { sub: facts.subject, name: nameOf(facts) }]],
  loadMetadata: () => [
    ['are here', { metadata: { city: 'Ghent' }, pending: [], writable: true }],
    ['are here, and cannot be changed', { metadata: { city: 'Ghent' }, pending: [], writable: false }],
  ],
  saveMetadata: () => [['is saved', { metadata: { city: 'Bruges' }, pending: [] }]],
  discardPatches: () => done,
}

/** Of each service, one code for each way in which the charts go on after a failure. */
const failures: Readonly<Record<AskingPort, readonly SessionErrorCode[]>> = {
  restoreSession: ['vault_unavailable'],
  loginInFrame: ['login_required', 'network'],
  redirectSilently: ['login_required', 'network'],
  redirectToLogin: ['network'],
  loginInPopup: ['popup_closed', 'popup_blocked', 'login_denied'],
  completeLogin: ['unknown_response', 'login_required', 'invalid_grant'],
  relayLoginResponse: ['unknown_response'],
  stepUpInPopup: ['popup_closed', 'authentication_too_weak'],
  saveCredentials: ['store_failed'],
  clearCredentials: ['vault_unavailable'],
  revokeTokens: ['network'],
  leaveProvider: ['network'],
  recheckVault: ['vault_unavailable'],
  requestTokens: ['offline', 'provider_unavailable', 'network', 'invalid_grant', 'login_required', 'invalid_client'],
  confirmVerdict: ['vault_unavailable'],
  commitTokens: ['vault_unavailable'],
  loadProfile: ['network', 'subject_mismatch'],
  loadMetadata: ['network', 'invalid_response'],
  saveMetadata: ['network', 'metadata_refused'],
  discardPatches: ['vault_unavailable'],
}

const tell = <TPort extends ListeningPort>(port: TPort, news: News[TPort]): Step =>
  // A port and its news come together in `Step`; the compiler cannot follow a pair of unions.
  ({ do: 'say', port, news }) as Step
const ended = ({ facts: { generation } }: Around, reason: EndReason): Step =>
  tell('watchSiblings', { type: 'sibling.ended', generation, reason })

const heard: Readonly<Record<ListeningPort, (around: Around) => readonly (readonly [string, Step])[]>> = {
  watchSiblings: (around) => [
    ['Alice has logged in in another tab', tell('watchSiblings', { type: 'sibling.loggedIn', ...login(around) })],
    ['Bob has logged in in another tab', tell('watchSiblings', { type: 'sibling.loggedIn', ...login(around, bob) })],
    ['another tab has renewed', tell('watchSiblings', { type: 'sibling.renewed', facts: newer(around) })],
    ['the person has logged out in another tab', ended(around, 'logout')],
    ['the provider has ended it in another tab', ended(around, 'revoked')],
  ],
  watchPage: () => [
    ['the person is back at this page', tell('watchPage', { type: 'page.resumed' })],
    ['the page comes back by the back button', tell('watchPage', { type: 'page.restored' })],
  ],
  watchActivity: ({ now }) => [['the person moves', tell('watchActivity', { type: 'person.active', at: now })]],
  watchConditions: (around) => [
    ['the network is back', tell('watchConditions', { type: 'network.online' })],
    ['another tab has renewed', tell('watchConditions', { type: 'sibling.renewed', facts: newer(around) })],
  ],
  holdTurn: () => [
    ['it is this tab’s turn', tell('holdTurn', { type: 'turn.granted' })],
    ['there is no turn to be had', tell('holdTurn', { type: 'turn.refused' })],
  ],
}

const requests: readonly (readonly [string, (around: Around) => SessionRequest])[] = [
  ['Log in on the provider’s page', () => ({ type: 'login' })],
  ['Log in in a window', () => ({ type: 'login', via: 'popup' })],
  ['Give the login up', () => ({ type: 'login.cancel' })],
  ['Authenticate again', () => ({ type: 'stepUp', via: 'popup', acrValues: 'mfa' })],
  ['Give that up', () => ({ type: 'stepUp.cancel' })],
  ['Log out', () => ({ type: 'logout' })],
  ['Log out at the provider, too', () => ({ type: 'logout', from: 'provider' })],
  ['Try the renewal now', () => ({ type: 'renewal.retry' })],
  ['The app needs a fresh token', () => ({ type: 'token.required' })],
  ['A server refuses the token', ({ facts }) => ({ type: 'token.refused', revision: facts.revision })],
  ['Move the mouse', ({ now }) => ({ type: 'person.active', at: now })],
  ['Change the city to Bruges', () => ({ type: 'metadata.patch', patch: { city: 'Bruges' } })],
  ['Try saving now', () => ({ type: 'metadata.retry' })],
  ['Discard the change', () => ({ type: 'metadata.discard' })],
  ['Take note of changes elsewhere', () => ({ type: 'metadata.acknowledge' })],
  ['Load the details afresh', () => ({ type: 'metadata.reload' })],
  ['Load the profile afresh', () => ({ type: 'profile.reload' })],
]

/** What could happen next to a session, with samples of everything that it takes. */
export function offersOf({ actor, script, clock, waits }: ReturnType<typeof scriptedSession>): Offers {
  const around: Around = { now: clock.now(), facts: actor.getSnapshot().context.facts ?? someFacts() }
  const open = (wanted: 'waiting' | 'listening') => [
    ...new Set(
      script
        .calls()
        .filter(({ state }) => state === wanted)
        .map(({ port }) => port),
    ),
  ]
  return {
    requests: requests.map(([words, eventOf]) => {
      const event = eventOf(around)
      return { words, step: { do: 'send', event }, isTaken: isTaken(actor, event) }
    }),
    // What waits was asked, and what listens listens.
    outcomes: (open('waiting') as AskingPort[]).map((port) => ({ port, offers: outcomesOf(port, around) })),
    news: (open('listening') as ListeningPort[]).map((port) => ({
      port,
      offers: heard[port](around).map(([words, step]) => ({ words, step })),
    })),
    nextWait: waits()[0] ?? null,
  }
}

const outcomesOf = (port: AskingPort, around: Around): readonly Offer[] => [
  ...answers[port](around).map(([words, output]) => ({
    words,
    step: { do: 'settle', port, ...(output !== undefined && { output }) } as Step,
  })),
  ...failures[port].map((code): Offer => ({ words: `fails: ${code}`, step: { do: 'fail', port, code } })),
]

/** What the session hands on to a chart that it invokes has to be taken there as well. */
function isTaken(actor: ReturnType<typeof scriptedSession>['actor'], event: SessionRequest): boolean {
  const snapshot = actor.getSnapshot()
  if (!snapshot.can(event)) return false
  const { account, renewal } = snapshot.children
  if (event.type === 'renewal.retry') return renewal?.getSnapshot().can(event) ?? false
  if (isForAccount(event)) return account?.getSnapshot().can(event) ?? false
  return true
}
const isForAccount = (event: SessionRequest): event is AccountRequest => /^(profile|metadata)\./.test(event.type)
