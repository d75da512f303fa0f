import type { IncomingMessage, ServerResponse } from 'node:http'
import type Provider from 'oidc-provider'
import { applyFault } from './apply-fault.ts'
import { applyCors } from './cors.ts'
import { faultsPath, handleFaults } from './fault-requests.ts'
import type { FaultQueue } from './faults.ts'
import { readBody, replay, type Handler } from './http-server.ts'
import { handleInteraction } from './interaction.ts'
import type { Settings } from './options.ts'
import { describe, errorPage } from './pages/error.ts'
import { homePage } from './pages/home.ts'
import { sendPage } from './pages/page.ts'
import { people, pictureOf, picturePath } from './people.ts'
import type { LoggedRequest, RecordingLog } from './request-log.ts'
import { endpointOf, type Endpoint } from './routes.ts'

export interface HandlerParts {
  provider: Provider
  settings: Settings
  faults: FaultQueue
  log: RecordingLog
  userApi: (req: IncomingMessage, res: ServerResponse, body: Buffer) => Promise<void>
  /** Rejects when the provider stops. */
  wait: (ms: number) => Promise<void>
}

export function createRequestHandler(parts: HandlerParts): Handler {
  const { provider, settings, faults, log, userApi, wait } = parts
  const { apps } = settings
  const toProvider = provider.callback()
  const inTurn = createTurn()

  return async (req, res) => {
    // Not by URL, which throws at what some scanners send.
    const [pathname = ''] = (req.url ?? '').split('?')
    const endpoint = endpointOf(pathname)
    const method = req.method ?? ''
    if (!settings.keepAlive) res.shouldKeepAlive = false
    if (applyCors(req, res, apps)) return

    const controlled = pathname === faultsPath
    const entry: LoggedRequest = { at: Date.now(), method, endpoint }
    if (!controlled) {
      log.record(entry)
      res.on('close', () => (entry.status = res.writableFinished ? res.statusCode : 0))
    }
    const body = await readBody(req)
    if (!body) {
      res.statusCode = 413
      return void res.end()
    }
    if (controlled && settings.faults) return handleFaults(faults, req, res, body)
    const grantType = endpoint === 'token' ? new URLSearchParams(body.toString()).get('grant_type') : null
    if (grantType !== null) entry.grantType = grantType

    const fault = controlled ? undefined : faults.take(endpoint, entry.grantType)
    await applyFault(fault, req, res, () => serve(endpoint, pathname, req, res, body), wait)
  }

  async function serve(endpoint: Endpoint, path: string, req: IncomingMessage, res: ServerResponse, body: Buffer) {
    switch (endpoint) {
      case 'api':
        return userApi(req, res, body)
      case 'interaction':
        return handleInteraction(provider, apps, req, res, body)
      case 'page':
        return page(path, res)
      // Finding a refresh token and marking it as used are two steps in oidc-provider: of two renewals that come at the
      // same moment both would win. Taking turns makes rotation as strict as a provider with a database has it.
      case 'token':
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

function createTurn() {
  let last: Promise<void> = Promise.resolve()
  return (task: () => Promise<void>): Promise<void> => {
    const mine = last.then(task)
    last = mine.catch(() => {})
    return mine
  }
}
