import { tellJourneys, type Journey } from './play.ts'
import {
  bob,
  clears,
  ended,
  found,
  logIn,
  loginFailed,
  logOut,
  looksAndFinds,
  nobody,
  pass,
  revokes,
  sessionAt,
  siblingTells,
  signedIn,
  writtenAt,
} from './telling.ts'

const journeys: readonly Journey[] = [
  {
    name: 'P16 logins that come to nothing leave the session that was there, each with its own code',
    chapters: [
      { title: 'alice is in.', opens: found(sessionAt(0)), where: signedIn, told: ['session.started'] },
      ...(['popup_blocked', 'popup_closed', 'login_denied', 'nonce_mismatch'] as const).flatMap((code) => [
        {
          title: `She logs in anew: ${code}.`,
          steps: [logIn, { do: 'fail', port: 'loginInPopup', code }],
          where: 'checkingStorage.looking',
          told: [loginFailed(code)],
          asked: ['loginInPopup', 'restoreSession'],
          shows: { problem: code },
        } as const,
        {
          title: `After ${code} she is in as before.`,
          steps: [looksAndFinds(found(sessionAt(0)))],
          where: signedIn,
          told: ['session.started'],
          shows: { problem: code, facts: writtenAt(0), isUsable: true },
        } as const,
      ]),
      {
        title: 'She leaves the window open too long.',
        steps: [logIn, pass(119_999)],
        where: 'authenticating.inPopup',
        asked: ['loginInPopup'],
        shows: { problem: undefined, loginStep: 'inPopup' },
      },
      {
        title: 'The window is given up.',
        steps: [pass(1), looksAndFinds(found(sessionAt(0)))],
        where: signedIn,
        told: [loginFailed('login_timeout'), 'session.started'],
        asked: ['restoreSession'],
        left: ['loginInPopup'],
      },
      {
        title: 'She changes her mind.',
        steps: [logIn, { do: 'send', event: { type: 'login.cancel' } }, looksAndFinds(found(sessionAt(0)))],
        where: signedIn,
        told: [loginFailed('login_cancelled'), 'session.started'],
        asked: ['loginInPopup', 'restoreSession'],
      },
    ],
  },
  {
    name: 'P15 the back button on the login page, a login page that never comes, and an answer that was used before',
    chapters: [
      { title: 'Nobody is here.', opens: nobody, where: 'unauthenticated' },
      {
        title: 'The person goes to the login page, and back by the button.',
        steps: [
          { do: 'send', event: { type: 'login', returnTo: '/orders' } },
          { do: 'settle', port: 'redirectToLogin' },
          { do: 'say', port: 'watchPage', news: { type: 'page.restored' } },
          looksAndFinds(nobody),
        ],
        where: 'unauthenticated',
        told: [{ type: 'login.failed', problem: { code: 'login_cancelled' }, returnTo: '/orders' }],
        asked: ['redirectToLogin', 'restoreSession'],
        shows: { problem: 'login_cancelled', reason: 'never' },
      },
      {
        title: 'The login page does not come.',
        steps: [{ do: 'send', event: { type: 'login' } }, pass(12_000), looksAndFinds(nobody)],
        where: 'unauthenticated',
        told: [loginFailed('login_timeout')],
        asked: ['redirectToLogin', 'restoreSession'],
        shows: { problem: 'login_timeout' },
      },
      {
        title: 'The page is opened with an answer that was used before.',
        opens: { outcome: 'loginResponse', returnTo: '/orders' },
        where: 'authenticating.completing',
        asked: ['completeLogin'],
      },
      {
        title: 'It is an error one can go on from.',
        steps: [{ do: 'fail', port: 'completeLogin', code: 'unknown_response' }, looksAndFinds(nobody)],
        where: 'unauthenticated',
        told: [{ type: 'login.failed', problem: { code: 'unknown_response' }, returnTo: '/orders' }],
        asked: ['restoreSession'],
        shows: { problem: 'unknown_response' },
        takes: ['login'],
        refuses: ['logout', 'stepUp', 'login.cancel'],
      },
      {
        title: 'An answer that takes too long to be exchanged is given up as well.',
        opens: { outcome: 'loginResponse' },
        steps: [pass(30_000), looksAndFinds(nobody)],
        where: 'unauthenticated',
        told: [loginFailed('login_timeout')],
        asked: ['completeLogin', 'restoreSession'],
      },
    ],
  },
  {
    name: 'P15 a window that was opened for a login hands its answer over, and is of use if it stays',
    chapters: [
      {
        title: 'The window holds the answer of another one.',
        opens: { outcome: 'relay' },
        where: 'relaying',
        asked: ['relayLoginResponse'],
        shows: { status: 'signingIn', loginStep: 'relaying' },
      },
      {
        title: 'It has handed it over.',
        steps: [{ do: 'settle', port: 'relayLoginResponse' }, pass(29_999)],
        where: 'relaying',
      },
      {
        title: 'It is still open, and may be used like any other.',
        steps: [pass(1), looksAndFinds(found(sessionAt(0)))],
        where: signedIn,
        told: ['session.started'],
        asked: ['restoreSession'],
      },
      {
        title: 'Another such window finds that nobody waits any more.',
        opens: { outcome: 'relay' },
        steps: [
          { do: 'fail', port: 'relayLoginResponse', code: 'unknown_response' },
          { do: 'settle', port: 'restoreSession', output: nobody },
        ],
        where: 'unauthenticated',
        asked: ['relayLoginResponse', 'restoreSession'],
        shows: { problem: 'unknown_response' },
        takes: ['login'],
      },
    ],
  },
  {
    name: 'P11 a login in another tab in the middle of ours: the vault says which was the last',
    chapters: [
      { title: 'Nobody is here.', opens: nobody, where: 'unauthenticated' },
      {
        title: 'bob is faster in another tab while our window is open.',
        steps: [logIn, siblingTells({ type: 'sibling.loggedIn', ...sessionAt(0, bob) })],
        where: 'authenticating.inPopup',
        asked: ['loginInPopup'],
      },
      {
        title: 'Ours is done as well, and the vault is asked.',
        steps: [{ do: 'settle', port: 'loginInPopup', output: sessionAt(0) }],
        where: 'checkingStorage.looking',
        told: ['login.completed'],
        asked: ['restoreSession'],
        shows: { facts: null, isUsable: false },
      },
      {
        title: 'bob was the last.',
        steps: [looksAndFinds(found(sessionAt(0, bob)))],
        where: signedIn,
        told: [{ type: 'session.started', subject: 'bob' }],
        shows: { facts: { subject: 'bob' } },
      },
      {
        title: 'He leaves, and a login while the credentials are removed is not lost.',
        steps: [logOut, siblingTells({ type: 'sibling.loggedIn', ...sessionAt(0) }), ...clears, ...revokes],
        where: 'checkingStorage.looking',
        told: [ended('logout'), 'logout.finished'],
        asked: [
          ['clearCredentials', { generation: 'login-of-bob', reason: 'logout' }],
          'revokeTokens',
          'restoreSession',
        ],
      },
      {
        title: 'alice is in.',
        steps: [looksAndFinds(found(sessionAt(0)))],
        where: signedIn,
        told: [{ type: 'session.started', subject: 'alice' }],
      },
    ],
  },
]

tellJourneys('logging in', journeys)
