import { createSession } from 'sessionchart'

export const session = createSession({
  authority: import.meta.env.VITE_AUTHORITY,
  clientId: import.meta.env.VITE_CLIENT_ID,
  redirectUri: `${location.origin}/callback`,
  idleTimeout: 30 * 60_000,
})

// The session has taken the login's answer out of the address; where to go then is the app's.
const goBack = ({ returnTo = '/' }) => history.replaceState(null, '', returnTo)
session.on('login.completed', goBack)
session.on('login.failed', goBack)
