import { failureOf, type Failure } from './failure.ts'

export interface Question {
  readonly url: string
  /** Default GET. */
  readonly method?: 'GET' | 'POST' | 'OPTIONS'
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as a form. */
  readonly form?: Readonly<Record<string, string>>
}

export interface Answer {
  readonly kind: 'answer'
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The body, where it is a JSON object. */
  readonly json: Json | null
  /** By the clock of this machine, half way between question and answer, epoch ms. */
  readonly at: number
}

export type Json = Readonly<Record<string, unknown>>

/** One request, one answer: redirects are told, not followed. Never rejects. */
export type Ask = (question: Question) => Promise<Answer | Failure>

export interface AskParts {
  readonly fetch: typeof fetch
  /** Until the last byte of the answer, ms. */
  readonly timeout: number
  /** Called before each request. */
  readonly onQuestion?: (question: Question) => void
}

export function createAsk({ fetch: send, timeout, onQuestion }: AskParts): Ask {
  return async (question) => {
    onQuestion?.(question)
    const { url, method = 'GET', headers = {}, form } = question
    const started = Date.now()
    try {
      const response = await send(url, {
        method,
        headers: { Accept: '*/*', 'User-Agent': 'sessionchart-doctor', ...headers },
        redirect: 'manual',
        signal: AbortSignal.timeout(timeout),
        ...(form === undefined ? {} : { body: new URLSearchParams(form) }),
      })
      const at = (started + Date.now()) / 2
      const text = await response.text()
      return { kind: 'answer', status: response.status, headers: response.headers, text, json: jsonIn(text), at }
    } catch (error) {
      return failureOf(url, error, timeout)
    }
  }
}

function jsonIn(text: string): Json | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : null
  } catch {
    return null
  }
}

/** What was sent, in a line. */
export function lineOf({ url, method = 'GET', headers = {}, form }: Question): string {
  const named = Object.entries(headers).filter(([name]) => name !== 'Accept')
  return [
    `${method} ${url}`,
    ...named.map(([name, value]) => `${name}: ${value}`),
    ...(form === undefined ? [] : [new URLSearchParams(form).toString()]),
  ].join(' | ')
}

/** A text of a JSON object; absent where there is none. */
export function textIn(json: Json | null, name: string): string | undefined {
  const value = json?.[name]
  return typeof value === 'string' ? value : undefined
}

/** A list of texts of a JSON object; absent where there is none. */
export function listIn(json: Json | null, name: string): readonly string[] | undefined {
  const value = json?.[name]
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : undefined
}

/** `400 invalid_grant ("invalid code")`, or as much of it as there is. */
export function wordsOf({ status, json, headers }: Answer): string {
  const error = textIn(json, 'error')
  const description = textIn(json, 'error_description')
  if (error !== undefined) return `${status} ${error}${description === undefined ? '' : ` ("${short(description)}")`}`
  return `${status} ${headers.get('Content-Type')?.split(';')[0] ?? 'without a content type'}`
}

/** For texts that others wrote: one line, no control characters, of bounded length. */
export function short(text: string, most = 120): string {
  // oxlint-disable-next-line no-control-regex -- a provider's text must not steer the terminal
  const line = text.replaceAll(/[\s\u0000-\u001f\u007f-\u009f]+/g, ' ').trim()
  return line.length > most ? `${line.slice(0, most - 1)}…` : line
}
