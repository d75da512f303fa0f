import { toProblem, type Problem } from '../../errors.ts'
import { completedFact, silentEndedFact } from '../login-facts.ts'
import { sessionSetup } from '../setup.ts'
import type { CompletedLogin, SessionContext } from '../types.ts'
import { logIn } from './signedOut.ts'

const late: Problem = { code: 'timeout', message: 'The provider did not say in time whether someone is signed in.' }

/** The vault says where it goes on: what was found expired before has to end now. */
const answered = {
  target: '#session.checkingStorage',
  actions: { type: 'tell', params: ({ context }: { context: SessionContext }) => silentEndedFact(context) },
} as const

const onError = [
  {
    ...answered,
    guard: { type: 'isLoginWanted', params: ({ event }: { event: { error: unknown } }) => ({ error: event.error }) },
    description: 'The provider would have to ask the person, who is signed out then; that is an answer.',
  },
  {
    target: '#session.checkingStorage',
    actions: {
      type: 'tell',
      params: ({ context, event }: { context: SessionContext; event: { error: unknown } }) =>
        silentEndedFact(context, toProblem(event.error)),
    },
    description: 'The provider could not be asked, which is told and no alarm.',
  },
] as const

const tooLate = {
  target: '#session.checkingStorage',
  actions: { type: 'tell', params: ({ context }: { context: SessionContext }) => silentEndedFact(context, late) },
  description: 'The provider did not answer in time, which is told and no alarm.',
} as const

const signedIn = {
  target: '#session.active',
  actions: [
    { type: 'noteSession', params: ({ event }: { event: { output: CompletedLogin } }) => event.output },
    { type: 'tell', params: ({ event }: { event: { output: CompletedLogin } }) => completedFact(event.output) },
    'tellTrouble',
  ],
  description: 'The person was signed in at the provider, and is now here as well.',
} as const

/** Once per opened page: whatever comes of it, the vault is looked at again, and the provider is not asked a second time. */
export const askingProvider = sessionSetup.createStateConfig({
  description: 'Nobody is signed in here; whether someone is at the provider is being asked without asking the person.',
  tags: 'restoring',
  on: {
    ...logIn,
    logout: {
      target: 'ending',
      actions: { type: 'beginBlindLogout', params: ({ event }) => ({ from: event.from ?? 'app' }) },
      description: 'The person leaves; whatever is kept is removed unseen.',
    },
  },
  initial: 'choosing',
  states: {
    choosing: {
      description: 'The way to ask is the choice of the app.',
      always: [
        { guard: 'isFrameWanted', target: 'inFrame', description: 'The app wants a hidden frame.' },
        { target: 'redirecting', description: 'The app wants this page to go and come back.' },
      ],
    },
    inFrame: {
      description: 'The provider is asked in a hidden frame.',
      invoke: { id: 'loginInFrame', src: 'loginInFrame', onDone: signedIn, onError },
      after: { untilSilentTimeout: tooLate },
    },
    redirecting: {
      description: 'The page is leaving for the provider, which sends it back at once.',
      invoke: {
        id: 'redirectSilently',
        src: 'redirectSilently',
        onDone: { description: 'The browser is on its way; this page ends here.' },
        onError,
      },
      on: {
        'page.restored': { ...answered, description: 'The person came back with the back button.' },
      },
      after: { untilSilentTimeout: tooLate },
    },
    completing: {
      description: 'The page is back from the provider, and its answer is being looked at.',
      invoke: { id: 'completeLogin', src: 'completeLogin', onDone: signedIn, onError },
      after: { untilCompletionTimeout: tooLate },
    },
  },
})
