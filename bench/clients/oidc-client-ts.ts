import { UserManager, WebStorageStateStore } from 'oidc-client-ts'
import type { CreateClient } from './client.ts'

/** What react-oidc-context stands on and does; it adds React. Kept in localStorage, so that it outlives the tab, too. */
export const create: CreateClient = ({ issuer, clientId, redirectUri, lead }) => {
  const manager = new UserManager({
    authority: issuer,
    client_id: clientId,
    redirect_uri: redirectUri,
    scope: 'openid profile email offline_access',
    userStore: new WebStorageStateStore({ store: localStorage }),
    automaticSilentRenew: true,
    accessTokenExpiringNotificationTimeInSeconds: lead,
  })
  return {
    async open() {
      if (location.pathname === '/callback') {
        const user = await manager.signinCallback()
        history.replaceState(null, '', '/')
        return user?.profile.sub ?? null
      }
      return (await manager.getUser())?.profile.sub ?? null
    },
    login: () => manager.signinRedirect(),
    async renewed() {
      const user = await manager.signinSilent()
      if (!user) throw new Error('nobody is signed in')
      return user.access_token
    },
    async token() {
      const user = await manager.getUser()
      const usable = user !== null && user.expired !== true ? user : await manager.signinSilent()
      if (!usable) throw new Error('nobody is signed in')
      return usable.access_token
    },
    user: async () => (await manager.getUser())?.profile.sub ?? null,
  }
}
