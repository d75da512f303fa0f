import type { Scenario } from './types.ts'
import { testNow } from '../samples.ts'
import { hour, kept, loadsMetadata, minute, opensAndFinds, pass, second } from './words.ts'

const lasting = { renewAt: testNow + hour, expiresAt: testNow + 2 * hour }

export const idleWarning: Scenario = {
  id: 'idle',
  title: 'Still there?',
  about: 'Ten minutes without a movement end the session; a minute before, the app asks.',
  within: 'session.active',
  policy: { idleTimeout: 10 * minute },
  moments: [
    {
      caption: 'Alice is signed in. This app ends a session after ten minutes in which nobody moves.',
      steps: opensAndFinds(kept(0, lasting)),
    },
    {
      caption: 'She is on the phone. After nine minutes the app asks whether she is still there.',
      steps: [pass(9 * minute)],
    },
    {
      caption: 'She moves the mouse, in whichever tab. The question goes away, and the ten minutes begin anew.',
      steps: [
        pass(20 * second),
        {
          do: 'say',
          port: 'watchActivity',
          news: { type: 'person.active', at: testNow + 9 * minute + 20 * second },
        },
      ],
    },
    { caption: 'Later she goes to lunch without logging out. The app asks again.', steps: [pass(9 * minute)] },
    {
      caption: 'Nobody answers. So that nobody else goes on in her place, the session ends.',
      steps: [pass(minute)],
    },
    {
      caption: 'It is removed here and revoked at the provider. Whoever comes by reads why, and can log in.',
      steps: [
        { do: 'settle', port: 'clearCredentials' },
        { do: 'settle', port: 'revokeTokens', output: 'done' },
      ],
    },
  ],
  endsAt: [['unauthenticated']],
}

export const saveFails: Scenario = {
  id: 'save-fails',
  title: 'A change that cannot be saved',
  chart: 'account',
  about: 'What Alice types is never lost silently: it is tried again, or she is told and chooses.',
  moments: [
    { caption: 'Alice is signed in. Her details say that she lives in Ghent.', steps: opensAndFinds(kept(0)) },
    {
      caption: 'She changes that to Bruges. It shows at once, and is saved behind.',
      steps: [{ do: 'send', event: { type: 'metadata.patch', patch: { city: 'Bruges' } } }],
    },
    {
      caption: 'The server does not answer. Her change is kept in this browser, and will be tried again by itself.',
      steps: [{ do: 'fail', port: 'saveMetadata', code: 'network' }],
    },
    { caption: 'A few seconds later it is tried again.', steps: [pass(5 * second)] },
    {
      caption: 'Now the server answers, and refuses the change. Trying again by itself would not help: Alice is asked.',
      steps: [{ do: 'fail', port: 'saveMetadata', code: 'metadata_refused' }],
    },
    {
      caption: 'She gives it up, and sees what is saved: Ghent. Through all of this she was signed in.',
      steps: [
        { do: 'send', event: { type: 'metadata.discard' } },
        { do: 'settle', port: 'discardPatches' },
        loadsMetadata,
      ],
    },
  ],
  endsAt: [['active.access.authenticated', 'active.limits.within', 'active.stepUp.none']],
}
