import type { Page } from 'playwright-core'
import type { Session } from '../../services/index.ts'

/** What the drill keeps in a page of the app. */
interface Tap {
  /** From the moment at which the app made it. */
  session?: Session
  /** Every text that can be reached from a value, once. */
  readonly textsOf: (value: unknown, leftOut?: readonly string[]) => string
}

export interface TappedWindow extends Window {
  drill: Tap
  drillHears(where: string, text: string): Promise<void>
}

/** Runs in every page before anything else: tells of what its session tells and is made of, before it starts. */
export function tapSession(): void {
  const page = window as unknown as TappedWindow

  const textsOf = (root: unknown, leftOut: readonly string[] = []): string => {
    const texts = new Set<string>()
    const seen = new Set<unknown>()
    const waiting = [root]
    while (waiting.length > 0) {
      const value = waiting.pop()
      if (typeof value === 'string') texts.add(value)
      if (typeof value !== 'object' || value === null || seen.has(value)) continue
      if (value instanceof Node || value instanceof Window) continue
      seen.add(value)
      if (value instanceof Map) waiting.push(...value.entries())
      if (value instanceof Set) waiting.push(...value)
      // Of an error these can be anywhere on its way to its prototype.
      if (value instanceof Error) waiting.push(value.name, value.message, value.stack, value.cause)
      for (const [key, { value: inner }] of Object.entries(Object.getOwnPropertyDescriptors(value))) {
        texts.add(key)
        if (!leftOut.includes(key)) waiting.push(inner)
      }
    }
    return [...texts].join('\n')
  }

  page.drill = { textsOf }
  // Each actor is inspected on its own; what it runs on is looked at as a whole, from time to time.
  const leftOut = ['actorRef', 'sourceRef', 'machine', '_nodes', 'children', 'self', 'system']
  page.onSessionMade = (session) => {
    page.drill.session = session
    session.actor.system.inspect((event) => {
      void page.drillHears(`inspection ${event.type}`, textsOf(event, leftOut))
    })
    session.subscribe((snapshot) => void page.drillHears('snapshot', textsOf(snapshot, leftOut)))
    session.actor.on('*', (fact) => void page.drillHears('fact', textsOf(fact)))
  }
}

/** What a session is made of now: all that can be reached from its actor, and what could be persisted of it. */
export async function readSession(page: Page): Promise<{ where: string; text: string }[]> {
  return page.evaluate(() => {
    const { session, textsOf } = (window as unknown as TappedWindow).drill
    if (session === undefined) throw new Error('The app has not made its session yet')
    return [
      { where: 'actor', text: textsOf(session.actor) },
      { where: 'persisted snapshot', text: JSON.stringify(session.actor.getPersistedSnapshot()) },
    ]
  })
}

/** Asks for tokens in ways that fail, and tells of the errors that callers get. */
export async function provokeErrors(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const { drill, drillHears } = window as unknown as TappedWindow
    const { session, textsOf } = drill
    if (session === undefined) throw new Error('The app has not made its session yet')
    const tries = [
      () => session.getAccessToken({ minTtl: 3_600_000 }),
      () => session.getAccessToken({ forceRenewal: true, timeout: 500 }),
      () => session.getAccessToken({ forceRenewal: true, signal: AbortSignal.timeout(500) }),
      () => session.fetch('https://elsewhere.example/'),
      () => session.fetch('/', { method: 'POST', body: 'x', signal: AbortSignal.abort() }),
    ]
    for (const attempt of tries) {
      const error: unknown = await attempt().then(
        () => null,
        (reason: unknown) => reason,
      )
      if (error !== null) await drillHears('thrown', textsOf(error))
    }
  })
}
