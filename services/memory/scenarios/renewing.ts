import type { Scenario } from './types.ts'
import {
  answerIsWritten,
  kept,
  minute,
  opensAndFinds,
  pass,
  renewalGoesThrough,
  requestGoesOut,
  second,
  verdictIsConfirmed,
  writtenAt,
} from './words.ts'

const signedIn = ['active.access.authenticated', 'active.limits.within', 'active.stepUp.none'] as const
const isIn = { caption: 'Alice is signed in. Her access token lasts five minutes.', steps: opensAndFinds(kept(0)) }

export const renewal: Scenario = {
  id: 'renewal',
  title: 'Renewal',
  about: 'The access token is replaced in time, and Alice notices nothing.',
  chart: 'renewal',
  moments: [
    isIn,
    {
      caption: 'Four minutes later it is time to renew. The old token still works, so nothing changes for Alice.',
      steps: [pass(4 * minute)],
    },
    {
      caption: 'One tab renews for all of them, and it is this tab’s turn. First it looks whether another was faster.',
      steps: requestGoesOut.slice(0, 1),
    },
    { caption: 'None was. The refresh token goes to the provider.', steps: requestGoesOut.slice(1) },
    {
      caption: 'The provider sends new tokens. They are kept before anybody uses them.',
      steps: answerIsWritten(writtenAt(4 * minute, { revision: 2 })).slice(0, 1),
    },
    {
      caption: 'Done: five more minutes. Alice has seen nothing of all this.',
      steps: answerIsWritten(writtenAt(4 * minute, { revision: 2 })).slice(1),
    },
  ],
  endsAt: [signedIn],
}

export const offlineThroughExpiry: Scenario = {
  id: 'offline',
  title: 'Offline through an expiry',
  about: 'The train goes through a tunnel, the access token expires, and Alice stays in.',
  chart: 'renewal',
  moments: [
    isIn,
    { caption: 'It is time to renew, just as the train enters a tunnel.', steps: [pass(4 * minute)] },
    {
      caption: 'There is no network. The old token still works for a minute; the app waits for the network.',
      steps: [...requestGoesOut, { do: 'fail', port: 'requestTokens', code: 'offline' }],
    },
    {
      caption: 'The token has expired. The app says that it reconnects, and throws nothing away.',
      steps: [pass(minute)],
    },
    {
      caption: 'Out of the tunnel: the network is back, and the renewal is tried again at once.',
      steps: [pass(20 * second), { do: 'say', port: 'watchConditions', news: { type: 'network.online' } }],
    },
    {
      caption: 'It works. Alice goes on where she was.',
      steps: renewalGoesThrough(writtenAt(5 * minute + 20 * second, { revision: 2 })),
    },
  ],
  endsAt: [signedIn],
}

export const providerDown: Scenario = {
  id: 'provider-down',
  title: 'The provider is down',
  about: 'The provider cannot answer; the app is patient, and nobody is thrown out for it.',
  chart: 'renewal',
  moments: [
    isIn,
    {
      caption: 'It is time to renew, but the provider has a bad day. The app will try again in a moment.',
      steps: [pass(4 * minute), ...requestGoesOut, { do: 'fail', port: 'requestTokens', code: 'provider_unavailable' }],
    },
    {
      caption: 'The second try. The provider asks to be left alone for two minutes, and the app does so.',
      steps: [
        pass(2 * second),
        ...requestGoesOut,
        { do: 'fail', port: 'requestTokens', code: 'provider_unavailable', retryAfter: 2 * minute },
      ],
    },
    {
      caption: 'The token has expired. The app says that it reconnects; Alice can ask for another try at once.',
      steps: [pass(minute)],
    },
    {
      caption: 'She does not want to wait, and presses “Try now”.',
      steps: [{ do: 'send', event: { type: 'renewal.retry' } }, ...requestGoesOut],
    },
    {
      caption: 'The provider is well again, and so is the session.',
      steps: answerIsWritten(writtenAt(5 * minute + 2 * second, { revision: 2 })),
    },
  ],
  endsAt: [signedIn],
}

export const revoked: Scenario = {
  id: 'revoked',
  title: 'The refresh token is revoked',
  about: 'Only a verdict of the provider ends a session; the app says so, and offers a way back.',
  chart: 'renewal',
  moments: [
    isIn,
    {
      caption: 'Somebody in the office withdraws Alice’s access. She cannot know yet: her token still works.',
      steps: [pass(2 * minute)],
    },
    {
      caption: 'At the next renewal the provider refuses: this refresh token is not valid any more.',
      steps: [
        pass(2 * minute),
        ...requestGoesOut,
        { do: 'fail', port: 'requestTokens', code: 'invalid_grant', oauthError: 'invalid_grant' },
      ],
    },
    {
      caption:
        'The app makes sure that this was about what it keeps. It was: the session is over, and Alice reads why.',
      steps: [verdictIsConfirmed('invalid_grant', 'invalid_grant')],
    },
  ],
  endsAt: [['unauthenticated']],
}
