import { SessionError } from '../../../machines/index.ts'
import { renewedFacts } from '../../../services/memory/index.ts'
import type { Answer, Place } from './world.ts'
import { newLogin, type Around, type Setting } from './around.ts'

const failed = (code: SessionError['code']) => ({ failed: new SessionError(code, `This is ${code}.`) })
const never: Answer = { wait: Infinity }

/** As requests fail when the provider is not to be had; `null`: it is. */
function outage({ isOnline, provider }: Around): Answer | null {
  if (!isOnline) return failed('offline')
  return provider === 'down' ? failed('provider_unavailable') : null
}

/** How long discovery waits for a provider that says nothing; ms, as the app's `requestTimeout`. */
const patience = 10_000

/** A login window: it opens where the provider can be had, asks unless it knows the person, and waits for the person. */
function inWindow(setting: Setting, { session, around, now }: Place, asks: boolean): Answer {
  const { window, knownAs } = around
  const out = outage(around)
  if (out !== null) return out
  if (window === 'refused') return { ...failed('login_denied'), around: { window: null } }
  if (window === 'closed') return { ...failed('popup_closed'), around: { window: null } }
  if (window === null && (asks || knownAs === null)) return never
  const found = newLogin(setting, now, session.context.facts?.subject ?? knownAs ?? 'alice', session.context.facts)
  return {
    done: found,
    around: { kept: { outcome: 'found', ...found }, knownAs: found.facts.subject, isRevoked: false, window: null },
  }
}

type Ask = (setting: Setting, place: Place, isFirst: boolean) => Answer

/** What each service answers, by the name of its port; one that is not here says nothing. */
const services: Readonly<Record<string, Ask>> = {
  restoreSession: (_, { around }) =>
    around.answer === null
      ? { done: around.kept }
      : {
          done: {
            outcome: 'loginResponse',
            returnTo: '/',
            ...(around.answer.startsWith('silent') ? { isSilent: true } : {}),
          },
        },

  completeLogin: (setting, { around, now }, isFirst) => {
    if (around.answer === 'silentRefusal')
      return { ...failed('login_required'), around: { answer: null, hasDiscovered: true } }
    if (around.provider === 'mute')
      return isFirst ? { wait: patience } : { ...failed('timeout'), around: { answer: null, hasDiscovered: true } }
    if (around.answer === 'refusal') return { ...failed('login_denied'), around: { answer: null, hasDiscovered: true } }
    const found = newLogin(setting, now, around.knownAs ?? 'alice')
    return {
      done: found,
      around: { kept: { outcome: 'found', ...found }, answer: null, knownAs: found.facts.subject, isRevoked: false },
    }
  },

  redirectToLogin: (_, { around }, isFirst) => {
    if (around.provider === 'silent') return isFirst ? { wait: patience } : failed('timeout')
    const out = outage(around)
    if (out !== null) return out
    return around.knownAs !== null
      ? { leaves: { answer: 'login', hasDiscovered: false } }
      : { leaves: { at: 'loginPage' } }
  },

  loginInFrame: (setting, { around, now }) => {
    if (around.provider === 'silent') return never
    const out = outage(around)
    if (out !== null) return out
    if (around.knownAs === null) return { ...failed('login_required'), around: { hasDiscovered: true } }
    const found = newLogin(setting, now, around.knownAs)
    return { done: found, around: { kept: { outcome: 'found', ...found }, isRevoked: false } }
  },
  redirectSilently: (_, { around }) => {
    if (around.provider === 'silent') return never
    const answer = around.knownAs === null ? 'silentRefusal' : 'silentLogin'
    return outage(around) ?? { leaves: { answer, hasDiscovered: false } }
  },

  loginInPopup: (setting, place) => inWindow(setting, place, false),
  stepUpInPopup: (setting, place) => inWindow(setting, place, true),

  clearCredentials: (_, { session }) => ({
    done: undefined,
    around: { kept: { outcome: 'empty', reason: session.context.ending?.reason ?? 'logout' }, isRevoked: false },
  }),
  revokeTokens: (_, { around }) => (around.provider === 'silent' ? never : (outage(around) ?? { done: 'done' })),
  leaveProvider: () => ({ leaves: { knownAs: null, hasDiscovered: false } }),

  saveCredentials: (_, { session, around }) => {
    const { facts } = session.context
    if (facts === null || around.isFull) return failed('store_failed')
    return { done: { outcome: 'stored', facts }, around: keptAs(around, facts) }
  },

  renewal: (_, { session, around, now }) => {
    const { facts } = session.context
    // It is told to try again in an hour, and a limit comes before.
    if (facts === null || !around.isOnline || around.provider !== 'well') return never
    if (around.isRevoked) {
      const problem = { code: 'invalid_grant', message: 'This is invalid_grant.' } as const
      return {
        done: { outcome: 'rejected', problem },
        around: { kept: { outcome: 'empty', reason: 'revoked' }, isRevoked: false },
      }
    }
    const renewed = renewedFacts(facts, now)
    if (around.isFull) return { done: { outcome: 'unsaved', facts: renewed } }
    return { done: { outcome: 'renewed', facts: renewed }, around: keptAs(around, renewed) }
  },
}

/** The same session with other facts. */
function keptAs({ kept }: Around, facts: ReturnType<typeof renewedFacts>): Partial<Around> {
  return kept.outcome === 'found' ? { kept: { ...kept, facts } } : {}
}

export const answerOf =
  (setting: Setting) =>
  (port: string, place: Place, isFirst: boolean): Answer =>
    services[port]?.(setting, place, isFirst) ?? never
