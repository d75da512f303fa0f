import { isFitting } from './address.ts'
import { lineOf, type Answer, type Ask, type Question } from './ask.ts'
import type { Failure } from './failure.ts'
import { short } from './text.ts'

/** How a browser would treat a request of the app's page to another origin (Fetch Standard, CORS protocol). */
export interface PageAnswer {
  /** Of the last request: the preflight, if that is where it ended. */
  readonly answer: Answer | Failure
  /** Why the page would not get to read it, in a sentence; absent: it would. */
  readonly blocked?: string
  readonly sent: readonly string[]
}

const mostRedirects = 5

/**
 * Asks as the page would, with its `Origin`, and follows redirects also where a page could not, since what lies behind is worth
 * telling. Headers that a browser asks ahead about are sent all the same: see `askAhead`.
 */
export async function askAsPage(ask: Ask, origin: string, question: Question): Promise<PageAnswer> {
  const { method = 'GET' } = question
  const sent: string[] = []
  let { url } = question
  let sender = origin
  let blocked: string | undefined
  for (let redirects = 0; redirects <= mostRedirects; redirects += 1) {
    const asked = { ...question, url, headers: { ...question.headers, Origin: sender } }
    sent.push(lineOf(asked))
    const answer = await ask(asked)
    if (answer.kind === 'failure') return { answer, blocked: blocked ?? answer.seen, sent }
    const problem = isSameOrigin(url, origin) ? undefined : refusal(answer, sender)
    blocked ??= problem === undefined ? undefined : `${method} ${problem}`
    const to = redirectOf(answer, url)
    if (to === undefined) return { answer, ...(blocked === undefined ? {} : { blocked }), sent }
    const lost = lostBy(url, to, answer, method)
    if (lost !== undefined) return { answer, blocked: blocked ?? lost, sent }
    // Who sends it is not told any more once one stranger has sent the page on to another (Fetch Standard, HTTP-redirect fetch).
    if (!isSameOrigin(url, origin) && !isSameOrigin(url, to)) sender = 'null'
    url = to
  }
  const seen = 'It redirects in circles.'
  return { answer: { kind: 'failure', seen, set: 'Mend its redirects.' }, blocked: blocked ?? seen, sent }
}

function redirectOf({ status, headers }: Answer, url: string): string | undefined {
  const to = headers.get('Location')
  return status < 300 || status > 399 || to === null || !URL.canParse(to, url) ? undefined : new URL(to, url).href
}

function lostBy(from: string, to: string, { status }: Answer, method: string): string | undefined {
  // Nobody far away may lead to this machine.
  if (!isFitting(to, from)) return `${method} is redirected to ${short(to)}, which is not https.`
  if (method === 'POST' && status !== 307 && status !== 308)
    return `POST is redirected with ${status} to ${short(to)}, which makes a GET of it.`
  return undefined
}

interface Ahead {
  readonly url: string
  readonly method: 'GET' | 'POST'
  /** In lower case. */
  readonly headers: readonly string[]
}

/** The question that a browser asks ahead (the preflight), where a request carries headers of its own. */
export async function askAhead(ask: Ask, origin: string, { url, method, headers }: Ahead): Promise<PageAnswer> {
  const question: Question = {
    url,
    method: 'OPTIONS',
    headers: {
      Origin: origin,
      'Access-Control-Request-Method': method,
      'Access-Control-Request-Headers': headers.join(','),
    },
  }
  const sent = [lineOf(question)]
  const answer = await ask(question)
  if (answer.kind === 'failure') return { answer, blocked: answer.seen, sent }
  const problem = isSameOrigin(url, origin) ? undefined : preflightProblem(answer, origin, headers)
  return { answer, ...(problem === undefined ? {} : { blocked: `The preflight (OPTIONS) ${problem}` }), sent }
}

function preflightProblem(answer: Answer, origin: string, headers: readonly string[]): string | undefined {
  const problem = refusal(answer, origin)
  if (problem !== undefined) return problem
  const { status } = answer
  if (status < 200 || status > 299) return `is answered with ${status}; browsers want 200 or 204.`
  const allowed = namesIn(answer, 'Access-Control-Allow-Headers')
  // A star means every header but this one (Fetch Standard, CORS-preflight fetch, step 7.7).
  const missing = headers.filter(
    (name) => !allowed.includes(name) && (name === 'authorization' || !allowed.includes('*')),
  )
  const heard = allowed.length === 0 ? 'none' : short(allowed.join(', '))
  return missing.length === 0 ? undefined : `does not allow the header ${missing.join(', ')}, but ${heard}.`
}

/** Whether a page may read a header of an answer that it may read (Fetch Standard, CORS-exposed header names). */
export function isExposed(answer: Answer, name: string, isOwn: boolean): boolean {
  const exposed = namesIn(answer, 'Access-Control-Expose-Headers')
  return isOwn || exposed.includes(name.toLowerCase()) || exposed.includes('*')
}

export const isSameOrigin = (url: string, origin: string): boolean => new URL(url).origin === new URL(origin).origin

const namesIn = ({ headers }: Answer, name: string): readonly string[] =>
  (headers.get(name) ?? '')
    .toLowerCase()
    .split(/\s*,\s*/)
    .filter((one) => one !== '')

function refusal({ status, headers }: Answer, origin: string): string | undefined {
  const allowed = headers.get('Access-Control-Allow-Origin')
  if (allowed === origin || allowed === '*') return undefined
  if (allowed === null) return `is answered with ${status} and without Access-Control-Allow-Origin.`
  return `is answered with ${status} and allows ${short(allowed)}, not ${origin}.`
}
