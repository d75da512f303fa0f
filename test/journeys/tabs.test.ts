import { testNow } from '../../services/memory/index.ts'
import { tellJourneys, type Journey } from './play.ts'
import {
  bob,
  comeBackToPage,
  early,
  ended,
  found,
  hour,
  logsIn,
  looksAndFinds,
  minute,
  needToken,
  pass,
  requestGoesOut,
  second,
  sessionAt,
  siblingTells,
  signedIn,
  stepUp,
  writtenAt,
} from './telling.ts'

const journeys: readonly Journey[] = [
  {
    name: 'P11 P12 a logout in another tab in the middle of a renewal: out at once, and in again with the next login there',
    chapters: [
      {
        title: 'alice’s refresh token is on its way.',
        opens: found(sessionAt(0)),
        steps: [pass(4 * minute), ...requestGoesOut],
        where: early,
        told: ['session.started'],
        asked: ['holdTurn', 'recheckVault', 'requestTokens'],
      },
      {
        title: 'She leaves in another tab. Nothing is removed or revoked from here.',
        steps: [siblingTells({ type: 'sibling.ended', generation: 'login-1', reason: 'logout' })],
        where: 'loggedOut',
        told: [ended('logout')],
        left: ['holdTurn', 'requestTokens'],
        shows: { status: 'signedOut', reason: 'logout', facts: null, isUsable: false },
        refuses: ['logout', 'token.required', 'stepUp'],
      },
      {
        title: 'What comes about that session afterwards changes nothing, nor does the time.',
        steps: [
          siblingTells({ type: 'sibling.renewed', facts: writtenAt(4 * minute, { revision: 2 }) }),
          siblingTells({ type: 'sibling.ended', generation: 'login-1', reason: 'logout' }),
          comeBackToPage,
          needToken,
          pass(24 * hour),
        ],
        where: 'loggedOut',
      },
      {
        title: 'She logs in again there.',
        steps: [siblingTells({ type: 'sibling.loggedIn', ...sessionAt(24 * hour, { generation: 'login-2' }) })],
        where: 'checkingStorage.looking',
        asked: ['restoreSession'],
        shows: { facts: null },
      },
      {
        title: 'She is in here as well.',
        steps: [looksAndFinds(found(sessionAt(24 * hour + 4 * minute, { generation: 'login-2' })))],
        where: signedIn,
        told: ['session.started'],
        shows: { facts: { generation: 'login-2' }, reason: null },
      },
    ],
  },
  {
    name: 'P11 an end in another tab for any other reason is told here with that reason; one of another login is not',
    chapters: [
      { title: 'alice is in.', opens: found(sessionAt(0)), where: signedIn, told: ['session.started'] },
      {
        title: 'An older login of hers ends somewhere.',
        steps: [siblingTells({ type: 'sibling.ended', generation: 'login-0', reason: 'logout' })],
        where: signedIn,
        shows: { facts: { generation: 'login-1' }, isUsable: true },
      },
      {
        title: 'Hers was idle too long, says another tab.',
        steps: [siblingTells({ type: 'sibling.ended', generation: 'login-1', reason: 'idle' })],
        where: 'unauthenticated',
        told: [ended('idle')],
        shows: { reason: 'idle', facts: null },
        takes: ['login'],
      },
      {
        title: 'She logs in here.',
        steps: logsIn(sessionAt(0, { generation: 'login-2' })),
        where: signedIn,
        told: ['login.completed', 'session.started'],
        asked: ['loginInPopup'],
        shows: { reason: null },
      },
    ],
  },
  {
    name: 'P13 another person in another tab ends this one, whose tokens nobody gets any more',
    chapters: [
      {
        title: 'alice is in, and a renewal is on its way.',
        opens: found(sessionAt(0)),
        steps: [needToken, ...requestGoesOut],
        where: early,
        told: ['session.started'],
        asked: ['holdTurn', 'recheckVault', 'requestTokens'],
      },
      {
        title: 'bob logs in in another tab.',
        steps: [siblingTells({ type: 'sibling.loggedIn', ...sessionAt(0, bob) })],
        where: 'unauthenticated',
        told: [ended('subject_changed')],
        left: ['holdTurn', 'requestTokens'],
        shows: { reason: 'subject_changed', facts: null, profile: undefined, isUsable: false },
      },
      {
        title: 'His renewals are not hers.',
        steps: [siblingTells({ type: 'sibling.renewed', facts: writtenAt(0, { ...bob, revision: 2 }) })],
        where: 'unauthenticated',
      },
      {
        title: 'She reloads, and the tab is bob’s.',
        opens: found(sessionAt(0, bob)),
        where: signedIn,
        told: [{ type: 'session.started', subject: 'bob' }],
        shows: { profile: { sub: 'bob' } },
      },
    ],
  },
  {
    name: 'P13 where the app wants it, the tab follows to the other person',
    policy: { onSubjectChange: 'follow' },
    chapters: [
      {
        title: 'alice is in.',
        opens: found(sessionAt(0)),
        where: signedIn,
        told: ['session.started'],
        shows: { profile: { sub: 'alice' } },
      },
      {
        title: 'bob logs in in another tab: hers is let go at once.',
        steps: [siblingTells({ type: 'sibling.loggedIn', ...sessionAt(0, bob) })],
        where: 'checkingStorage.looking',
        asked: ['restoreSession'],
        shows: { isUsable: false, status: 'restoring' },
      },
      {
        title: 'The tab is his.',
        steps: [looksAndFinds(found(sessionAt(0, bob)))],
        where: signedIn,
        told: [{ type: 'session.started', subject: 'bob' }],
        shows: { facts: { subject: 'bob' } },
      },
    ],
  },
  {
    name: 'P11 the same person logs in anew in another tab, while a window is open here: both go on',
    chapters: [
      {
        title: 'alice is in, and is about to show her second factor.',
        opens: found(sessionAt(0)),
        steps: [stepUp],
        where: [signedIn, 'active.stepUp.inPopup'],
        told: ['session.started'],
        asked: [['stepUpInPopup', { request: { via: 'popup', acrValues: 'mfa' }, subject: 'alice' }]],
        shows: { isSteppingUp: true, isUsable: true },
      },
      {
        title: 'Her new login in another tab is taken over, and the window stays open.',
        steps: [
          pass(minute),
          siblingTells({
            type: 'sibling.loggedIn',
            ...sessionAt(minute, { generation: 'login-2', renewAt: testNow + 90 * second }),
          }),
        ],
        where: [signedIn, 'active.stepUp.inPopup'],
        shows: { facts: { generation: 'login-2' }, isSteppingUp: true },
      },
      {
        title: 'Its renewal is due when it says; then comes the answer of the window.',
        steps: [
          pass(30 * second),
          {
            do: 'settle',
            port: 'stepUpInPopup',
            output: sessionAt(90 * second, { generation: 'login-3', acr: 'mfa' }),
          },
        ],
        where: signedIn,
        told: ['login.completed'],
        asked: [['holdTurn', { facts: { generation: 'login-2' } }]],
        left: ['holdTurn'],
        shows: { facts: { generation: 'login-3', acr: 'mfa' }, isSteppingUp: false },
      },
    ],
  },
  {
    name: 'P10 a tab in the background is renewed by the others, without a request of its own',
    chapters: [
      { title: 'alice is in.', opens: found(sessionAt(0)), where: signedIn, told: ['session.started'] },
      ...[1, 2, 3].map(
        (time) =>
          ({
            title: `Another tab renews: time ${time}.`,
            steps: [
              pass(4 * minute - 1),
              siblingTells({
                type: 'sibling.renewed',
                facts: writtenAt(time * 4 * minute - time, { revision: time + 1 }),
              }),
              siblingTells({ type: 'sibling.renewed', facts: writtenAt(0, { revision: time }) }),
            ],
            where: signedIn,
            told: [{ type: 'session.renewed', expiresAt: testNow + time * 4 * minute - time + 5 * minute }],
            shows: { facts: { revision: time + 1 }, isUsable: true },
          }) as const,
      ),
      {
        title: 'Then the others are closed, and this tab does it.',
        steps: [pass(4 * minute)],
        where: early,
        asked: [['holdTurn', { facts: { revision: 4 } }]],
      },
    ],
  },
  {
    name: 'P11 what other tabs do while this one looks is not lost: it looks again',
    chapters: [
      {
        title: 'While the vault is read, another tab renews, logs out, and logs in.',
        opens: 'nothing yet',
        steps: [
          siblingTells({ type: 'sibling.renewed', facts: writtenAt(0, { revision: 2 }) }),
          siblingTells({ type: 'sibling.ended', generation: 'login-1', reason: 'logout' }),
          siblingTells({ type: 'sibling.loggedIn', ...sessionAt(0, { generation: 'login-2' }) }),
        ],
        where: 'checkingStorage.looking',
        asked: ['restoreSession', 'restoreSession', 'restoreSession'],
        left: ['restoreSession', 'restoreSession', 'restoreSession'],
      },
      {
        title: 'The last look counts.',
        steps: [looksAndFinds(found(sessionAt(0, { generation: 'login-2' })))],
        where: signedIn,
        told: ['session.started'],
        shows: { facts: { generation: 'login-2' } },
      },
    ],
  },
]

tellJourneys('other tabs', journeys)
