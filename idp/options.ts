export interface ClientOptions {
  id: string
  /** What people read on the login page. Default: the id. */
  name?: string
}

export interface LocalProviderOptions {
  /** Default 0: a free one. Only 127.0.0.1 is listened on. */
  port?: number
  /** Host name in the issuer, default 127.0.0.1. The other of the two makes a real cross-site case. */
  host?: '127.0.0.1' | 'localhost'
  /** Public clients (code and PKCE). Default: one, `sessionchart-demo`. */
  clients?: ClientOptions[]
  /** The apps' origins: redirect URIs are `${origin}/callback`, post-logout redirects `${origin}/`; CORS is for these. */
  apps: string[]
  /** Of an access token, in seconds, from 1 to ten years. Default 300. */
  tokenLifetime?: number
  /**
   * Seconds for which a spent refresh token may be used again, as Auth0's reuse interval: each use gives new tokens of the
   * same family. Counted from the first use. Default 0: the first reuse ends the family.
   */
  reuseWindow?: number
  /**
   * Seconds from the login at the provider to the `session_expiry` of its ID tokens; from then on the provider asks for the
   * password again. Refresh tokens go on: it is the app that has to end its session. Default: no such claim.
   */
  sessionExpiry?: number
  /** Allows `provider.faults`, and control by HTTP: `/__faults`, `/__grants` and `/__requests`. Default false. */
  faults?: boolean
  /** Takes no DPoP proof without a nonce that it gave; at oidc-provider's own endpoints, not at the user API. Default false. */
  dpopNonce?: boolean
  /** False: there is no revocation endpoint (RFC 7009), and discovery names none. Default true. */
  revocation?: boolean
  /**
   * False: discovery names no `end_session_endpoint` (RP-initiated logout), as with older tenants of Auth0, whose own
   * `/v2/logout` is here in any case. Default true.
   */
  endSession?: boolean
  /** Where keys, sessions, grants and metadata are kept. Absent: in memory. */
  dataFolder?: string
  /** False: every answer closes its connection, so that no browser sends a POST again on a reused one. Default true. */
  keepAlive?: boolean
  /** Requests to the user API that are let through per `rateWindow`. Default 100. */
  rateLimit?: number
  /** Seconds, counted from the first request of a window. Default 1. */
  rateWindow?: number
  /** Remembers every token value, for `issuedTokens()`. For leak drills only. Default false. */
  recordTokens?: boolean
}

export type Settings = Required<Omit<LocalProviderOptions, 'dataFolder' | 'clients' | 'sessionExpiry'>> & {
  clients: Required<ClientOptions>[]
  dataFolder: string | undefined
  sessionExpiry: number | undefined
}

const tenYears = 10 * 366 * 24 * 60 * 60

export function settingsFrom(options: LocalProviderOptions): Settings {
  const { apps, port = 0, host = '127.0.0.1', tokenLifetime = 300, reuseWindow = 0 } = options
  const { rateLimit = 100, rateWindow = 1 } = options
  if (!Array.isArray(apps) || apps.length === 0) throw new TypeError('apps: name at least one origin of an app')
  for (const app of apps) {
    if (!URL.canParse(app) || new URL(app).origin !== app) {
      throw new TypeError(`apps: ${JSON.stringify(app)} is not an origin such as http://127.0.0.1:4400`)
    }
  }
  if (!Number.isInteger(port) || port < 0 || port > 65535) throw new TypeError(`port: ${port} is not a port number`)
  // The types say so already; a flag on a command line may not.
  if (!['127.0.0.1', 'localhost'].includes(host))
    throw new TypeError(`host: ${host} is neither 127.0.0.1 nor localhost`)
  const { sessionExpiry } = options
  for (const [name, value] of Object.entries({ tokenLifetime, sessionExpiry, rateLimit, rateWindow })) {
    if (value !== undefined && (!Number.isSafeInteger(value) || value < 1))
      throw new TypeError(`${name}: ${value} is not a positive whole number`)
  }
  if (tokenLifetime > tenYears) throw new TypeError(`tokenLifetime: ${tokenLifetime} s is longer than ten years`)
  if (!Number.isFinite(reuseWindow) || reuseWindow < 0)
    throw new TypeError(`reuseWindow: ${reuseWindow} is not a number of seconds`)
  const clients = options.clients ?? [{ id: 'sessionchart-demo', name: 'Sessionchart demo' }]
  if (clients.length === 0) throw new TypeError('clients: name at least one')
  return {
    apps,
    port,
    host,
    tokenLifetime,
    reuseWindow,
    rateLimit,
    rateWindow,
    faults: options.faults ?? false,
    keepAlive: options.keepAlive ?? true,
    recordTokens: options.recordTokens ?? false,
    dpopNonce: options.dpopNonce ?? false,
    revocation: options.revocation ?? true,
    endSession: options.endSession ?? true,
    dataFolder: options.dataFolder,
    sessionExpiry,
    clients: clients.map(({ id, name = id }) => ({ id, name })),
  }
}
