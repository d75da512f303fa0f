import { SessionError } from '../../machines/errors.ts'
import type { Platform, TabChannel } from '../browser/platform.ts'

/** How often to look whether a window is still open, ms. */
const poll = 300
/** How long a window waits until the one that waits for its answer has taken it, ms. */
const relayPatience = 3_000

/** `id`: of the login. `null`: this browser lets no two windows talk. */
export function openLoginChannel(platform: Platform, id: string): TabChannel | null {
  try {
    return platform.openChannel(`sessionchart|login|${id}`)
  } catch {
    return null
  }
}

/** Waits until another window, or a frame, hands the address over that holds the answer, and lets go of the channel. */
export function waitForAnswer(
  channel: TabChannel,
  isAnswer: (href: string) => boolean,
  isClosed: () => boolean,
  signal: AbortSignal,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const timer = setInterval(() => {
      if (isClosed())
        settle(() => reject(new SessionError('popup_closed', 'The login window was closed before the login was done.')))
    }, poll)
    const onAbort = (): void => settle(() => reject(new SessionError('aborted', 'The login was given up.')))
    const settle = (then: () => void): void => {
      clearInterval(timer)
      channel.close()
      signal.removeEventListener('abort', onAbort)
      then()
    }
    signal.addEventListener('abort', onAbort)
    if (signal.aborted) onAbort()
    channel.listen((message) => {
      const href = answerIn(message)
      if (href === null || !isAnswer(href)) return
      channel.post({ kind: 'taken' })
      settle(() => resolve(href))
    })
  })
}

/** Hands the answer over, until the other window has taken it. */
export function handOver(channel: TabChannel | null, href: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      stop?.()
      reject(
        new SessionError(
          'unknown_response',
          'The window that started this login is gone. Close this window and start the login again.',
        ),
      )
    }, relayPatience)
    const stop = channel?.listen((message) => {
      if (typeof message !== 'object' || message === null || (message as { kind?: unknown }).kind !== 'taken') return
      clearTimeout(timer)
      stop?.()
      resolve()
    })
    channel?.post({ kind: 'answer', href })
  })
}

function answerIn(message: unknown): string | null {
  if (typeof message !== 'object' || message === null) return null
  const { kind, href } = message as Readonly<Record<string, unknown>>
  return kind === 'answer' && typeof href === 'string' ? href : null
}
