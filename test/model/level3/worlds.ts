import { selectLimitNear, selectLoginStep, selectStatus } from '../../../machines/index.ts'
import type { SilentLogin } from '../../../machines/index.ts'
import type { Platform } from '../../../services/browser/platform.ts'
import { readOptions } from '../../../services/options.ts'
import type { Place, World } from './world.ts'
import { loginAt, untouched, type Setting } from './around.ts'
import type { DoingName } from './doing-names.ts'
import { doingsIn, isNoticed } from './doings.ts'
import { answerOf } from './services.ts'
import { viewOf } from './view.ts'

const origin = 'http://127.0.0.1'
const day = 86_400_000

/**
 * Until a limit ends a session, ms. Renewals are due after 4 minutes and a little, tokens expire after 5: neither the limit nor its
 * warning, a minute ahead, is a sum of these, so that what comes first in the model comes first in a browser.
 */
const limit = 420_000

interface Choice {
  /** ms; default: a day, so that no path gets there. */
  readonly idleTimeout?: number
  readonly silentLogin?: SilentLogin
  readonly isRenewable?: boolean
  readonly greatestAge?: number
  readonly only?: readonly DoingName[]
}

/** The app's own policy, by the options that the demo gives. */
function settingOf(name: string, { idleTimeout = day, silentLogin, isRenewable = true, ...more }: Choice): Setting {
  const options = {
    authority: origin,
    clientId: 'demo',
    redirectUri: `${origin}/callback`,
    idleTimeout,
    ...(silentLogin === undefined ? {} : { silentLogin }),
  }
  // All that the reading of options asks of a browser.
  const platform = { address: { origin }, isHiddenFrame: () => false } as Platform
  const { policy, lead } = readOptions(options, platform)
  return { name, policy, lead, lifetime: 300_000, isRenewable, ...more }
}

const atOpening: readonly DoingName[] = [
  'log in',
  'sign in at the login page',
  'clear the data of the site',
  'reload',
  'log out',
  'the provider goes down',
  'the provider falls silent',
  'the provider comes back',
]

/** What the demo and its provider are set to. */
export const settings = {
  /** Sessions end without activity. */
  idle: settingOf('idle', { idleTimeout: limit }),
  /** The provider ends each session a while after its login. */
  aging: settingOf('aging', { greatestAge: limit }),
  /** The provider gives nothing to renew with. */
  lasting: settingOf('lasting', { isRenewable: false }),
  /** The provider stops answering in the middle of something. */
  silent: settingOf('silent', {
    only: [
      'log in',
      'sign in at the login page',
      'log out',
      'reload',
      'the provider stops answering',
      'the provider takes no codes',
      'the provider comes back',
    ],
  }),
  /** The browser has no room for what the app writes. */
  crowded: settingOf('crowded', {
    only: [
      'log in',
      'sign in at the login page',
      'renew now',
      'come back to the page',
      'the storage fills up',
      'the storage has room again',
    ],
  }),
  /** At opening the provider is asked in a hidden frame whether it knows the person. */
  framing: settingOf('framing', { silentLogin: 'iframe', only: atOpening }),
  /** The same by leaving the page and coming back. */
  redirecting: settingOf('redirecting', { silentLogin: 'redirect', only: atOpening }),
} satisfies Record<string, Setting>

/** Waits that add up to ever other ones are followed for so long after a login, ms. */
const longEnough = limit
const isLongIn = ({ session, now }: Place): boolean => {
  const { facts } = session.context
  return facts !== null && now - loginAt(facts) > longEnough
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
  hasTime: (place) =>
    !isLongIn(place) &&
    (!isNoticed(place) || selectLimitNear(place.session) !== null) &&
    !place.around.isFull &&
    (selectStatus(place.session) !== 'signedIn' || place.around.provider !== 'silent'),
  view: ({ session, around }) => (around.at === 'loginPage' ? 'at the login page' : viewOf(session)),
})

export const worlds = (): readonly World[] => Object.values(settings).map(worldOf)
