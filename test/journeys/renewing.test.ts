import { testNow } from '../../services/memory/index.ts'
import { tellJourneys, type Journey } from './play.ts'
import {
  answerIsWritten,
  early,
  found,
  hour,
  late,
  logsIn,
  minute,
  pass,
  renewalGoesThrough,
  renewalIsRefused,
  renewing,
  requestGoesOut,
  second,
  sessionAt,
  signedIn,
  writtenAt,
} from './telling.ts'

const journeys: readonly Journey[] = [
  {
    name: 'P7 P10 a working day of renewals goes unnoticed: each on time, once, and the profile is fetched once',
    withAccount: true,
    chapters: [
      {
        title: 'alice comes to work.',
        opens: found(sessionAt(0)),
        steps: [
          { do: 'settle', port: 'loadProfile', output: { sub: 'alice', name: 'Alice' } },
          { do: 'settle', port: 'loadMetadata', output: { metadata: {}, pending: [], writable: true } },
        ],
        where: signedIn,
        told: ['session.started', 'profile.loaded', 'metadata.loaded'],
        asked: [
          ['loadProfile', { subject: 'alice' }],
          ['loadMetadata', { subject: 'alice' }],
        ],
      },
      ...[1, 2, 3, 4].flatMap((time) => [
        {
          title: `Renewal ${time} is due.`,
          steps: [pass(4 * minute - 1), pass(1)],
          where: early,
          asked: [['holdTurn', { facts: { revision: time } }]],
          shows: { status: 'signedIn', isUsable: true, renewal: 'waitingForTurn' },
        } as const,
        {
          title: `Renewal ${time} is done.`,
          steps: renewalGoesThrough(writtenAt(time * 4 * minute, { revision: time + 1 })),
          where: signedIn,
          told: [{ type: 'session.renewed', expiresAt: testNow + time * 4 * minute + 5 * minute }],
          asked: [
            ['recheckVault', { facts: { revision: time } }],
            ['requestTokens', { facts: { revision: time } }],
            ['commitTokens', { facts: { revision: time } }],
          ],
          left: Array.from({ length: time }, () => 'holdTurn' as const),
          shows: { profile: { sub: 'alice', name: 'Alice' }, renewal: undefined },
        } as const,
      ]),
    ],
  },
  {
    name: 'P8 a bad afternoon: 503, then offline past the expiry, then online again, and nothing was lost',
    chapters: [
      { title: 'alice is in.', opens: found(sessionAt(0)), where: signedIn, told: ['session.started'] },
      {
        title: 'The renewal meets a provider that is busy.',
        steps: [
          pass(4 * minute),
          ...requestGoesOut,
          { do: 'fail', port: 'requestTokens', code: 'provider_unavailable' },
        ],
        where: early,
        asked: ['holdTurn', 'recheckVault', 'requestTokens'],
        left: ['holdTurn'],
        shows: { status: 'signedIn', renewal: 'backingOff', renewalProblem: 'provider_unavailable' },
      },
      {
        title: 'The pause has at least half of its step while the old token works.',
        steps: [pass(749)],
        where: early,
      },
      {
        title: 'It is tried again, and the device is offline by then.',
        steps: [pass(1), ...requestGoesOut, { do: 'fail', port: 'requestTokens', code: 'offline' }],
        where: early,
        asked: ['holdTurn', 'recheckVault', 'requestTokens'],
        shows: { renewal: 'waitingForNetwork', renewalProblem: 'offline' },
      },
      {
        title: 'The token expires meanwhile.',
        steps: [pass(minute)],
        where: late,
        told: ['session.reconnecting'],
        shows: { status: 'reconnecting', isUsable: false, facts: { revision: 1 }, renewal: 'waitingForNetwork' },
      },
      {
        title: 'The network is back.',
        steps: [
          { do: 'say', port: 'watchConditions', news: { type: 'network.online' } },
          ...renewalGoesThrough(writtenAt(5 * minute, { revision: 2 })),
        ],
        where: signedIn,
        told: ['session.renewed'],
        asked: renewing,
        shows: { status: 'signedIn', isUsable: true, facts: { revision: 2 }, reason: null, problem: undefined },
      },
    ],
  },
  {
    name: 'P8 a browser that says offline wrongly is not believed for ever, and who does not want to wait need not',
    chapters: [
      {
        title: 'The token has expired, and the device is said to be offline.',
        opens: found(sessionAt(-hour)),
        steps: [...requestGoesOut, { do: 'fail', port: 'requestTokens', code: 'offline' }],
        where: late,
        told: ['session.started', 'session.reconnecting'],
        asked: ['holdTurn', 'recheckVault', 'requestTokens'],
      },
      { title: 'That is doubted after a while.', steps: [pass(99_999), pass(1)], where: late, asked: ['holdTurn'] },
      {
        title: 'The provider names a time; the person does not wait for it.',
        steps: [
          ...requestGoesOut,
          { do: 'fail', port: 'requestTokens', code: 'provider_unavailable', retryAfter: hour },
          { do: 'say', port: 'watchConditions', news: { type: 'network.online' } },
          { do: 'send', event: { type: 'renewal.retry' } },
          ...requestGoesOut,
        ],
        where: late,
        asked: ['recheckVault', 'requestTokens', 'holdTurn', 'recheckVault', 'requestTokens'],
        shows: { renewal: 'renewing' },
      },
      {
        title: 'That was worth it.',
        steps: answerIsWritten(writtenAt(100 * second, { revision: 2 })),
        where: signedIn,
        told: ['session.renewed'],
        asked: ['commitTokens'],
      },
    ],
  },
  {
    name: 'P8 the provider ends the session: told once, with its own words, and a login goes on from there',
    chapters: [
      { title: 'alice is in.', opens: found(sessionAt(0)), where: signedIn, told: ['session.started'] },
      {
        title: 'The provider wants a second factor before it renews.',
        steps: [pass(4 * minute), ...renewalIsRefused('login_required', 'mfa_required')],
        where: 'unauthenticated',
        told: [
          {
            type: 'session.ended',
            reason: 'login_required',
            problem: { code: 'login_required', oauthError: 'mfa_required' },
          },
        ],
        asked: [
          'holdTurn',
          'recheckVault',
          'requestTokens',
          [
            'confirmVerdict',
            { facts: { revision: 1 }, problem: { code: 'login_required', oauthError: 'mfa_required' } },
          ],
        ],
        left: ['holdTurn'],
        shows: { status: 'signedOut', reason: 'login_required', facts: null, isUsable: false },
        takes: ['login'],
        refuses: ['logout'],
      },
      {
        title: 'Time alone changes nothing.',
        steps: [pass(24 * hour)],
        where: 'unauthenticated',
        shows: { reason: 'login_required' },
      },
      {
        title: 'She logs in, and later the provider revokes that session.',
        steps: [
          ...logsIn(sessionAt(24 * hour + 4 * minute, { generation: 'login-2' })),
          pass(4 * minute),
          ...renewalIsRefused('invalid_grant'),
        ],
        where: 'unauthenticated',
        told: ['login.completed', 'session.started', { type: 'session.ended', reason: 'revoked' }],
        asked: ['loginInPopup', 'holdTurn', 'recheckVault', 'requestTokens', 'confirmVerdict'],
        shows: { reason: 'revoked' },
      },
      {
        title: 'After a reload the reason is still known.',
        opens: { outcome: 'empty', reason: 'revoked' },
        where: 'unauthenticated',
        shows: { reason: 'revoked' },
      },
    ],
  },
  {
    name: 'P8 P10 a refusal of the old refresh token, when another tab has renewed, is no verdict on the session',
    chapters: [
      { title: 'alice is in.', opens: found(sessionAt(0)), where: signedIn, told: ['session.started'] },
      {
        title: 'The vault cannot be asked what the refusal was about; without it no verdict counts.',
        steps: [
          pass(4 * minute),
          ...requestGoesOut,
          { do: 'fail', port: 'requestTokens', code: 'invalid_grant' },
          pass(3_000),
          pass(750),
        ],
        where: early,
        asked: ['holdTurn', 'recheckVault', 'requestTokens', 'confirmVerdict', 'holdTurn'],
        left: ['holdTurn', 'confirmVerdict'],
      },
      {
        title: 'Nor the second time.',
        steps: [
          ...requestGoesOut,
          { do: 'fail', port: 'requestTokens', code: 'invalid_grant' },
          { do: 'fail', port: 'confirmVerdict', code: 'vault_unavailable' },
          pass(1_500),
        ],
        where: early,
        asked: ['recheckVault', 'requestTokens', 'confirmVerdict', 'holdTurn'],
        shows: { isUsable: true, renewal: 'waitingForTurn', renewalProblem: 'vault_unavailable' },
      },
      {
        title: 'Then it can: another tab was faster.',
        steps: [
          ...requestGoesOut,
          { do: 'fail', port: 'requestTokens', code: 'invalid_grant' },
          {
            do: 'settle',
            port: 'confirmVerdict',
            output: { outcome: 'adopted', facts: writtenAt(4 * minute, { revision: 2 }) },
          },
        ],
        where: signedIn,
        told: ['session.renewed'],
        asked: ['recheckVault', 'requestTokens', 'confirmVerdict'],
        shows: { facts: { revision: 2 }, reason: null },
      },
    ],
  },
]

tellJourneys('renewing', journeys)
