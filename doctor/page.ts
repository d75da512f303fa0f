import { lineOf, type Answer, type Ask, type Question } from './ask.ts'
import type { Failure } from './failure.ts'

/** How a browser would treat a request of the app's page to another origin (Fetch Standard, CORS protocol). */
export interface PageAnswer {
  /** Of the last request: the preflight, if that is where it ended. */
  readonly answer: Answer | Failure
  /** Why the page would not get to read it, in a sentence; absent: it would. */
  readonly blocked?: string
  readonly sent: readonly string[]
}

const mostRedirects = 5

/** Asks as the page would, with its `Origin`. Only the header `Accept` may be sent; for others see `askAhead`. */
export async function askAsPage(ask: Ask, origin: string, question: Question): Promise<PageAnswer> {
  const sent: string[] = []
  let { url } = question
  for (let redirects = 0; redirects <= mostRedirects; redirects += 1) {
    const asked = { ...question, url, headers: { ...question.headers, Origin: origin } }
    sent.push(lineOf(asked))
    const answer = await ask(asked)
    if (answer.kind === 'failure') return { answer, blocked: answer.seen, sent }
    const problem = isSameOrigin(url, origin) ? undefined : refusal(answer, origin)
    if (problem !== undefined) return { answer, blocked: `${question.method ?? 'GET'} ${problem}`, sent }
    const to = answer.headers.get('Location')
    if (answer.status < 300 || answer.status > 399 || to === null || !URL.canParse(to, url)) return { answer, sent }
    url = new URL(to, url).href
  }
  return {
    answer: { kind: 'failure', seen: 'It redirects in circles.', set: '' },
    blocked: 'It redirects in circles.',
    sent,
  }
}

/** The question that a browser asks ahead (the preflight), where a request carries headers of its own. */
export async function askAhead(
  ask: Ask,
  origin: string,
  {
    url,
    method,
    headers,
  }: { readonly url: string; readonly method: 'GET' | 'POST'; readonly headers: readonly string[] },
): Promise<PageAnswer> {
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
  if (isSameOrigin(url, origin)) return { answer, sent }
  const problem = refusal(answer, origin)
  if (problem !== undefined) return { answer, blocked: `The preflight (OPTIONS) ${problem}`, sent }
  if (answer.status < 200 || answer.status > 299)
    return {
      answer,
      blocked: `The preflight (OPTIONS) is answered with ${answer.status}; browsers want 200 or 204.`,
      sent,
    }
  const allowed = namesIn(answer, 'Access-Control-Allow-Headers')
  // A star means every header but this one (Fetch Standard, CORS-preflight fetch, step 7.7).
  const missing = headers.filter(
    (name) => !allowed.includes(name) && (name === 'authorization' || !allowed.includes('*')),
  )
  if (missing.length === 0) return { answer, sent }
  const heard = allowed.length === 0 ? 'none' : allowed.join(', ')
  return {
    answer,
    blocked: `The preflight (OPTIONS) does not allow the header ${missing.join(', ')}, but ${heard}.`,
    sent,
  }
}

const isSameOrigin = (url: string, origin: string): boolean => new URL(url).origin === origin

const namesIn = ({ headers }: Answer, name: string): readonly string[] =>
  (headers.get(name) ?? '')
    .toLowerCase()
    .split(/\s*,\s*/)
    .filter((one) => one !== '')

function refusal({ status, headers }: Answer, origin: string): string | undefined {
  const allowed = headers.get('Access-Control-Allow-Origin')
  if (allowed === origin || allowed === '*') return undefined
  if (allowed === null) return `is answered with ${status} and without Access-Control-Allow-Origin.`
  return `is answered with ${status} and allows ${allowed}, not ${origin}.`
}
