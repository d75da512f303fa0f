import { oauthProvider } from '@better-auth/oauth-provider'
import { betterAuth, type BetterAuthPlugin } from 'better-auth'
import { memoryAdapter } from 'better-auth/adapters/memory'
import { getAuthTables } from 'better-auth/db'
import { toNodeHandler } from 'better-auth/node'
import { jwt } from 'better-auth/plugins/jwt'
import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { listen, readBody } from '../../idp/http-server.ts'
import { app, type TestProvider } from './types.ts'

const person = { username: 'alice@example.org', password: 'looking-glass' }

/** better-auth with its plugin for OAuth 2.1 and OpenID Connect, in this process and in memory. */
export const betterAuthProvider: TestProvider = {
  name: 'better-auth',
  async start() {
    // Made when the port is known, which is before anyone can ask.
    let auth: Auth | undefined
    const server = await listen(0, (port) => {
      const made = createAuth(`http://127.0.0.1:${port}`)
      auth = made
      const answer = toNodeHandler(made)
      return async (req, res) => {
        allowApp(req, res)
        // Node's fetch, by which the person of these journeys moves, says of itself that it is a page's script.
        if (req.headers.accept === 'text/html') req.headers['sec-fetch-mode'] = 'navigate'
        if (req.method === 'OPTIONS') res.writeHead(204).end()
        else if (req.url?.startsWith('/login') === true) await serveLogin(made, req, res)
        else await answer(req, res)
      }
    })
    const { port, stop } = server
    if (auth === undefined) throw new Error('The server is up without its handler')
    try {
      const clientId = await register(auth)
      return { options: { authority: `http://127.0.0.1:${port}/api/auth`, clientId }, person, stop }
    } catch (error) {
      await stop()
      throw error
    }
  },
}

/** Signs the person up, and the app, whose client ID it resolves with. */
async function register(auth: Auth): Promise<string> {
  const { headers } = await auth.api.signUpEmail({
    body: { email: person.username, password: person.password, name: 'Alice Liddell' },
    returnHeaders: true,
  })
  // A client belongs to whoever is signed in when it is made.
  const cookies = headers.getSetCookie().map((line) => line.split(';')[0])
  const { client_id: clientId } = await registrarOf(auth).adminCreateOAuthClient({
    headers: { cookie: cookies.join('; ') },
    body: {
      client_name: 'Sessionchart',
      token_endpoint_auth_method: 'none',
      // A `web` client may not have people sent back to loopback.
      application_type: 'native',
      redirect_uris: [`${app}/callback`],
      post_logout_redirect_uris: [`${app}/`],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      scope: 'openid profile email offline_access',
      skip_consent: true,
      enable_end_session: true,
    },
  })
  return clientId
}

type Auth = ReturnType<typeof createAuth>

function createAuth(origin: string) {
  const tables: Record<string, never[]> = {}
  const options = {
    baseURL: origin,
    secret: randomBytes(32).toString('base64'),
    database: memoryAdapter(tables),
    emailAndPassword: { enabled: true },
    telemetry: { enabled: false },
    rateLimit: { enabled: false },
    logger: { level: 'error' },
    plugins: [
      // The default is EdDSA, which not every browser can verify.
      jwt({ jwks: { keyPairConfig: { alg: 'ES256' } } }),
      // Its types do not fit those of its own host under `exactOptionalPropertyTypes`.
      oauthProvider({
        loginPage: '/login',
        consentPage: '/consent',
        accessTokenExpiresIn: 300,
      }) as unknown as BetterAuthPlugin,
    ],
  } satisfies Parameters<typeof betterAuth>[0]
  for (const table of Object.keys(getAuthTables(options))) tables[table] = []
  return betterAuth(options)
}

/** The plugin's part of the API, which the cast above took from the types. */
const registrarOf = ({ api }: Auth) =>
  api as unknown as Pick<ReturnType<typeof oauthProvider>['endpoints'], 'adminCreateOAuthClient'>

/** better-auth leaves CORS to whoever embeds it. */
function allowApp(req: IncomingMessage, res: ServerResponse): void {
  if (req.headers.origin !== app) return
  res.setHeader('Access-Control-Allow-Origin', app)
  res.setHeader('Vary', 'Origin')
  res.setHeader('Access-Control-Allow-Headers', 'Authorization, DPoP')
  res.setHeader('Access-Control-Expose-Headers', 'DPoP-Nonce')
}

/** And the login page, too; it is told the authorization request in the query, signed. */
async function serveLogin(auth: Auth, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const { search, origin } = new URL(req.url ?? '', auth.options.baseURL)
  if (req.method !== 'POST') {
    res.setHeader('Content-Type', 'text/html')
    res.end('<form method="post" action=""><input name="username"><input name="password" type="password"></form>')
    return
  }
  const form = new URLSearchParams((await readBody(req))?.toString())
  const answer = await auth.handler(
    new Request(`${origin}/api/auth/sign-in/email`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Origin: origin },
      body: JSON.stringify({
        email: form.get('username'),
        password: form.get('password'),
        oauth_query: search.slice(1),
      }),
    }),
  )
  const { url } = (await answer.json()) as { readonly url?: string }
  for (const cookie of answer.headers.getSetCookie()) res.appendHeader('Set-Cookie', cookie)
  if (url === undefined) res.writeHead(answer.status).end()
  else res.writeHead(303, { Location: url }).end()
}
