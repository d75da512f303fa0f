import { nothingElsewhere } from '../patches.ts'
import { accountSetup } from './setup.ts'
import { metadata } from './states/metadata.ts'
import { profile } from './states/profile.ts'

/** Profile and user metadata of one person, each on its own. A failure in here never ends a session. */
export const accountMachine = accountSetup.createMachine({
  id: 'account',
  description: 'The profile and the user metadata of the person who is signed in.',
  context: ({ input }) => ({
    ...input,
    profileProblem: null,
    metadata: null,
    writable: null,
    pending: [],
    metadataProblem: null,
    elsewhere: nothingElsewhere,
    attempts: 0,
  }),
  invoke: {
    id: 'watchConditions',
    src: 'watchConditions',
    input: ({ context }) => ({ subject: context.subject }),
    onError: { description: 'Without a watch, people ask for another try themselves.' },
  },
  type: 'parallel',
  states: { profile, metadata },
})
