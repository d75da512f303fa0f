import { testNow } from '../../services/memory/index.ts'
import { tellJourneys, type Journey } from './play.ts'
import {
  clears,
  ended,
  found,
  hour,
  logsIn,
  minute,
  pass,
  renewalGoesThrough,
  renewing,
  revokes,
  sessionAt,
  signedIn,
  writtenAt,
} from './telling.ts'

const journeys: readonly Journey[] = [
  {
    name: 'P9 a greatest age: warned of, not moved by being there or by renewals, ended here and everywhere, and set anew by a login',
    chapters: [
      {
        title: 'alice is in, for ten minutes at most.',
        opens: found(sessionAt(0, { ceilingAt: testNow + 10 * minute })),
        steps: [
          pass(4 * minute),
          ...renewalGoesThrough(writtenAt(4 * minute, { revision: 2, ceilingAt: testNow + 10 * minute })),
        ],
        where: signedIn,
        told: ['session.started', 'session.renewed'],
        asked: renewing,
        shows: { limitNear: null },
      },
      {
        title: 'A minute ahead she is warned; being there does not help.',
        steps: [
          pass(4 * minute),
          ...renewalGoesThrough(writtenAt(8 * minute, { revision: 3, ceilingAt: testNow + 10 * minute })),
          pass(minute),
          { do: 'say', port: 'watchActivity', news: { type: 'person.active', at: testNow + 9 * minute } },
        ],
        where: [signedIn, 'active.limits.warned'],
        told: ['session.renewed', { type: 'session.limitNear', limit: 'ceiling', at: testNow + 10 * minute }],
        asked: renewing,
        shows: { limitNear: { limit: 'ceiling' }, isUsable: true },
      },
      {
        title: 'It ends, though the token would still do.',
        steps: [pass(minute), ...clears, ...revokes],
        where: 'unauthenticated',
        told: [ended('ceiling'), 'logout.finished'],
        asked: [['clearCredentials', { generation: 'login-1', reason: 'ceiling' }], 'revokeTokens'],
        shows: { reason: 'ceiling' },
      },
      {
        title: 'She logs in, for another ten minutes.',
        steps: [
          ...logsIn(sessionAt(10 * minute, { generation: 'login-2', ceilingAt: testNow + 20 * minute })),
          pass(3 * minute),
        ],
        where: signedIn,
        told: ['login.completed', 'session.started'],
        asked: ['loginInPopup'],
        shows: { limitNear: null },
      },
    ],
  },
  {
    name: 'P9 idleness: warned of, put off by being there, not by renewals, and not by a first movement after it passed',
    policy: { idleTimeout: 10 * minute },
    chapters: [
      {
        title: 'alice is in, and does nothing while she is renewed.',
        opens: found(sessionAt(0)),
        steps: [
          pass(4 * minute),
          ...renewalGoesThrough(writtenAt(4 * minute, { revision: 2 })),
          pass(4 * minute),
          ...renewalGoesThrough(writtenAt(8 * minute, { revision: 3 })),
          pass(minute),
        ],
        where: [signedIn, 'active.limits.warned'],
        told: [
          'session.started',
          'session.renewed',
          'session.renewed',
          { type: 'session.limitNear', limit: 'idle', at: testNow + 10 * minute },
        ],
        asked: [...renewing, ...renewing],
      },
      {
        title: 'She is still there, in another tab.',
        steps: [{ do: 'say', port: 'watchActivity', news: { type: 'person.active', at: testNow + 9 * minute } }],
        where: signedIn,
        shows: { limitNear: null },
      },
      {
        title: 'She goes to bed; the next morning’s first movement comes before any timer.',
        steps: [
          { do: 'shift', ms: 8 * hour },
          { do: 'say', port: 'watchActivity', news: { type: 'person.active', at: testNow + 8 * hour } },
        ],
        where: 'ending.clearing',
        asked: [['clearCredentials', { generation: 'login-1', reason: 'idle' }]],
      },
      {
        title: 'She is out, and the provider is not asked to let her in silently.',
        steps: [...clears, ...revokes],
        where: 'unauthenticated',
        told: [ended('idle'), 'logout.finished'],
        asked: ['revokeTokens'],
        shows: { reason: 'idle' },
      },
    ],
  },
]

tellJourneys('limits', journeys)
