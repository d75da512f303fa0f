import { testNow } from '../../services/memory/index.ts'
import { tellJourneys, type Journey } from './play.ts'
import {
  clears,
  comeBackToPage,
  ended,
  found,
  hour,
  late,
  left,
  logIn,
  looksAndFinds,
  minute,
  needToken,
  nobody,
  pass,
  renewalGoesThrough,
  renewing,
  requestGoesOut,
  sessionAt,
  signedIn,
  writtenAt,
} from './telling.ts'

const journeys: readonly Journey[] = [
  {
    name: 'P1 P15 a first visit: to the login page and back, then closed, and opened again without a request',
    chapters: [
      { title: 'Nobody was ever here.', opens: nobody, where: 'unauthenticated', shows: { reason: 'never' } },
      {
        title: 'The person logs in, on the page of the provider.',
        steps: [{ do: 'send', event: { type: 'login', returnTo: '/orders', uiLocales: 'de' } }],
        where: 'authenticating.redirecting',
        asked: [['redirectToLogin', { request: { returnTo: '/orders', uiLocales: 'de' } }]],
        shows: { status: 'signingIn', loginStep: 'redirecting' },
      },
      {
        title: 'The page is back with the answer.',
        opens: { outcome: 'loginResponse', returnTo: '/orders' },
        where: 'authenticating.completing',
        asked: ['completeLogin'],
        shows: { status: 'signingIn', loginStep: 'completing', facts: null },
      },
      {
        title: 'The answer was exchanged for credentials.',
        steps: [{ do: 'settle', port: 'completeLogin', output: { ...sessionAt(0), returnTo: '/orders' } }],
        where: signedIn,
        told: [
          { type: 'login.completed', returnTo: '/orders' },
          { type: 'session.started', subject: 'alice' },
        ],
        shows: { status: 'signedIn', isUsable: true, facts: writtenAt(0), reason: null, loginStep: null },
        takes: ['login', 'stepUp', 'logout'],
      },
      {
        title: 'The tab is closed, and opened again.',
        opens: found(sessionAt(0)),
        where: signedIn,
        told: [{ type: 'session.started', subject: 'alice' }],
        shows: { isUsable: true, facts: writtenAt(0) },
      },
    ],
  },
  {
    name: 'P6 P8 coming back after a night, with the provider down: reconnecting for an hour, and in by itself',
    chapters: [
      {
        title: 'What is kept expired during the night.',
        opens: found(sessionAt(-9 * hour)),
        where: late,
        told: ['session.started', 'session.reconnecting'],
        asked: ['holdTurn'],
        shows: { status: 'reconnecting', isUsable: false, reason: null, renewal: 'waitingForTurn' },
      },
      {
        title: 'The provider is down, for an hour.',
        steps: [
          { do: 'greet', port: 'holdTurn', news: { type: 'turn.granted' } },
          { do: 'answer', port: 'recheckVault', output: { outcome: 'same' } },
          { do: 'say', port: 'holdTurn', news: { type: 'turn.granted' } },
          { do: 'fail', port: 'requestTokens', code: 'provider_unavailable', retryAfter: 30 * minute },
        ],
        where: late,
        asked: ['recheckVault', 'requestTokens'],
        shows: { status: 'reconnecting', renewal: 'backingOff', renewalProblem: 'provider_unavailable' },
      },
      {
        title: 'It is asked again when it said, and not before, whoever comes back to the page.',
        steps: [
          pass(30 * minute - 1),
          comeBackToPage,
          { do: 'say', port: 'watchConditions', news: { type: 'page.resumed' } },
        ],
        where: late,
      },
      {
        title: 'It is back.',
        steps: [
          pass(1),
          { do: 'settle', port: 'requestTokens' },
          {
            do: 'settle',
            port: 'commitTokens',
            output: { outcome: 'renewed', facts: writtenAt(hour / 2, { revision: 2 }) },
          },
        ],
        where: signedIn,
        told: [{ type: 'session.renewed', expiresAt: testNow + hour / 2 + 5 * minute }],
        asked: [...renewing],
        shows: { status: 'signedIn', facts: { revision: 2 } },
      },
    ],
  },
  {
    name: 'P8 coming back without a refresh token ends, says why, and goes on saying so until a login works',
    chapters: [
      {
        title: 'What is kept has expired, and nothing can renew it.',
        opens: found(sessionAt(-hour, { renewable: false })),
        where: 'ending.clearing',
        asked: [['clearCredentials', { generation: 'login-1', reason: 'expired' }]],
        shows: { status: 'signingOut', isUsable: false },
        refuses: ['login', 'stepUp'],
      },
      {
        title: 'It is removed, and there is nothing to revoke.',
        steps: [...clears, { do: 'settle', port: 'revokeTokens', output: 'skipped' }],
        where: 'unauthenticated',
        told: [
          ended('expired'),
          {
            type: 'logout.finished',
            ending: {
              reason: 'expired',
              from: 'app',
              generation: 'login-1',
              clearing: 'done',
              revoking: 'skipped',
              leavingProvider: 'skipped',
              problems: {},
            },
          },
        ],
        asked: ['revokeTokens'],
        shows: { reason: 'expired', facts: null },
      },
      {
        title: 'The person closes the login window.',
        steps: [logIn, { do: 'fail', port: 'loginInPopup', code: 'popup_closed' }, looksAndFinds(nobody)],
        where: 'unauthenticated',
        told: [{ type: 'login.failed', problem: { code: 'popup_closed', message: 'This is popup_closed.' } }],
        asked: [['loginInPopup', { request: { via: 'popup' } }], 'restoreSession'],
        shows: { reason: 'expired', problem: 'popup_closed' },
      },
      {
        title: 'The next login works.',
        steps: [logIn, { do: 'settle', port: 'loginInPopup', output: sessionAt(0, { generation: 'login-2' }) }],
        where: signedIn,
        told: ['login.completed', 'session.started'],
        asked: ['loginInPopup'],
        shows: { reason: null, problem: undefined, facts: { generation: 'login-2' } },
      },
    ],
  },
  {
    name: 'P20 storage that cannot be read at opening is told, and is no dead end',
    chapters: [
      {
        title: 'The storage does not answer.',
        opens: 'nothing yet',
        steps: [pass(5_000)],
        where: 'unauthenticated',
        shows: { reason: 'storage_lost', problem: 'vault_unavailable' },
        left: ['restoreSession'],
      },
      {
        title: 'On another day what it holds makes no sense.',
        opens: 'nothing yet',
        steps: [{ do: 'fail', port: 'restoreSession', code: 'vault_unreadable' }],
        where: 'unauthenticated',
        shows: { reason: 'storage_lost', problem: 'vault_unreadable' },
      },
      {
        title: 'A login works, and what is wrong with it is told.',
        steps: [
          logIn,
          {
            do: 'settle',
            port: 'loginInPopup',
            output: { ...sessionAt(0), problem: { code: 'vault_unavailable', message: 'Only in memory.' } },
          },
        ],
        where: signedIn,
        told: [
          'login.completed',
          { type: 'session.troubled', problem: { code: 'vault_unavailable' } },
          'session.started',
        ],
        asked: ['loginInPopup'],
        shows: { problem: 'vault_unavailable', isUsable: true },
      },
      {
        title: 'A vault that cannot be read in the middle of a renewal is asked again.',
        steps: [
          pass(4 * minute),
          { do: 'say', port: 'holdTurn', news: { type: 'turn.granted' } },
          { do: 'fail', port: 'recheckVault', code: 'vault_unavailable' },
          pass(750),
          ...requestGoesOut,
          ...renewalGoesThrough(writtenAt(4 * minute, { revision: 2 })).slice(2),
        ],
        where: signedIn,
        told: ['session.renewed'],
        asked: ['holdTurn', 'recheckVault', ...renewing],
      },
      {
        title: 'Someone who asks for a token has one.',
        steps: [needToken],
        where: 'active.access.refreshing.early',
        asked: ['holdTurn'],
      },
      {
        title: 'After a logout a reload finds the same.',
        opens: left,
        where: 'loggedOut',
        shows: { reason: 'logout' },
      },
    ],
  },
]

tellJourneys('coming in', journeys)
