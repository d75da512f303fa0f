import { failureOf, type Failure } from './failure.ts'
import { jsonIn, textIn, type Json } from './json.ts'
import { plain, short } from './text.ts'

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
  /** The body, where it is a JSON object. */
  readonly json: Json | null
  /** The body was larger than anyone needs here, and not read to its end. */
  readonly isCut: boolean
  /** By the clock of this machine, half way between question and answer, epoch ms. */
  readonly at: number
}

/** One request, one answer: redirects are told, not followed. Never rejects. */
export type Ask = (question: Question) => Promise<Answer | Failure>

export interface AskParts {
  readonly fetch: typeof fetch
  /** Until the last byte of the answer, ms. */
  readonly timeout: number
  /** Called before each request. */
  readonly onQuestion?: (question: Question) => void
}

/** Of one answer, bytes: a discovery document has some 5 kB, a key set some more. */
const mostBytes = 1_000_000

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
      const text = await textOf(response)
      const json = text === null ? null : jsonIn(text)
      return { kind: 'answer', status: response.status, headers: response.headers, json, isCut: text === null, at }
    } catch (error) {
      return failureOf(url, error, timeout)
    }
  }
}

/** The body; `null` when it is too large, however it was packed on the way. */
async function textOf({ body }: Response): Promise<string | null> {
  if (body === null) return ''
  const reader = body.getReader()
  const decoder = new TextDecoder()
  let [text, size] = ['', 0]
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    size += part.value.length
    if (size > mostBytes) {
      await reader.cancel()
      return null
    }
    text += decoder.decode(part.value, { stream: true })
  }
  return text + decoder.decode()
}

/** What was sent, in a line. */
export function lineOf({ url, method = 'GET', headers = {}, form }: Question): string {
  const named = Object.entries(headers).filter(([name]) => name !== 'Accept')
  const line = [
    `${method} ${url}`,
    ...named.map(([name, value]) => `${name}: ${value}`),
    ...(form === undefined ? [] : [new URLSearchParams(form).toString()]),
  ].join(' | ')
  return plain(line)
}

/** `400 invalid_grant ("invalid code")`, or as much of it as there is. */
export function wordsOf({ status, json, headers, isCut }: Answer): string {
  const [error, description] = [textIn(json, 'error'), textIn(json, 'error_description')]
  if (error !== undefined)
    return `${status} ${short(error, 60)}${description === undefined ? '' : ` ("${short(description)}")`}`
  const type = headers.get('Content-Type')?.split(';')[0] ?? 'without a content type'
  return `${status} ${short(type, 60)}${isCut ? ' of more than 1 MB' : ''}`
}
