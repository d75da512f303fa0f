import type { Scenario } from './types.ts'
import { found, hour, kept, loads, minute, nobody, pass, renewalGoesThrough, second, writtenAt } from './words.ts'

export const firstVisit: Scenario = {
  id: 'first-visit',
  title: 'First visit',
  about: 'Nobody is known here yet; Alice logs in at the provider and comes back.',
  moments: [
    { caption: 'Alice opens the app for the first time. It looks whether it knows her.', steps: [{ do: 'open' }] },
    {
      caption: 'Nothing is kept in this browser, so she is asked to log in.',
      steps: [{ do: 'settle', port: 'restoreSession', output: nobody }],
    },
    {
      caption: 'She chooses to log in, and the browser goes to the provider’s login page.',
      steps: [
        { do: 'send', event: { type: 'login' } },
        { do: 'settle', port: 'redirectToLogin' },
      ],
    },
    {
      caption: 'Now she is at the provider. Only there does she enter her password.',
      steps: [{ do: 'close' }, pass(30 * second)],
    },
    {
      caption:
        'She comes back with an answer in the address. The app takes it out of there, and exchanges it for tokens.',
      steps: [{ do: 'open' }, { do: 'settle', port: 'restoreSession', output: { outcome: 'loginResponse' } }],
    },
    {
      caption: 'The provider has confirmed who she is. Alice is in; her profile is on its way.',
      steps: [{ do: 'settle', port: 'completeLogin', output: kept(30 * second) }],
    },
    { caption: 'Her profile and her details are here. That is all there is to a login.', steps: loads },
  ],
  endsAt: [['active.access.authenticated', 'active.limits.within', 'active.stepUp.none']],
}

export const comingBack: Scenario = {
  id: 'coming-back',
  title: 'Coming back',
  about: 'A minute later, Alice is still in without a question; a night later, too.',
  moments: [
    { caption: 'Alice was here a minute ago. She opens the app again.', steps: [{ do: 'open' }] },
    {
      caption: 'Her session is found, and still good: she is in at once. Her name is known from the last visit.',
      steps: [{ do: 'settle', port: 'restoreSession', output: found(kept(-minute)) }],
    },
    { caption: 'Meanwhile her profile and her details have been fetched afresh.', steps: loads },
    {
      caption: 'She closes the tab, goes home, and sleeps.',
      steps: [{ do: 'close' }, pass(14 * hour)],
    },
    {
      caption:
        'In the morning she is back. The access token expired long ago, but not the session: the app reconnects.',
      steps: [{ do: 'open' }, { do: 'settle', port: 'restoreSession', output: found(kept(-minute)) }],
    },
    {
      caption: 'The provider renews it, and she is in. Nobody asked for her password.',
      steps: renewalGoesThrough(writtenAt(14 * hour, { revision: 2 })),
    },
    { caption: 'Profile and details are fetched with the new token.', steps: loads },
  ],
  endsAt: [['active.access.authenticated', 'active.limits.within', 'active.stepUp.none']],
}
