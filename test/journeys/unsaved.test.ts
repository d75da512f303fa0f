import { tellJourneys, type Journey } from './play.ts'
import {
  comeBackToPage,
  early,
  ended,
  found,
  left,
  looksAndFinds,
  minute,
  pass,
  renewing,
  requestGoesOut,
  sessionAt,
  signedIn,
  writtenAt,
} from './telling.ts'

const journeys: readonly Journey[] = [
  {
    name: 'P5 renewed tokens that cannot be written are used, told, kept from other tabs and written later',
    chapters: [
      { title: 'alice is in.', opens: found(sessionAt(0)), where: signedIn, told: ['session.started'] },
      {
        title: 'The disk is full when the renewal is written.',
        steps: [
          pass(4 * minute),
          ...requestGoesOut,
          { do: 'settle', port: 'requestTokens' },
          {
            do: 'settle',
            port: 'commitTokens',
            output: { outcome: 'unsaved', facts: writtenAt(4 * minute, { revision: 2 }) },
          },
        ],
        where: 'active.access.unsaved.writing',
        told: ['session.renewed', { type: 'session.troubled', problem: { code: 'store_failed' } }],
        asked: [...renewing, ['saveCredentials', { facts: { revision: 2 } }]],
        shows: { status: 'signedIn', isUsable: true, isUnsaved: true, facts: { revision: 2 } },
      },
      {
        title: 'It is still full, and hangs for a while.',
        steps: [{ do: 'fail', port: 'saveCredentials', code: 'store_failed' }, pass(20_000), pass(5_000)],
        where: 'active.access.unsaved.pausing',
        asked: ['saveCredentials'],
      },
      {
        title: 'The person makes room, and comes back to the page.',
        steps: [
          comeBackToPage,
          {
            do: 'settle',
            port: 'saveCredentials',
            output: { outcome: 'stored', facts: writtenAt(4 * minute, { revision: 2 }) },
          },
        ],
        where: signedIn,
        asked: ['saveCredentials'],
        shows: { isUnsaved: false },
      },
      {
        title: 'The next renewal is not written either, and its time runs out before it is.',
        steps: [
          pass(4 * minute - 25_000),
          ...requestGoesOut,
          { do: 'settle', port: 'requestTokens' },
          {
            do: 'settle',
            port: 'commitTokens',
            output: { outcome: 'unsaved', facts: writtenAt(8 * minute, { revision: 3 }) },
          },
          { do: 'refuse', port: 'saveCredentials', code: 'store_failed' },
          { do: 'fail', port: 'saveCredentials', code: 'store_failed' },
          pass(4 * minute - 1),
        ],
        where: 'active.access.unsaved.pausing',
        told: ['session.renewed', 'session.troubled'],
        asked: [...renewing, ...Array.from({ length: 12 }, () => 'saveCredentials' as const)],
      },
      {
        title: 'It is renewed with what is in memory.',
        steps: [pass(1)],
        where: early,
        asked: [['holdTurn', { facts: { revision: 3 } }]],
      },
    ],
  },
  {
    name: 'P12 what could not be written and was logged out elsewhere meanwhile is thrown away',
    chapters: [
      {
        title: 'A renewal is usable and not written.',
        opens: found(sessionAt(0)),
        steps: [
          pass(4 * minute),
          ...requestGoesOut,
          { do: 'settle', port: 'requestTokens' },
          {
            do: 'settle',
            port: 'commitTokens',
            output: { outcome: 'unsaved', facts: writtenAt(4 * minute, { revision: 2 }) },
          },
        ],
        where: 'active.access.unsaved.writing',
        told: ['session.started', 'session.renewed', 'session.troubled'],
        asked: [...renewing, 'saveCredentials'],
      },
      {
        title: 'It turns out that the person left in another tab.',
        steps: [{ do: 'settle', port: 'saveCredentials', output: { outcome: 'discarded' } }, looksAndFinds(left)],
        where: 'loggedOut',
        told: [ended('logout')],
        asked: ['restoreSession'],
        shows: { facts: null, reason: 'logout' },
      },
    ],
  },
]

tellJourneys('renewed and not written', journeys)
