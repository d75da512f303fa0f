import { fromCallback, fromPromise, type AnyActorLogic, type EventObject } from 'xstate'
import type { SessionParts } from '../../../services/runtime.ts'
import { waitFor } from './waiting.ts'

/** What a service answered. */
export type Answer = { readonly done: unknown } | { readonly failed: unknown }

/** A port that a chart has invoked, and whose real service is held: before it starts, and before the chart hears its answer. */
export interface Visit {
  readonly port: string
  start(): void
  /** What it answered; `undefined`: nothing yet. A listener answers nothing. */
  answer(): Answer | undefined
  /** The chart hears it. */
  deliver(): void
}

export interface Gates {
  readonly actors: NonNullable<SessionParts['actors']>
  isWaiting(port: string): boolean
  /** The port that is held, or will be in a moment. Throws where none comes. */
  visit(port: string): Promise<Visit>
  /** Lets the real service work, and the chart hear whatever it answers. */
  pass(port: string): Promise<Answer>
}

/** As XState keeps the function in its logic. */
interface Logic {
  readonly config: (given: never) => unknown
}
interface PromiseGiven {
  readonly signal: AbortSignal
}

const isListener = (port: string): boolean => port.startsWith('watch') || port === 'holdTurn'

/** `isHeld`: says of a port, as it is invoked, whether it is held; whatever is not runs as ever. */
export function createGates(isHeld: (port: string) => boolean): Gates {
  const visits = new Map<string, Visit>()

  const invited = (port: string): { readonly visit: Visit; readonly opened: Promise<void>; leave(): void } => {
    let start = (): void => {}
    const opened = new Promise<void>((resolve) => (start = resolve))
    const visit = { port, start, answer: () => undefined, deliver: () => {} }
    visits.set(port, visit)
    return {
      visit,
      opened,
      leave: () => {
        if (visits.get(port)?.start === start) visits.delete(port)
      },
    }
  }

  const held = (port: string, { config }: Logic): AnyActorLogic =>
    fromPromise(async (given: PromiseGiven) => {
      const work = config as (given: PromiseGiven) => Promise<unknown>
      if (!isHeld(port)) return work(given)
      const { visit, opened, leave } = invited(port)
      given.signal.addEventListener('abort', leave)
      let answer: Answer | undefined
      let deliver = (): void => {}
      const delivered = new Promise<void>((resolve) => (deliver = resolve))
      visits.set(port, { ...visit, answer: () => answer, deliver })
      await opened
      const settled = work(given).then(
        (done) => (answer = { done }),
        (failed: unknown) => (answer = { failed }),
      )
      await Promise.all([settled, delivered])
      leave()
      return settled.then((it) => {
        if ('failed' in it) throw it.failed
        return it.done
      })
    })

  const heldListener = (port: string, { config }: Logic): AnyActorLogic =>
    fromCallback<EventObject>((given) => {
      const listen = config as (given: unknown) => (() => void) | undefined
      if (!isHeld(port)) return listen(given)
      const { opened, leave } = invited(port)
      let stop: (() => void) | undefined
      let isOver = false
      void opened.then(() => {
        leave()
        if (!isOver) stop = listen(given)
      })
      return () => {
        isOver = true
        leave()
        stop?.()
      }
    })

  const gates: Gates = {
    // Each logic is of the kind that it was.
    actors: (actors) =>
      Object.fromEntries(
        Object.entries(actors).map(([port, logic]) => {
          const own = logic as unknown as Logic
          return [port, isListener(port) ? heldListener(port, own) : held(port, own)]
        }),
      ) as typeof actors,
    isWaiting: (port) => visits.has(port),
    async visit(port) {
      await waitFor(() => visits.has(port), `the chart to invoke ${port}`)
      return visits.get(port) as Visit
    },
    async pass(port) {
      const visit = await gates.visit(port)
      visit.start()
      if (isListener(port)) return { done: undefined }
      await waitFor(() => visit.answer() !== undefined, `${port} to answer`)
      visit.deliver()
      await waitFor(() => visits.get(port) !== visit, `the chart to hear of ${port}`)
      return visit.answer() as Answer
    },
  }
  return gates
}
