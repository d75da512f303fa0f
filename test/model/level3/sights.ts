/** What a person sees and can do, as the accessibility tree says it in one line; a button that is named so can be pressed. */
export interface Sight {
  readonly sees: readonly string[]
  readonly never: readonly string[]
}

const button = (name: string) => `button "${name}"`
/** Stands before what a login window shows. */
export const loginWindow = '⧉ '
const heading = (name: string) => `heading "${name}"`
const disabled = (name: string) => `${button(name)} [disabled]`

const both = (...sights: readonly Sight[]): Sight => ({
  sees: sights.flatMap(({ sees }) => sees),
  never: sights.flatMap(({ never }) => never),
})
const sees = (...texts: readonly string[]): Sight => ({ sees: texts, never: [] })
const never = (...texts: readonly string[]): Sight => ({ sees: [], never: texts })

/** What each reason for being signed out is told by. */
const reasons = {
  never: '',
  logout: 'You are logged out Nothing of your session is left in this browser.',
  idle: 'You were away for a while So that nobody else goes on in your place, your session was ended. Log in to go on.',
  ceiling: 'Your session has reached its greatest age For safety a session lasts only so long',
  expired: 'Your session has expired It could not be renewed',
  revoked: 'Your session was ended by the provider',
  subject_changed: 'Another person signed in That happened in another tab of this browser, so your session ended here.',
} as const
const reasonTexts = Object.values(reasons).filter(Boolean)

/** What each login that came to nothing is told by. */
const problems = {
  login_denied: 'The login was refused',
  login_cancelled: 'Login cancelled',
  popup_closed: 'The login window was closed',
  login_timeout: 'The login took too long',
  provider_unavailable: 'The provider is not available Try again in a moment.',
  offline: 'This device is offline Log in again once it has a network.',
  timeout: 'The provider does not answer The provider cannot be reached just now.',
} as const
const problemTexts = Object.values(problems)
type Problem = keyof typeof problems

const noQuestion = never('dialog "Still there?"', 'dialog "Your session ends soon"')
const noWindow = never(loginWindow)
const noProblem = never(...problemTexts)

function signedOut(reason: keyof typeof reasons, problem?: Problem): Sight {
  const text = reasons[reason]
  return both(
    sees(heading('Log in once. Stay signed in.'), button('Log in'), button('Log in in a window')),
    never(
      'button "Account menu',
      button('Cancel'),
      button('Try now'),
      'status Signed in',
      'status Reconnecting',
      'alice',
    ),
    noQuestion,
    noWindow,
    sees(...(text === '' ? [] : [`status ${text}`])),
    never(...reasonTexts.filter((other) => other !== text)),
    problem === undefined
      ? noProblem
      : both(sees(problems[problem]), never(...problemTexts.filter((other) => other !== problems[problem]))),
  )
}

const present = both(
  sees('heading "Hello, ', 'button "Account menu, '),
  never(button('Log in'), button('Log in in a window')),
)
const usable = both(
  present,
  sees('status Signed in', button('Call the API')),
  never(disabled('Call the API'), 'status Reconnecting', button('Try now')),
)

const signedIn = both(
  usable,
  sees('status Signed in The session renews itself before it expires.', button('Renew now')),
  never(disabled('Renew now')),
)
/** Whoever pressed the button sees it busy. */
const renewing = both(
  present,
  sees('status Signed in', 'the renewal is tried again, and you can go on.'),
  never('status Reconnecting', button('Try now')),
)
const notRenewable = both(
  usable,
  sees('status Signed in The provider gave nothing to renew with: this session will expire.', disabled('Renew now')),
)
const reconnecting = both(
  present,
  sees(
    'status Reconnecting Nothing is lost.',
    disabled('Renew now'),
    disabled('Call the API'),
    button('Try now'),
    button('Log in again'),
  ),
  never('status Signed in'),
)

const calm = both(noQuestion, noWindow, noProblem)
const stillThere = both(
  sees('dialog "Still there?"', 'Your session ends in timer 0:', button('Stay signed in'), button('Log out now')),
  noWindow,
  noProblem,
)
const soonOver = both(
  sees('dialog "Your session ends soon"', 'it ends in timer 0:', button('Log in again'), button('Not now')),
  noWindow,
)
const steppingUp = both(
  sees('status Confirm that it is you', button('Cancel'), `${loginWindow}main heading`, 'textbox "Password"'),
  noQuestion,
  noProblem,
)
/** A notice that the person can put away; the session is as it was. */
const notice = (problem: Problem): Sight =>
  both(sees(`alert ${problems[problem]} You are still signed in as before.`, button('Dismiss')), noWindow)

/** While the login page is open in a window, the status line says that instead of where the session stands. */
const usableBehind = both(present, never(disabled('Call the API')))
const unusableBehind = both(present, sees(disabled('Call the API')))

/** What a person sees in each state of the derived model that a view can tell. Both are compared in `visible.test.ts`. */
export const sights: Readonly<Record<string, Sight>> = {
  'at the login page': sees(
    heading('Sign in to Sessionchart demo'),
    'textbox "Password"',
    button('Sign in'),
    button('Cancel'),
  ),

  'signedOut, never': signedOut('never'),
  'signedOut, logout': signedOut('logout'),
  'signedOut, idle': signedOut('idle'),
  'signedOut, ceiling': signedOut('ceiling'),
  'signedOut, expired': signedOut('expired'),
  'signedOut, revoked': signedOut('revoked'),
  'signedOut, subject_changed': signedOut('subject_changed'),
  'signedOut, logout, provider not told': both(signedOut('logout'), sees('The provider could not be told.')),

  ...Object.fromEntries(
    (['never', 'logout'] as const).flatMap((reason) =>
      (Object.keys(problems) as Problem[]).map((problem) => [
        `signedOut, ${reason}, ${problem}`,
        signedOut(reason, problem),
      ]),
    ),
  ),

  'signingIn, inPopup': both(
    sees(heading('Log in in the window'), button('Cancel'), `${loginWindow}main heading`, 'textbox "Password"'),
    never(button('Log in'), 'button "Account menu'),
    noProblem,
  ),
  'signingIn, redirecting': both(
    sees(heading('Taking you to the login page'), button('Cancel')),
    never(button('Log in'), 'button "Account menu'),
    noWindow,
    noProblem,
  ),

  'signingIn, completing': both(
    sees(heading('Finishing your login')),
    never(button('Log in'), button('Cancel'), 'button "Account menu'),
    noProblem,
  ),
  'signingOut, logout': both(
    sees(heading('Logging you out'), 'Remove the session from this browser Done', 'Have the provider revoke it'),
    never(button('Log in'), 'button "Account menu', 'status Signed in'),
  ),
  restoring: both(
    sees(heading('One moment'), 'Looking whether you are signed in…'),
    never(button('Log in'), 'button "Account menu', 'status Signed in'),
  ),

  'signedIn, unsaved': both(
    usable,
    sees('status Signed in The renewed session works in this tab. Storing it did not, and is tried again.'),
    calm,
  ),

  signedIn: both(signedIn, calm),
  'signedIn, renewing': both(renewing, calm),
  'signedIn, not renewable': both(notRenewable, calm),
  reconnecting: both(reconnecting, calm),

  'signedIn, near its end (idle)': both(signedIn, stillThere),
  'reconnecting, near its end (idle)': both(reconnecting, stillThere),
  'signedIn, near its end (ceiling)': both(signedIn, soonOver, noProblem),
  'signedIn, renewing, near its end (ceiling)': both(renewing, soonOver, noProblem),
  'reconnecting, near its end (ceiling)': both(reconnecting, soonOver, noProblem),

  'signedIn, near its end (ceiling), stepping up': both(usableBehind, steppingUp),
  'signedIn, renewing, near its end (ceiling), stepping up': both(usableBehind, steppingUp),
  'reconnecting, near its end (ceiling), stepping up': both(unusableBehind, steppingUp),

  ...Object.fromEntries(
    (['login_cancelled', 'login_denied', 'popup_closed'] as const).flatMap((problem) => [
      [`signedIn, ${problem}`, both(signedIn, notice(problem), noQuestion)],
      [`signedIn, not renewable, ${problem}`, both(notRenewable, notice(problem), noQuestion)],
      [`signedIn, near its end (ceiling), ${problem}`, both(signedIn, notice(problem), soonOver)],
      [`signedIn, renewing, near its end (ceiling), ${problem}`, both(renewing, notice(problem), soonOver)],
      [`reconnecting, near its end (ceiling), ${problem}`, both(reconnecting, notice(problem), soonOver)],
    ]),
  ),
}

/** What is missing from the text of a page, and what should not be in it; empty: all is as it should be. */
export function differences({ sees: wanted, never: unwanted }: Sight, text: string): readonly string[] {
  const isThere = (part: string) =>
    /^button "[^"]+"$/.test(part) ? text.replaceAll(`${part} [disabled]`, '').includes(part) : text.includes(part)
  return [
    ...wanted.filter((part) => !isThere(part)).map((part) => `does not show: ${part}`),
    ...unwanted.filter(isThere).map((part) => `shows: ${part}`),
  ]
}

/** The tree of `ariaSnapshot()` in one line, without its marks of layout. */
export const inOneLine = (tree: string): string =>
  tree
    .split('\n')
    .map((line) =>
      line
        .trim()
        .replace(/^- /, '')
        .replace(/^(?:text|strong|paragraph|code)(?:: |:?$)/, '')
        .replace(/^(\w+(?: "[^"]*")?(?: \[[^\]]+\])*):(?= |$)/, '$1'),
    )
    .map((line) => line.replace(/^"(.*)"$/, '$1'))
    .filter((line) => line !== '')
    .join(' ')
