import { session } from './session.ts'

/** The API answered, and the answer was no. */
export class ApiProblem extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** Like `fetch` with the access token; on 401 the session has renewed it once and tried again by itself. */
async function ask(path: string, init?: RequestInit): Promise<unknown> {
  const response = await session.fetch(path, init)
  const body = (await response.json().catch(() => null)) as unknown
  if (response.ok) return body
  throw new ApiProblem(response.status, `The server answered ${response.status}.`)
}

export interface Note {
  readonly id: number
  readonly text: string
}

// The server is our own: its answers are what it says they are.
export const getNotes = async (signal: AbortSignal) => (await ask('/api/notes', { signal })) as readonly Note[]

export const addNote = (text: string) => ask('/api/notes', { method: 'POST', body: JSON.stringify(text) })
