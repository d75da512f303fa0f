import type { IncomingMessage, ServerResponse } from 'node:http'
import type Provider from 'oidc-provider'
import { describe, errorPage } from './pages/error.ts'
import { sendPage } from './pages/page.ts'

/**
 * Auth0's own logout, `GET /v2/logout?client_id=…&returnTo=…`: ends the session of this browser at the provider, without
 * asking, and sends the person to an address that the app has registered. No token is revoked by it.
 */
export async function handleAuth0Logout(
  provider: Provider,
  apps: readonly string[],
  req: IncomingMessage,
  res: ServerResponse,
) {
  const { searchParams } = new URL(req.url ?? '', provider.issuer)
  const refuse = (error: string, description: string) =>
    sendPage(res, 400, errorPage(describe({ error, error_description: description }, apps)), apps)

  const clientId = searchParams.get('client_id')
  const client = clientId === null ? undefined : await provider.Client.find(clientId)
  if (clientId !== null && client === undefined) return refuse('invalid_client', 'client not found')
  // Without a client, those that are allowed for all of them.
  const allowed = client?.postLogoutRedirectUris ?? apps.map((origin) => `${origin}/`)
  const returnTo = searchParams.get('returnTo') ?? allowed[0]
  if (returnTo === undefined || !allowed.includes(returnTo))
    return refuse('invalid_request', 'returnTo is not among the Allowed Logout URLs')

  const ctx = provider.createContext(req, res)
  const session = await provider.Session.get(ctx)
  if (session.accountId !== undefined) await session.destroy()
  ctx.cookies.set(provider.cookieName('session'), null, { httpOnly: true, sameSite: 'lax' })
  res.setHeader('Cache-Control', 'no-store')
  res.statusCode = 302
  res.setHeader('Location', returnTo)
  res.end()
}
