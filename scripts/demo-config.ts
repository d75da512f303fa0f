import type { ServerResponse } from 'node:http'
import type { Connect, Plugin } from 'vite'
import type { VaultKind } from '../services/index.ts'

/** What the demo app asks its server for at `/demo-config.json`, before it makes a session. */
export interface DemoConfig {
  /** The issuer of the provider. */
  readonly authority: string
  readonly clientId: string
  readonly redirectUri: string
  /** Of the access token: the user API of the provider. */
  readonly audience: string
  /** Of an access token, in seconds. */
  readonly tokenLifetime: number
  /** Where the app keeps its credentials. */
  readonly vault: VaultKind
  /** Whether the app binds its tokens to a key of the browser (DPoP, RFC 9449). */
  readonly dpop: boolean
  /** Without activity the session ends after this, in seconds; default half an hour. */
  readonly idleTimeout?: number
  /** Where the provider names no logout page; see `createSession`. */
  readonly logoutPage?: 'auth0'
  /** Whether the app asks the provider silently at opening, and how. Default: not. */
  readonly silentLogin?: 'iframe' | 'redirect'
}

/**
 * Only the app's own code runs, and only the app's server and the provider are talked to. The development server writes
 * scripts and styles into the page and reloads over a socket; people get the page without.
 */
function contentSecurityPolicy(config: DemoConfig, mode: 'dev' | 'built'): string {
  const provider = URL.canParse(config.authority) ? new URL(config.authority).origin : ''
  const own = new URL(config.redirectUri).origin
  const inline = mode === 'dev' ? "'unsafe-inline'" : ''
  const socket = mode === 'dev' ? own.replace(/^http/, 'ws') : ''
  const directives = {
    'default-src': ["'self'"],
    'script-src': ["'self'", inline],
    'style-src': ["'self'", inline],
    'worker-src': ["'self'", mode === 'dev' ? 'blob:' : ''],
    'connect-src': ["'self'", provider, socket],
    'img-src': ["'self'", 'data:', provider],
    'frame-src': ["'self'", provider],
    'frame-ancestors': ["'self'"],
    'form-action': ["'self'", provider],
    'base-uri': ["'none'"],
    'object-src': ["'none'"],
  }
  return Object.entries(directives)
    .map(([name, sources]) => [name, ...sources.filter(Boolean)].join(' '))
    .join('; ')
}

function setHeaders(response: ServerResponse, config: DemoConfig, mode: 'dev' | 'built'): void {
  response.setHeader('Content-Security-Policy', contentSecurityPolicy(config, mode))
  response.setHeader('X-Content-Type-Options', 'nosniff')
  // An address can hold an authorization response: nobody else is told where a request came from.
  response.setHeader('Referrer-Policy', 'same-origin')
}

/** Serves the configuration and the headers of the demo, from the development server and from the built app alike. */
export function demoConfigPlugin(mode: 'dev' | 'built', current: () => DemoConfig | undefined): Plugin {
  const answer: Connect.NextHandleFunction = (request, response, next) => {
    const config = current()
    if (config) setHeaders(response, config, mode)
    if (request.url?.split('?')[0] !== '/demo-config.json') return next()
    response.setHeader('Content-Type', 'application/json')
    response.setHeader('Cache-Control', 'no-store')
    // The app's server is up before the provider, since the provider has to know the app's origin.
    response.statusCode = config ? 200 : 503
    response.end(JSON.stringify(config ?? { error: 'The provider is still starting: try again in a second.' }))
  }
  return {
    name: 'sessionchart-demo-config',
    configureServer: (server) => void server.middlewares.use(answer),
    configurePreviewServer: (server) => void server.middlewares.use(answer),
  }
}
