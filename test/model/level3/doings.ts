import { selectIsSteppingUp, selectLimitNear, selectLoginStep, selectStatus } from '../../../machines/index.ts'
import type { SessionEvent } from '../../../machines/session/types.ts'
import { renewedFacts } from '../../../services/memory/index.ts'
import type { DoingName } from './doing-names.ts'
import type { Doing, Place } from './world.ts'
import { loginAt, newLogin, type Around, type Setting } from './around.ts'

/** No path takes that long, ms. */
const farOff = 3_600_000

/** Activity is noted at most this often, ms: see `services/browser/activity.ts`. */
const noteEvery = 10_000

type Offers = Partial<Record<DoingName, Doing | false>>

/** What a click or a key says besides, as `watchActivity` tells it. */
function active({ session, around, now }: Place): Doing & { readonly events: readonly SessionEvent[] } {
  const { lastActiveAt } = session.context
  if (now - lastActiveAt < noteEvery || around.kept.outcome !== 'found') return { events: [] }
  return { events: [{ type: 'person.active', at: now }], around: { kept: { ...around.kept, lastActiveAt: now } } }
}

const clicks = (place: Place, ...does: readonly SessionEvent[]): Doing => {
  const { events, around = {} } = active(place)
  return { events: [...events, ...does], around }
}

const answersWindow = (window: NonNullable<Around['window']>): Doing => ({
  around: { window },
  asksAgain: { loginInPopup: 0, stepUpInPopup: 0 },
})

function outside({ session, around }: Place): Offers {
  const { provider, isOnline, hasDiscovered, isRevoked } = around
  const status = selectStatus(session)
  const isIn = status === 'signedIn' || status === 'reconnecting'
  const isFine = provider === 'well' && isOnline
  // What is being tried again waits for its own time, whatever happens around.
  const isCalm = (status === 'signedIn' && !session.hasTag('renewing')) || status === 'signedOut'
  return {
    'the provider goes down': isFine && isCalm && !isRevoked && { around: { provider: 'down' } },
    'the provider stops renewing': isFine &&
      isCalm &&
      status === 'signedIn' &&
      !isRevoked && { around: { provider: 'ailing' } },
    'the provider falls silent': isFine &&
      status === 'signedOut' &&
      !hasDiscovered && { around: { provider: 'silent' } },
    'the provider stops answering': isFine && status === 'signedIn' && { around: { provider: 'silent' } },
    'the provider comes back': provider !== 'well' && {
      // What was asked of a silent provider is answered now, whoever waits for it.
      around: { provider: 'well', hasDiscovered: hasDiscovered || provider === 'silent' },
      asksAgain: { redirectToLogin: 0, completeLogin: 0, revokeTokens: 0, loginInFrame: 0, redirectSilently: 0 },
    },
    // With the grants of a person, the provider forgets the login that is under way.
    'the provider ends the session': isFine &&
      isIn &&
      !selectIsSteppingUp(session) &&
      !isRevoked && { around: { isRevoked: true } },
    'the network goes': isFine && isCalm && !isRevoked && { around: { isOnline: false } },
    'the storage fills up': isFine &&
      !around.isFull &&
      session.matches({ active: { access: 'authenticated' } }) && { around: { isFull: true } },
    'the storage has room again': around.isFull && { around: { isFull: false } },
    'the network comes back': !isOnline && { around: { isOnline: true }, asksAgain: { renewal: 0 } },
  }
}

function elsewhere(setting: Setting, { session, around, now }: Place): Offers {
  const { facts } = session.context
  const isFine = around.provider === 'well' && around.isOnline
  const isOut = selectStatus(session) === 'signedOut' || selectLoginStep(session) === 'inPopup'
  const isIn = selectStatus(session) === 'signedIn' && !selectIsSteppingUp(session)
  if (!isFine || (!isOut && !isIn)) return {}
  const { kept, isRevoked } = around
  const { generation = '', subject = 'alice' } = facts ?? {}
  if (isIn && isRevoked && facts?.renewable !== true) return {}
  if (isIn && isRevoked)
    return {
      'another tab renews': {
        events: [{ type: 'sibling.ended', generation, reason: 'revoked' }],
        around: { kept: { outcome: 'empty', reason: 'revoked' }, isRevoked: false },
      },
    }
  const login = (subject: string): Doing => {
    const found = newLogin(setting, now, subject, facts)
    return {
      events: [{ type: 'sibling.loggedIn', ...found }],
      around: { kept: { outcome: 'found', ...found }, isRevoked: false, knownAs: subject },
    }
  }
  if (isOut) return { 'another tab logs in': around.kept.outcome === 'empty' && login(around.knownAs ?? 'alice') }
  const renewed = facts === null ? null : renewedFacts(facts, now)
  return {
    // A renewal that is under way here would hear of it, and is not told apart in this model.
    'another tab renews': renewed?.renewable === true &&
      !session.hasTag('renewing') &&
      facts?.storedAt === now &&
      kept.outcome === 'found' && {
        events: [{ type: 'sibling.renewed', facts: renewed }],
        around: { kept: { ...kept, facts: renewed } },
      },
    'another tab logs in anew': login(subject),
    'another person logs in in another tab': subject === 'alice' && login('bob'),
    'another tab logs out': {
      events: [{ type: 'sibling.ended', generation, reason: 'logout' }],
      around: { kept: { outcome: 'empty', reason: 'logout' } },
    },
  }
}

/** When a limit ends the session, epoch ms. */
const endOf = ({ context: { facts, policy, lastActiveAt } }: Place['session']): number =>
  Math.min(facts?.ceilingAt ?? Infinity, lastActiveAt + (policy.idleTimeout ?? Infinity))

/** By device: it sleeps, wakes up later than something was due, and says that the person is back. */
function sleeps({ session, now }: Place): Offers {
  const { facts, policy } = session.context
  // At the beginning, so that waits do not add up to ever other ones.
  if (facts === null || !session.matches({ active: { access: 'authenticated', limits: 'within' } })) return {}
  if (now > loginAt(facts)) return {}
  const limit = endOf(session)
  const until = (at: number): Doing | false =>
    at > now && at - now < farOff && { sleepsUntil: at, events: [{ type: 'page.resumed' }] }
  const { renewAt, expiresAt, renewable } = facts
  return {
    'sleep past the renewal': renewable && until(renewAt),
    'sleep past the expiry': until(expiresAt),
    'sleep past the warning': until(limit - policy.warningLead),
    'sleep past the limit': until(limit),
  }
}

function person(place: Place): Offers {
  const { session, around } = place
  const { provider, isOnline, hasDiscovered } = around
  const status = selectStatus(session)
  const isFine = provider === 'well' && isOnline
  // While the provider says nothing, it is asked at opening in vain, where it is asked.
  const canReload = isOnline && (provider !== 'silent' || session.context.policy.silentLogin !== undefined)
  const inWindow: Offers = isFine
    ? {
        'sign in in the window': answersWindow('signedIn'),
        'cancel in the window': answersWindow('refused'),
        'close the window': answersWindow('closed'),
      }
    : {}
  // A login page that cannot be reached is no page of ours; what the app knows beforehand, it says.
  const canLogIn = isFine || !hasDiscovered
  switch (status) {
    case 'signedOut':
      return {
        'log in': canLogIn && { events: [{ type: 'login', returnTo: '/' }] },
        // Playwright's offline does not outlive a second window.
        'log in in a window': canLogIn &&
          provider !== 'silent' &&
          isOnline && { events: [{ type: 'login', via: 'popup', returnTo: '/' }] },
        reload: canReload && { reloads: true },
      }
    case 'signingIn':
      return {
        cancel: selectLoginStep(session) !== 'completing' && { events: [{ type: 'login.cancel' }] },
        ...(selectLoginStep(session) === 'inPopup' ? inWindow : {}),
      }
    case 'signedIn':
    case 'reconnecting':
      return selectIsSteppingUp(session)
        ? { ...inWindow, 'cancel the confirmation': clicks(place, { type: 'stepUp.cancel' }) }
        : { ...signedIn(place), reload: canReload && { reloads: true } }
    case 'restoring':
    case 'signingOut':
      return {}
  }
}

/** A question about a limit has to be answered before anything else can be. */
function signedIn(place: Place): Offers {
  const { session, around } = place
  const { provider, isOnline } = around
  const isFine = provider === 'well' && isOnline
  // Nobody has noticed yet that the session is over; the first movement of the person does.
  if (endOf(session) <= place.now) return { 'come back too late': active(place) }
  const limit = selectLimitNear(session)?.limit
  const isReconnecting = selectStatus(session) === 'reconnecting'
  const overslept: Doing = { sleepsUntil: endOf(session), events: [{ type: 'page.resumed' }] }
  if (limit === 'idle')
    return {
      'stay signed in': active(place),
      'log out now': clicks(place, { type: 'logout' }),
      'sleep past the limit': overslept,
    }
  if (limit === 'ceiling')
    return {
      'confirm in a window': isFine && clicks(place, { type: 'stepUp', via: 'popup', prompt: 'login' }),
      'sleep past the limit': overslept,
    }
  const { kept } = around
  const canRenew = !isReconnecting && session.context.facts?.renewable === true && !session.hasTag('renewing')
  return {
    'log out': clicks(place, { type: 'logout', from: 'app' }),
    'log out of the provider as well': isFine && clicks(place, { type: 'logout', from: 'provider' }),
    'renew now': canRenew && clicks(place, { type: 'token.required' }),
    'call the API':
      canRenew &&
      around.isRevoked &&
      isFine &&
      // Whoever was refused asks for a newer token first (services/broker.ts).
      clicks(
        place,
        { type: 'token.required' },
        { type: 'token.refused', revision: session.context.facts?.revision ?? 0 },
      ),
    'come back to the page': around.isFull && { events: [{ type: 'page.resumed' }] },
    'clear the data of the site': kept.outcome === 'found' && {
      around: { kept: { outcome: 'empty', reason: 'never' }, hasDiscovered: false },
      reloads: true,
    },
    'try now': isReconnecting && { ...clicks(place, { type: 'renewal.retry' }), asksAgain: { renewal: 0 } },
    'log in again': isReconnecting && isOnline && provider !== 'down' && clicks(place, { type: 'login', via: 'popup' }),
  }
}

const atLoginPage = (provider: Around['provider']): Offers => ({
  'the provider takes no codes': provider === 'well' && { around: { provider: 'mute' } },
  'sign in at the login page': {
    around: { at: 'app', answer: 'login', knownAs: 'alice', hasDiscovered: false },
    reloads: true,
  },
  'cancel at the login page': { around: { at: 'app', answer: 'refusal', hasDiscovered: false }, reloads: true },
  'go back from the login page': { around: { at: 'app', hasDiscovered: false }, reloads: true },
})

/** A notice about a login that came to nothing stays over whatever follows, and changes nothing of it: that is tried without. */
const underNotice: readonly DoingName[] = [
  'log out',
  'reload',
  'confirm in a window',
  'cancel the confirmation',
  'sign in in the window',
  'another tab logs out',
]
export const isNoticed = ({ session }: Place): boolean =>
  session.hasTag('signedOut') === false && session.context.problem !== null

/** What is done only in worlds that are about it. */
const alone: readonly DoingName[] = [
  'clear the data of the site',
  'come back to the page',
  'the provider stops answering',
  'the provider takes no codes',
  'the storage fills up',
  'the storage has room again',
]

export function doingsIn(setting: Setting, place: Place): Readonly<Record<string, Doing>> {
  const offers: Offers =
    place.around.at === 'loginPage'
      ? atLoginPage(place.around.provider)
      : { ...person(place), ...sleeps(place), ...outside(place), ...elsewhere(setting, place) }
  const isOpen = (name: string) =>
    (setting.only?.includes(name) ?? !alone.some((one) => one === name)) &&
    (!isNoticed(place) || underNotice.some((one) => one === name))
  return Object.fromEntries(
    Object.entries(offers).flatMap(([name, doing]) => (doing === false || !isOpen(name) ? [] : [[name, doing]])),
  )
}
