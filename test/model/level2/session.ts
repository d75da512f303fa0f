import type { RenewalOutcome } from '../../../machines/renewal/types.ts'
import type { RestoreOutcome, SessionContext, SessionEvent } from '../../../machines/session/types.ts'
import type { SessionError } from '../../../machines/errors.ts'
import type { CredentialFacts, EndReason } from '../../../machines/facts.ts'
import { testNow } from '../../../services/memory/index.ts'
import { selectFacts } from '../../../services/index.ts'
import { cancelAuthorization } from '../../support/sign-in-by-http.ts'
import { accountEvents } from './account-in-session.ts'
import type { Person } from './browser.ts'
import type { Forces } from './driver.ts'
import type { Play } from './types.ts'
import { keep, personOf } from './keeping.ts'
import { sessionProofs } from './proofs.ts'
import { waitFor } from './waiting.ts'

type OfType<TType extends SessionEvent['type']> = Extract<SessionEvent, { readonly type: TType }>

const refusedLogin = (error: string) =>
  ({ endpoint: 'token', grantType: 'authorization_code', kind: 'status', status: 400, body: 'oauth', error }) as const

/** This page comes back from the provider with an answer; or it is the window in which one arrives. */
async function arrive(play: Play, kind: 'plain' | 'silent' | 'relay'): Promise<void> {
  const { browser, stage } = play
  // A vault of its own: what becomes of that login is not this tab's.
  const other = await browser.another({
    options: { vault: 'memory', ...(kind === 'silent' ? { silentLogin: 'redirect' } : {}) },
  })
  let url: string | undefined
  if (kind === 'relay') {
    other.tab.onPopup = (opened) => (url = opened)
    other.session.send({ type: 'login', via: 'popup' })
  } else if (kind === 'plain') other.session.send({ type: 'login', returnTo: '/orders' })
  await waitFor(() => (url ?? other.tab.visited.at(-1)) !== undefined, 'another tab to leave for the provider')
  stage.arrive(await browser.authorize(url ?? other.tab.visited.at(-1) ?? ''))
  if (kind === 'relay') play.opener = other
  else await other.session.dispose()
}

/** A window or frame in which the person, if it is one, logs in. */
const answerWindows =
  (person: Person | null) =>
  ({ stage, browser }: Play): void => {
    const answer = (url: string): void => browser.answer(url, person)
    stage.onPopup = answer
    stage.onFrame = answer
  }

/** What the renewal within the session comes to, its real services one after the other. */
async function finishRenewal(play: Play, result: RenewalOutcome, at: () => void): Promise<void> {
  const { gates, browser, provider, session } = play
  const last = async (port: string): Promise<void> => {
    const visit = await gates.visit(port)
    visit.start()
    await waitFor(() => visit.answer() !== undefined, `${port} to answer`)
    at()
    visit.deliver()
  }
  play.refuse(null)
  await gates.pass('holdTurn')
  await gates.visit('recheckVault')
  if (result.outcome === 'adopted') await browser.renew(selectFacts(session.getSnapshot())?.revision ?? 0)
  if (result.outcome === 'discarded') await browser.end('logout')
  if (result.outcome === 'adopted' || result.outcome === 'discarded') return last('recheckVault')
  await gates.pass('recheckVault')
  if (result.outcome === 'rejected') provider.faults.add({ endpoint: 'token', kind: 'invalid_grant' })
  await gates.pass('requestTokens')
  if (result.outcome === 'rejected') return last('confirmVerdict')
  if (result.outcome === 'unsaved') play.refuse('writing')
  await last('commitTokens')
}

export const sessionForces: Forces = {
  done: {
    async restoreSession(play: Play, restored: RestoreOutcome) {
      play.refuse(null)
      if (restored.outcome === 'found') await keep(play, restored.facts)
      else if (restored.outcome === 'relay') await arrive(play, 'relay')
      else if (restored.outcome === 'loginResponse') await arrive(play, restored.isSilent === true ? 'silent' : 'plain')
      else if (restored.reason === 'never') await play.browser.wipe()
      else await play.browser.end(restored.reason)
    },
    loginInFrame: answerWindows('alice'),
    loginInPopup: answerWindows('alice'),
    stepUpInPopup: answerWindows('alice'),
    async saveCredentials(play: Play, { outcome }: { readonly outcome: string }) {
      play.refuse(null)
      if (outcome === 'discarded') await play.browser.end('logout')
    },
    clearCredentials: (play: Play) => play.refuse(null),
  },
  failed: {
    restoreSession(play: Play) {
      play.refuse('reading')
      return () => play.refuse(null)
    },
    loginInFrame(play: Play, { code }: SessionError) {
      answerWindows(code === 'login_required' ? null : 'alice')(play)
      if (code !== 'login_required') play.provider.faults.add(refusedLogin('invalid_request'))
    },
    redirectSilently: refuseStates,
    redirectToLogin: refuseStates,
    loginInPopup({ stage }: Play) {
      const { openWindow } = stage
      stage.openWindow = () => ({ isClosed: true, go: () => {}, close: () => {} })
      return () => void (stage.openWindow = openWindow)
    },
    completeLogin(play: Play, { code }: SessionError) {
      if (code === 'login_required') return play.provider.faults.add(refusedLogin(code))
      // Another window has used the same answer.
      const { localStorage } = play.browser.profile
      const keys = Array.from({ length: localStorage.length }, (_, place) => localStorage.key(place) ?? '')
      for (const key of keys) if (key.startsWith('sessionchart.signin.')) localStorage.removeItem(key)
    },
    relayLoginResponse: async ({ opener }: Play) => opener?.session.dispose(),
    stepUpInPopup({ stage, browser }: Play) {
      stage.onPopup = (url) => void cancelAuthorization(url).then(browser.relay, () => {})
    },
    saveCredentials: (play: Play) => play.refuse('writing'),
    clearCredentials(play: Play) {
      play.refuse('reading')
      return () => play.refuse(null)
    },
    revokeTokens: ({ provider }: Play) => provider.faults.add({ endpoint: 'revocation', kind: 'status', status: 503 }),
    leaveProvider({ stage }: Play) {
      stage.online = false
      return () => void (stage.online = true)
    },
  },
  machines: { renewal: finishRenewal },
  events: {
    ...accountEvents,
    async 'sibling.loggedIn'(play: Play, { facts }: OfType<'sibling.loggedIn'>) {
      play.stage.isHearing = true
      await play.elsewhere(() => play.browser.logIn(personOf(facts)))
    },
    async 'sibling.renewed'(play: Play) {
      play.stage.isHearing = true
      const { revision = 0 } = selectFacts(play.session.getSnapshot()) ?? {}
      await play.elsewhere(() => play.browser.renew(revision))
    },
    async 'sibling.ended'(play: Play, { reason }: { readonly reason: EndReason }) {
      play.stage.isHearing = true
      await play.elsewhere(() => play.browser.end(reason))
    },
    'page.resumed': ({ stage }: Play) => stage.fire('focus'),
    'page.restored': ({ stage }: Play) => stage.fire('pageshow', { persisted: true }),
    'person.active'(play: Play, { at }: OfType<'person.active'>) {
      const { stage } = play
      // Signs of the same moment are told of once, unless the clock was put back a little.
      play.moves += 1
      stage.now = at - testNow - play.moves
      stage.fire('pointerdown')
    },
    'token.refused'({ session, expected }: Play, { revision }: OfType<'token.refused'>) {
      const { revision: own = 0 } = selectFacts(session.getSnapshot()) ?? {}
      const isMeant = revision === (expected.context as { readonly facts: CredentialFacts | null }).facts?.revision
      session.send({ type: 'token.refused', revision: isMeant ? own : own + 7 })
    },
  },
  proofs: sessionProofs,
  remembered: ({ facts, signedOutReason, problem, ending, isOpening, heardLogin }: SessionContext) => ({
    person: facts === null ? null : facts.subject.endsWith('bob') ? 'bob' : 'alice',
    isRenewable: facts?.renewable ?? null,
    hasCeiling: facts?.ceilingAt !== undefined,
    signedOutReason,
    hasProblem: problem !== null,
    isOpening,
    heardLogin,
    ending: ending === null ? null : [ending.reason, ending.from, ending.clearing, Object.keys(ending.problems)],
  }),
  withheld: [
    'loginInPopup',
    'stepUpInPopup',
    'loginInFrame',
    'clearCredentials',
    'revokeTokens',
    'leaveProvider',
    'completeLogin',
    'relayLoginResponse',
  ],
  leaving: new Set(['login.cancel', 'stepUp.cancel', 'logout', 'page.restored']),
  afterwards(play, _event, to) {
    play.refuse(to.includes('access.unsaved') ? 'writing' : null)
    play.stage.onPopup = () => {}
    play.stage.onFrame = null
  },
}

/** The storage in which logins are remembered is full. */
function refuseStates({ stage: { localStorage } }: Play): () => void {
  if (localStorage === null) throw new Error('There is no storage.')
  const { setItem } = localStorage
  localStorage.setItem = () => {
    throw new DOMException('The quota is exceeded.', 'QuotaExceededError')
  }
  return () => void (localStorage.setItem = setItem)
}
