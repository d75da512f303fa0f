import { startLocalProvider } from '../../idp/index.ts'
import { app, type TestProvider } from './types.ts'

/** The provider of this repository: oidc-provider, with Auth0's user API beside it. */
export const localProvider: TestProvider = {
  name: 'oidc-provider',
  async start() {
    const { issuer, clientId, stop } = await startLocalProvider({ apps: [app] })
    return {
      options: { authority: issuer, clientId },
      person: { username: 'alice', password: 'looking-glass' },
      stop,
    }
  },
}
