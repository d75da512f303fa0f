import { selectIsSteppingUp, selectLimitNear, selectLoginStep, selectStatus } from '../../../machines/index.ts'
import type { SessionEvent } from '../../../machines/session/types.ts'
import { readOptions } from '../../../services/options.ts'
import type { Platform } from '../../../services/browser/platform.ts'
import type { Doing, Place, World } from '../visible.ts'
import { newLogin, untouched, type Around, type Setting } from './around.ts'
import { answerOf } from './services.ts'
import { viewOf } from './view.ts'

const origin = 'http://127.0.0.1'

/** The app's own policy, by the options that the demo gives. */
function policyOf(idleTimeout: number) {
  const options = { authority: origin, clientId: 'demo', redirectUri: `${origin}/callback`, idleTimeout }
  // All that the reading of options asks of a browser.
  const platform = { address: { origin }, isHiddenFrame: () => false } as Platform
  return readOptions(options, platform)
}

function settingOf(name: string, idleTimeout: number, more: Pick<Setting, 'isRenewable' | 'greatestAge'>): Setting {
  const { policy, lead } = policyOf(idleTimeout)
  return { name, policy, lead, lifetime: 300_000, ...more }
}

const minutes = (count: number) => count * 60_000
const day = minutes(24 * 60)

/** What the demo and its provider are set to. */
export const settings = {
  /** Sessions end after ten minutes without activity. */
  idle: settingOf('idle', minutes(10), { isRenewable: true }),
  /** The provider ends each session ten minutes after its login. */
  aging: settingOf('aging', day, { isRenewable: true, greatestAge: minutes(10) }),
  /** The provider gives nothing to renew with. */
  lasting: settingOf('lasting', day, { isRenewable: false }),
} satisfies Record<string, Setting>
export type WorldName = keyof typeof settings

/** Everything that can be done in the world, by a name that a person can read. */
export const doingNames = [
  'log in',
  'log in in a window',
  'log in again',
  'sign in at the login page',
  'cancel at the login page',
  'go back from the login page',
  'sign in in the window',
  'cancel in the window',
  'close the window',
  'cancel',
  'log out',
  'log out of the provider as well',
  'log out now',
  'stay signed in',
  'come back too late',
  'confirm in a window',
  'cancel the confirmation',
  'renew now',
  'try now',
  'reload',
  'sleep past the renewal',
  'sleep past the expiry',
  'sleep past the warning',
  'sleep past the limit',
  'the provider goes down',
  'the provider stops renewing',
  'the provider falls silent',
  'the provider comes back',
  'the provider ends the session',
  'the network goes',
  'the network comes back',
  'another tab logs in',
  'another tab logs in anew',
  'another person logs in in another tab',
  'another tab logs out',
] as const
export type DoingName = (typeof doingNames)[number]

/** Activity is noted at most this often, ms: see `services/browser/activity.ts`. */
const noteEvery = 10_000

type Offers = Partial<Record<DoingName, Doing | false>>

/** What a click or a key says besides, as `watchActivity` tells it. */
function active({ session, around, now }: Place): Doing & { readonly events: readonly SessionEvent[] } {
  const { lastActiveAt } = session.context
  if (now - lastActiveAt < noteEvery || around.kept.outcome !== 'found') return { events: [] }
  return { events: [{ type: 'person.active', at: now }], around: { kept: { ...around.kept, lastActiveAt: now } } }
}

const clicks = (place: Place, event: SessionEvent): Doing => {
  const { events, around = {} } = active(place)
  return { events: [...events, event], around }
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
  const isCalm = status === 'signedIn' || status === 'signedOut'
  return {
    'the provider goes down': isFine && isCalm && !isRevoked && { around: { provider: 'down' } },
    'the provider stops renewing': isFine && status === 'signedIn' && !isRevoked && { around: { provider: 'ailing' } },
    'the provider falls silent': isFine &&
      status === 'signedOut' &&
      !hasDiscovered && { around: { provider: 'silent' } },
    'the provider comes back': provider !== 'well' && {
      around: { provider: 'well' },
      asksAgain: { redirectToLogin: 0 },
    },
    'the provider ends the session': isFine && isIn && !isRevoked && { around: { isRevoked: true } },
    'the network goes': isFine && isCalm && !isRevoked && { around: { isOnline: false } },
    'the network comes back': !isOnline && { around: { isOnline: true }, asksAgain: { renewal: 0 } },
  }
}

function elsewhere(setting: Setting, { session, around, now }: Place): Offers {
  const { facts } = session.context
  const isFine = around.provider === 'well' && around.isOnline && !around.isRevoked
  const isOut = selectStatus(session) === 'signedOut' || selectLoginStep(session) === 'inPopup'
  const isIn = selectStatus(session) === 'signedIn' && !selectIsSteppingUp(session)
  if (!isFine || (!isOut && !isIn)) return {}
  const login = (subject: string): Doing => {
    const found = newLogin(setting, now, subject)
    const kept = { outcome: 'found', ...found } as const
    return { events: [{ type: 'sibling.loggedIn', ...found }], around: { kept, knownAs: subject } }
  }
  if (isOut) return { 'another tab logs in': around.kept.outcome === 'empty' && login(around.knownAs ?? 'alice') }
  const { generation = '', subject = 'alice' } = facts ?? {}
  return {
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
  const { facts, lastActiveAt, policy } = session.context
  // Each at the beginning, so that waits do not add up to ever other ones.
  if (facts === null || !session.matches({ active: { access: 'authenticated', limits: 'within' } })) return {}
  if (now > Math.max(facts.storedAt, lastActiveAt)) return {}
  const limit = endOf(session)
  const until = (at: number): Doing | false =>
    at > now && at - now < day / 2 && { sleepsUntil: at, events: [{ type: 'page.resumed' }] }
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
  const canReload = isOnline && provider !== 'silent'
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
        'log in in a window': canLogIn &&
          provider !== 'silent' && { events: [{ type: 'login', via: 'popup', returnTo: '/' }] },
        reload: canReload && { reloads: true },
      }
    case 'signingIn':
      return {
        cancel: { events: [{ type: 'login.cancel' }] },
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
  if (limit === 'idle') return { 'stay signed in': active(place), 'log out now': clicks(place, { type: 'logout' }) }
  if (limit === 'ceiling')
    return { 'confirm in a window': isFine && clicks(place, { type: 'stepUp', via: 'popup', prompt: 'login' }) }
  const canRenew = !isReconnecting && session.context.facts?.renewable === true && !session.hasTag('renewing')
  return {
    'log out': clicks(place, { type: 'logout', from: 'app' }),
    'log out of the provider as well': isFine && clicks(place, { type: 'logout', from: 'provider' }),
    'renew now': canRenew && clicks(place, { type: 'token.required' }),
    'try now': isReconnecting && { ...clicks(place, { type: 'renewal.retry' }), asksAgain: { renewal: 0 } },
    'log in again': isReconnecting && isOnline && provider !== 'down' && clicks(place, { type: 'login', via: 'popup' }),
  }
}

const atLoginPage: Offers = {
  'sign in at the login page': { around: { at: 'app', answer: 'login', hasDiscovered: false }, reloads: true },
  'cancel at the login page': { around: { at: 'app', answer: 'refusal', hasDiscovered: false }, reloads: true },
  'go back from the login page': { around: { at: 'app', hasDiscovered: false }, reloads: true },
}

/** A notice about a login that came to nothing stays over whatever follows, and changes nothing of it: that is tried without. */
const underNotice: readonly DoingName[] = [
  'log out',
  'reload',
  'confirm in a window',
  'cancel the confirmation',
  'sign in in the window',
  'another tab logs out',
]
const isNoticed = ({ session }: Place): boolean =>
  session.hasTag('signedOut') === false && session.context.problem !== null

function doingsIn(setting: Setting, place: Place): Readonly<Record<string, Doing>> {
  const offers: Offers =
    place.around.at === 'loginPage'
      ? atLoginPage
      : { ...person(place), ...sleeps(place), ...outside(place), ...elsewhere(setting, place) }
  const isOpen = (name: string) => !isNoticed(place) || underNotice.some((one) => one === name)
  return Object.fromEntries(
    Object.entries(offers).flatMap(([name, doing]) => (doing === false || !isOpen(name) ? [] : [[name, doing]])),
  )
}

export const worldOf = (setting: Setting): World => ({
  name: setting.name,
  policy: setting.policy,
  around: untouched,
  isHere: ({ at }) => at === 'app',
  answer: answerOf(setting),
  settle({ session, around }) {
    const isIn = selectStatus(session) === 'signedIn' || selectLoginStep(session) === 'inPopup'
    return { hasDiscovered: around.hasDiscovered || (isIn && around.isOnline && around.provider !== 'down') }
  },
  doings: (place) => doingsIn(setting, place),
  hasTime: (place) => !isNoticed(place) || selectLimitNear(place.session) !== null,
  view: ({ session, around }) => (around.at === 'loginPage' ? 'at the login page' : viewOf(session)),
})

export const worlds = (): readonly World[] => Object.values(settings).map(worldOf)
