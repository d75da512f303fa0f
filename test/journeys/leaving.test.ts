import { testNow } from '../../services/memory/index.ts'
import { tellJourneys, type Journey } from './play.ts'
import {
  clears,
  ended,
  found,
  hour,
  left,
  logIn,
  logOut,
  needToken,
  pass,
  requestGoesOut,
  revokes,
  sessionAt,
  signedIn,
} from './telling.ts'

const journeys: readonly Journey[] = [
  {
    name: 'P12 P17 leaving for good: removed, revoked, gone from the provider, and nobody is logged in again by a reload',
    policy: { silentLogin: 'iframe' },
    chapters: [
      { title: 'alice is in.', opens: found(sessionAt(0)), where: signedIn, told: ['session.started'] },
      {
        title: 'She leaves, in the middle of a renewal; the app and the provider.',
        steps: [needToken, ...requestGoesOut, { do: 'send', event: { type: 'logout', from: 'provider' } }],
        where: 'ending.clearing',
        asked: [
          'holdTurn',
          'recheckVault',
          'requestTokens',
          ['clearCredentials', { generation: 'login-1', reason: 'logout' }],
        ],
        left: ['holdTurn', 'requestTokens'],
        shows: { status: 'signingOut', isUsable: false },
        refuses: ['login', 'token.required', 'stepUp'],
      },
      {
        title: 'The credentials are removed here and in all tabs, and that is told.',
        steps: clears,
        where: 'ending.revoking',
        told: [ended('logout')],
        asked: ['revokeTokens'],
        shows: { facts: null },
      },
      {
        title: 'The refresh token is revoked.',
        steps: revokes,
        where: 'ending.leavingProvider',
        asked: ['leaveProvider'],
      },
      {
        title: 'The page goes to the provider, and comes back.',
        steps: [{ do: 'settle', port: 'leaveProvider', output: 'done' }],
        where: 'loggedOut',
        told: [
          {
            type: 'logout.finished',
            ending: {
              reason: 'logout',
              from: 'provider',
              generation: 'login-1',
              clearing: 'done',
              revoking: 'done',
              leavingProvider: 'done',
              problems: {},
            },
          },
        ],
        shows: { status: 'signedOut', reason: 'logout' },
      },
      {
        title: 'A reload finds that she left; the provider is not asked whether it still knows her.',
        opens: left,
        where: 'loggedOut',
        shows: { reason: 'logout', facts: null },
        takes: ['login'],
      },
    ],
  },
  {
    name: 'P17 a logout without a network, and storage that refuses: out here all the same, and told what failed',
    chapters: [
      { title: 'alice is in.', opens: found(sessionAt(0)), where: signedIn, told: ['session.started'] },
      {
        title: 'Nothing works.',
        steps: [
          { do: 'send', event: { type: 'logout', from: 'provider' } },
          { do: 'fail', port: 'clearCredentials', code: 'vault_unavailable' },
          { do: 'fail', port: 'revokeTokens', code: 'offline' },
          { do: 'fail', port: 'leaveProvider', code: 'network' },
        ],
        where: 'loggedOut',
        told: [
          ended('logout'),
          {
            type: 'logout.finished',
            ending: {
              clearing: 'failed',
              revoking: 'failed',
              leavingProvider: 'failed',
              problems: {
                clearing: { code: 'vault_unavailable' },
                revoking: { code: 'offline' },
                leavingProvider: { code: 'network' },
              },
            },
          },
        ],
        asked: ['clearCredentials', 'revokeTokens', 'leaveProvider'],
        shows: { facts: null, isUsable: false, reason: 'logout' },
      },
    ],
  },
  {
    name: 'P17 a logout with everything hanging is over in three times the patience, and nothing undoes it',
    chapters: [
      { title: 'alice is in.', opens: found(sessionAt(0)), where: signedIn, told: ['session.started'] },
      {
        title: 'The storage hangs.',
        steps: [{ do: 'send', event: { type: 'logout', from: 'provider' } }, pass(3_999)],
        where: 'ending.clearing',
        asked: ['clearCredentials'],
      },
      {
        title: 'It is not waited for any longer.',
        steps: [pass(1)],
        where: 'ending.revoking',
        told: [ended('logout')],
        asked: ['revokeTokens'],
      },
      { title: 'The provider hangs.', steps: [pass(4_000)], where: 'ending.leavingProvider', asked: ['leaveProvider'] },
      {
        title: 'Its logout page does not come.',
        steps: [pass(4_000)],
        where: 'loggedOut',
        told: [
          {
            type: 'logout.finished',
            ending: { clearing: 'timedOut', revoking: 'timedOut', leavingProvider: 'timedOut', problems: {} },
          },
        ],
        left: ['clearCredentials', 'revokeTokens', 'leaveProvider'],
      },
      {
        title: 'Another one is at the logout page of the provider, and comes back by the button.',
        opens: found(sessionAt(0)),
        steps: [
          { do: 'send', event: { type: 'logout', from: 'provider' } },
          ...clears,
          ...revokes,
          { do: 'say', port: 'watchPage', news: { type: 'page.restored' } },
        ],
        where: 'loggedOut',
        told: ['session.started', ended('logout'), 'logout.finished'],
        asked: ['clearCredentials', 'revokeTokens', 'leaveProvider'],
        shows: { reason: 'logout' },
      },
    ],
  },
  {
    name: 'P12 a logout before anyone knows who is there, and in the middle of a login, removes whatever is kept',
    chapters: [
      {
        title: 'The vault is still being read.',
        opens: 'nothing yet',
        steps: [logOut],
        where: 'ending.clearing',
        asked: [['clearCredentials', { generation: null, reason: 'logout' }]],
        left: ['restoreSession'],
      },
      {
        title: 'Out.',
        steps: [...clears, ...revokes],
        where: 'loggedOut',
        told: [ended('logout'), 'logout.finished'],
        asked: ['revokeTokens'],
      },
      {
        title: 'A code is being exchanged.',
        opens: { outcome: 'loginResponse' },
        steps: [logOut, ...clears, ...revokes],
        where: 'loggedOut',
        told: [ended('logout'), 'logout.finished'],
        asked: ['completeLogin', ['clearCredentials', { generation: null, reason: 'logout' }], 'revokeTokens'],
        left: ['completeLogin'],
        shows: { facts: null },
      },
      {
        title: 'The login window is open, over a session that is still there.',
        opens: found(sessionAt(0)),
        steps: [logIn, logOut, ...clears, ...revokes],
        where: 'loggedOut',
        told: ['session.started', ended('logout'), 'logout.finished'],
        asked: ['loginInPopup', ['clearCredentials', { generation: null, reason: 'logout' }], 'revokeTokens'],
        left: ['loginInPopup'],
        shows: { facts: null },
      },
    ],
  },
  {
    name: 'P17 who leaves while the session ends for another reason has left, and the mark says so',
    chapters: [
      {
        title: 'The session has reached its greatest age while the app was closed.',
        opens: found(sessionAt(0, { ceilingAt: testNow })),
        where: 'ending.clearing',
        asked: [['clearCredentials', { generation: 'login-1', reason: 'ceiling' }]],
      },
      {
        title: 'The person leaves at the same moment: it is marked anew.',
        steps: [logOut],
        where: 'ending.clearing',
        asked: [['clearCredentials', { generation: 'login-1', reason: 'logout' }]],
        left: ['clearCredentials'],
      },
      {
        title: 'Out, and told once.',
        steps: [...clears, ...revokes],
        where: 'loggedOut',
        told: [ended('logout'), 'logout.finished'],
        asked: ['revokeTokens'],
      },
      {
        title: 'Another time it has been removed already when the person leaves, twice.',
        opens: found(sessionAt(-hour, { renewable: false })),
        steps: [...clears, logOut, { do: 'send', event: { type: 'logout', from: 'provider' } }, ...clears, ...revokes],
        where: 'ending.leavingProvider',
        told: [ended('expired')],
        asked: [
          ['clearCredentials', { reason: 'expired' }],
          'revokeTokens',
          ['clearCredentials', { generation: 'login-1', reason: 'logout' }],
          'revokeTokens',
          'leaveProvider',
        ],
      },
      {
        title: 'The provider has no logout page.',
        steps: [{ do: 'settle', port: 'leaveProvider', output: 'unsupported' }],
        where: 'loggedOut',
        told: [
          { type: 'logout.finished', ending: { reason: 'logout', from: 'provider', leavingProvider: 'unsupported' } },
        ],
        shows: { reason: 'logout' },
      },
    ],
  },
]

tellJourneys('leaving', journeys)
