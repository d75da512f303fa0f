import type { ServerResponse } from 'node:http'
import type { Connect, Plugin } from 'vite'
import { bodyOf, whoAsks } from './who-asks.ts'

/** Stands in for your API, in Vite's server: everyone's notes, kept until it ends. */
export function notesApi(authority: string): Plugin {
  const notes = new Map<string, { id: number; text: string }[]>()
  const send = (response: ServerResponse, status: number, body: unknown) => {
    response.writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' })
    response.end(JSON.stringify(body))
  }
  const answer: Connect.NextHandleFunction = (request, response, next) => {
    if (request.url !== '/api/notes') return next()
    const work = async () => {
      const person = await whoAsks(request, authority)
      if (person === null) return send(response, 401, { message: 'Please log in' })
      const own = notes.get(person) ?? []
      if (request.method === 'GET') return send(response, 200, own)
      const text = await bodyOf(request)
      if (request.method !== 'POST' || typeof text !== 'string') return send(response, 400, { message: 'Send a text' })
      const note = { id: own.length + 1, text }
      notes.set(person, [...own, note])
      send(response, 201, note)
    }
    work().catch(() => send(response, 503, { message: 'The provider does not answer' }))
  }
  return {
    name: 'notes-api',
    configureServer: ({ middlewares }) => void middlewares.use(answer),
    configurePreviewServer: ({ middlewares }) => void middlewares.use(answer),
  }
}
