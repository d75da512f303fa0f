import { renewalSetup } from './setup.ts'
import { backingOff, waitingForNetwork } from './states/pauses.ts'
import { takingTurn } from './states/takingTurn.ts'

/** One renewal, from the turn to the commit. It ends only with an outcome; failures on the way are tried again. */
export const renewalMachine = renewalSetup.createMachine({
  id: 'renewal',
  description: 'One renewal of the credentials, from the turn to the write.',
  context: ({ input }) => ({ ...input, attempts: 0, problem: null, notBefore: 0, result: null }),
  invoke: {
    id: 'watchConditions',
    src: 'watchConditions',
    input: ({ context }) => ({ facts: context.facts }),
    onError: { description: 'Without a watch, the pauses end by time alone.' },
  },
  initial: 'takingTurn',
  states: {
    takingTurn,
    backingOff,
    waitingForNetwork,
    renewed: { type: 'final', description: 'The credentials are new and written.' },
    unsaved: { type: 'final', description: 'The credentials are new and usable, but not written yet.' },
    adopted: { type: 'final', description: 'Another tab had renewed; its credentials are taken over.' },
    discarded: { type: 'final', description: 'The session that was to be renewed is not in the vault any more.' },
    rejected: {
      type: 'final',
      description: 'The provider ended the session, and the vault confirmed that it meant this one.',
    },
  },
  // Where nothing was noted, there is nothing that could be handed on.
  output: ({ context }) => context.result ?? { outcome: 'discarded' },
})
