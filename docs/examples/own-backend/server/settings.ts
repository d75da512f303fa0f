import { createHash } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import type { Connect, Plugin } from 'vite'
import { bodyOf, whoAsks } from './who-asks.ts'

type Settings = Readonly<Record<string, unknown>>

/** Changes with the content: what `If-Match` is compared with (RFC 9110 section 13.1.1). */
const etagOf = (settings: Settings) =>
  `"${createHash('sha256').update(JSON.stringify(settings)).digest('base64url').slice(0, 16)}"`

/** Keys to set at the root; `null` removes one; `{}` removes all. */
function merge(settings: Settings, patch: Settings): Settings {
  if (Object.keys(patch).length === 0) return {}
  return Object.fromEntries(Object.entries({ ...settings, ...patch }).filter(([, value]) => value !== null))
}

const isObject = (value: unknown): value is Settings =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Stands in for your backend, in Vite's server: the whole of what `ownBackendUserMetadata` asks for. */
export function settingsBackend(authority: string): Plugin {
  const everyone = new Map<string, Settings>()
  const send = (response: ServerResponse, status: number, body: Settings) => {
    const headers = { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' }
    response.writeHead(status, status === 200 ? { ...headers, ETag: etagOf(body) } : headers)
    response.end(JSON.stringify(body))
  }
  const answer: Connect.NextHandleFunction = (request, response, next) => {
    if (request.url !== '/api/me/settings') return next()
    const work = async () => {
      const person = await whoAsks(request, authority)
      if (person === null) return send(response, 401, { message: 'Please log in.' })
      const patch = request.method === 'PATCH' ? await bodyOf(request) : null
      // From here on nothing waits: between the look at the ETag and the write nobody else comes.
      const settings = everyone.get(person) ?? {}
      if (request.method === 'GET') return send(response, 200, settings)
      if (!isObject(patch)) return send(response, 400, { message: 'Send the keys to change, as a JSON object.' })
      if (request.headers['if-match'] !== etagOf(settings))
        return send(response, 412, { message: 'It was changed meanwhile.' })
      // Its own opinion, which people are told word by word.
      if (patch['name'] === 'Nobody') return send(response, 422, { message: 'Nobody is taken.' })
      const merged = merge(settings, patch)
      everyone.set(person, merged)
      send(response, 200, merged)
    }
    work().catch(() => send(response, 503, { message: 'The provider does not answer.' }))
  }
  return {
    name: 'settings-backend',
    configureServer: ({ middlewares }) => void middlewares.use(answer),
    configurePreviewServer: ({ middlewares }) => void middlewares.use(answer),
  }
}
