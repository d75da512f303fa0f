import type { AdapterTools } from '../../services/index.ts'
import { clockAt } from './samples.ts'

export interface Asked {
  readonly url: string
  readonly method: string
  readonly body: unknown
  readonly headers: Headers
}

/** The hands of a metadata adapter, with an API that answers as the test says: one answer after the other, the last for ever. */
export function answering(...answers: readonly (() => Response)[]) {
  const asked: Asked[] = []
  const tools: AdapterTools = {
    subject: 'auth0|5f/7',
    signal: new AbortController().signal,
    clock: clockAt(1_800_000_000_000),
    fetch: (input, init) => {
      const answer = answers[Math.min(asked.length, answers.length - 1)]
      asked.push({
        url: String(input),
        method: init?.method ?? 'GET',
        body: init?.body,
        headers: new Headers(init?.headers),
      })
      return answer === undefined ? Promise.reject(new Error('Nobody answers.')) : Promise.resolve(answer())
    },
    loadClaims: () => Promise.reject(new Error('Nobody asked for claims.')),
  }
  return { asked, tools }
}
