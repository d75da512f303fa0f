import type { Scenario } from './types.ts'
import { answerIsWritten, inTab, kept, minute, opensAndFinds, pass, requestGoesOut, writtenAt } from './words.ts'

const signedIn = ['active.access.authenticated', 'active.limits.within', 'active.stepUp.none'] as const
const bothAreIn = {
  caption: 'Alice has the app open in two tabs. Both know her.',
  steps: [...opensAndFinds(kept(0)), ...opensAndFinds(kept(0), 1)],
}
const renewed = writtenAt(4 * minute, { revision: 2 })

export const twoTabs: Scenario = {
  id: 'two-tabs',
  title: 'Two tabs at once',
  about: 'Both tabs want to renew in the same second; one of them does, and the other takes over what it got.',
  chart: 'renewal',
  tabs: 2,
  moments: [
    bothAreIn,
    { caption: 'Four minutes later both want to renew, and ask for their turn.', steps: [pass(4 * minute)] },
    {
      caption: 'The first tab has the turn. The second waits, so that the refresh token is spent only once.',
      steps: requestGoesOut,
    },
    {
      caption: 'The provider answers. The first tab keeps the new tokens, and is done.',
      steps: answerIsWritten(renewed),
    },
    {
      caption: 'It tells the second tab to look, which takes them over: one request for two tabs.',
      steps: [
        {
          do: 'say',
          port: 'watchConditions',
          news: { type: 'sibling.renewed', facts: renewed },
          tab: 1,
          from: 0,
        },
      ],
    },
  ],
  endsAt: [signedIn, signedIn],
}

export const loggedOutElsewhere: Scenario = {
  id: 'logged-out-elsewhere',
  title: 'Logged out elsewhere',
  about: 'Alice logs out in one tab, and is logged out in the other.',
  tabs: 2,
  moments: [
    bothAreIn,
    {
      caption: 'In the first tab she logs out. What is kept of the session is removed before anything else.',
      steps: [{ do: 'send', event: { type: 'logout' } }],
    },
    {
      caption: 'It is gone. The other tab hears of it at once, and shows nothing of hers any more.',
      steps: [
        { do: 'settle', port: 'clearCredentials' },
        ...inTab(1, [
          {
            do: 'say',
            port: 'watchSiblings',
            news: { type: 'sibling.ended', generation: 'login-1', reason: 'logout' },
            from: 0,
          },
        ]),
      ],
    },
    {
      caption: 'The provider has revoked the refresh token as well. Both tabs say: you are logged out.',
      steps: [{ do: 'settle', port: 'revokeTokens', output: 'done' }],
    },
  ],
  endsAt: [['loggedOut'], ['loggedOut']],
}
