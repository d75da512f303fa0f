import type { IncomingMessage, ServerResponse } from 'node:http'
import type { JWK } from 'jose'
import type Provider from 'oidc-provider'
import { handleAuth0Logout } from './auth0-logout.ts'
import { applyFault } from './apply-fault.ts'
import { applyCors } from './cors.ts'
import { controlPaths, handleControl, type ControlParts } from './control.ts'
import { readBody, replay, type Handler } from './http-server.ts'
import { handleInteraction } from './interaction.ts'
import type { Settings } from './options.ts'
import { describe, errorPage } from './pages/error.ts'
import { homePage } from './pages/home.ts'
import { sendPage } from './pages/page.ts'
import { people, pictureOf, picturePath } from './people.ts'
import type { LoggedRequest, RecordingLog } from './request-log.ts'
import { auth0LogoutPath, endpointOf, type Endpoint } from './routes.ts'
import type { ProviderStore } from './store.ts'
import type { Turn } from './turn.ts'

export interface HandlerParts extends ControlParts {
  provider: Provider
  settings: Settings
  requests: RecordingLog
  store: ProviderStore
  /**
   * Finding a refresh token and marking it as used are two steps in oidc-provider: of two renewals that come at the same
   * moment both would win. Taking turns makes rotation as strict as a provider with a database has it.
   */
  inTurn: Turn
  userApi: (req: IncomingMessage, res: ServerResponse, body: Buffer) => Promise<void>
  /** The provider's own, of its ID tokens. */
  signing: JWK
  /** Rejects when the provider stops. */
  wait: (ms: number) => Promise<void>
}

export function createRequestHandler(parts: HandlerParts): Handler {
  const { provider, settings, faults, signing, requests, store, inTurn, userApi, wait } = parts
  const { apps } = settings
  const toProvider = provider.callback()

  return async (req, res) => {
    // Not by URL, which throws at what some scanners send.
    const [pathname = ''] = (req.url ?? '').split('?')
    const endpoint = endpointOf(pathname)
    const method = req.method ?? ''
    if (!settings.keepAlive) res.shouldKeepAlive = false
    if (applyCors(req, res, apps)) return

    const controlled = controlPaths.includes(pathname)
    const entry: LoggedRequest = { at: Date.now(), method, endpoint }
    if (!controlled) {
      requests.record(entry, res)
      res.on('close', () => {
        entry.status = res.writableFinished ? res.statusCode : 0
        entry.answered = res.writableFinished && entry.answered !== false
      })
    }
    const body = await readBody(req)
    if (!body) {
      res.statusCode = 413
      return void res.end()
    }
    if (controlled && settings.faults) return handleControl(parts, req, res, body)
    const form = new URLSearchParams(endpoint === 'token' ? body.toString() : '')
    const grantType = form.get('grant_type')
    if (grantType !== null) entry.grantType = grantType

    const fault = controlled ? undefined : faults.take(endpoint, entry.grantType)
    const serve = () => {
      if (endpoint !== 'token') return serveOther(endpoint, pathname, req, res, body)
      return inTurn(async () => {
        if (store.isSpent(form.get('refresh_token') ?? '')) entry.reuse = true
        await toProvider(replay(req, body), res)
      })
    }
    await applyFault(fault, { req, res, entry, faults, signing, serve, wait })
  }

  async function serveOther(endpoint: Endpoint, path: string, req: IncomingMessage, res: ServerResponse, body: Buffer) {
    switch (endpoint) {
      case 'api':
        return userApi(req, res, body)
      case 'interaction':
        return handleInteraction(provider, apps, req, res, body)
      case 'end_session':
        if (path === auth0LogoutPath) return handleAuth0Logout(provider, apps, req, res)
        return toProvider(replay(req, body), res)
      case 'page':
        return page(path, res)
      case 'revocation':
        return inTurn(() => toProvider(replay(req, body), res))
      default:
        return toProvider(replay(req, body), res)
    }
  }

  function page(path: string, res: ServerResponse) {
    const person = people.find((candidate) => picturePath(candidate) === path)
    if (person) {
      res.setHeader('Content-Type', 'image/svg+xml')
      res.setHeader('Cache-Control', 'public, max-age=3600')
      return void res.end(pictureOf(person))
    }
    if (path === '/') return sendPage(res, 200, homePage(provider.issuer, apps), apps)
    if (path === '/favicon.ico') {
      res.statusCode = 204
      return void res.end()
    }
    sendPage(res, 404, errorPage(describe({ error: 'not_found' }, apps)), apps)
  }
}
