import type { EventObject } from 'xstate'
import type {
  AskingPort,
  ListeningPort,
  MachineName,
  NotingPort,
  News,
  PortCall,
  PortInput,
  PortName,
  PortOutput,
} from './ports.ts'

/**
 * Plays all services of the charts: notes each call of a port, and lets it wait until the test settles it, unless an answer
 * was given beforehand.
 */
export interface Script {
  /** Every call so far, in order; of one port, if it is named. */
  calls(): readonly PortCall[]
  calls<TPort extends PortName>(port: TPort): readonly PortCall<TPort>[]
  /** What the port was last called with. Throws when it was not called. */
  lastInput<TPort extends PortName>(port: TPort): PortInput<TPort>
  /** Does the chart wait for an answer of this port, or listen to it, now? */
  isOpen(port: PortName): boolean

  /** Answers the oldest call that waits. Throws when none does. */
  settle<TPort extends AskingPort>(port: TPort, output: PortOutput<TPort>): void
  /** Lets the oldest call that waits fail. Throws when none does. */
  fail(port: AskingPort, error: unknown): void

  /** Answers every call from now on, at once. */
  answer<TPort extends AskingPort>(
    port: TPort,
    output: PortOutput<TPort> | ((input: PortInput<TPort>) => PortOutput<TPort>),
  ): void
  /** Lets every call from now on fail, at once; a port that listens throws. */
  refuse(port: AskingPort | ListeningPort, error: unknown): void
  /** Answers the next call (or one further on, when used again) at once; comes before `answer` and `refuse`. */
  answerNext<TPort extends AskingPort>(port: TPort, output: PortOutput<TPort>): void
  /** Lets the next call fail at once. */
  refuseNext(port: AskingPort | ListeningPort, error: unknown): void
  /** Takes back what `answer`, `refuse` and `greet` said: calls wait again. */
  hold(port: AskingPort | ListeningPort): void

  /** Says something to every chart that listens at this port. Throws when none does. */
  say<TPort extends ListeningPort>(port: TPort, news: News[TPort]): void
  /** Says something at once to every chart that begins to listen. */
  greet<TPort extends ListeningPort>(port: TPort, news: News[TPort]): void
  /** The same as `say('holdTurn', { type: 'turn.granted' })`. */
  grantTurn(): void

  /** For those who put machines together: what stands behind each port. */
  readonly backstage: Backstage
}

export interface Backstage {
  ask<TPort extends AskingPort>(
    machine: MachineName,
    port: TPort,
    input: PortInput<TPort>,
    signal: AbortSignal,
  ): Promise<PortOutput<TPort>>
  /** Returns the disposer. */
  listen<TPort extends ListeningPort>(
    machine: MachineName,
    port: TPort,
    input: PortInput<TPort>,
    hear: (news: EventObject) => void,
  ): () => void
  note<TPort extends NotingPort>(machine: MachineName, port: TPort, input: PortInput<TPort>): void
}

/** What a call comes to: an output or, for those who listen, a first piece of news; or a throw. */
type Answer = (input: unknown) => unknown

interface Line {
  readonly port: PortName
  readonly machine: MachineName
  readonly input: unknown
  state: PortCall['state']
  settle(output: unknown): void
  fail(error: unknown): void
  hear(news: EventObject): void
}

const nothing = () => {}

const throwing = (error: unknown): Answer => {
  return () => {
    throw error
  }
}

/** A script in which nothing is answered yet. Give it to `scriptedSession` or `sessionIn`. */
export function createScript(): Script {
  const lines: Line[] = []
  const standing = new Map<PortName, Answer>()
  const next = new Map<PortName, Answer[]>()

  const open = (machine: MachineName, port: PortName, input: unknown, state: Line['state']): Line => {
    const line: Line = { port, machine, input, state, settle: nothing, fail: nothing, hear: nothing }
    lines.push(line)
    return line
  }
  const takeAnswer = (port: PortName) => next.get(port)?.shift() ?? standing.get(port)
  const plan = (port: PortName, answer: Answer) => {
    next.set(port, [...(next.get(port) ?? []), answer])
  }
  const linesOf = (port: PortName, state: Line['state']) =>
    lines.filter((line) => line.port === port && line.state === state)
  const soFar = () => lines.map(({ port, state }) => `${port} (${state})`).join(', ') || 'none'
  const oldestWaiting = (port: PortName): Line => {
    const line = linesOf(port, 'waiting')[0]
    if (line === undefined) throw new Error(`Nobody waits for "${port}". Calls so far: ${soFar()}.`)
    return line
  }
  // What was noted under a port's name has that port's types: `backstage` lets nothing else in.
  const callsOf = (port?: PortName) => lines.filter((line) => port === undefined || line.port === port) as PortCall[]

  function say(port: ListeningPort, news: EventObject) {
    const listeners = linesOf(port, 'listening')
    if (listeners.length === 0) throw new Error(`Nobody listens at "${port}". Calls so far: ${soFar()}.`)
    for (const line of listeners) line.hear(news)
  }

  return {
    calls: <TPort extends PortName>(port?: TPort) => callsOf(port) as PortCall<TPort>[],
    lastInput: <TPort extends PortName>(port: TPort) => {
      const line = callsOf(port).at(-1)
      if (line === undefined) throw new Error(`"${port}" was not called. Calls so far: ${soFar()}.`)
      return line.input as PortInput<TPort>
    },
    isOpen: (port) => linesOf(port, 'waiting').length + linesOf(port, 'listening').length > 0,

    settle: (port, output) => oldestWaiting(port).settle(output),
    fail: (port, error) => oldestWaiting(port).fail(error),

    answer: (port, output) => {
      // No output of a port is itself a function.
      standing.set(port, typeof output === 'function' ? (output as Answer) : () => output)
    },
    refuse: (port, error) => {
      standing.set(port, throwing(error))
    },
    answerNext: (port, output) => plan(port, () => output),
    refuseNext: (port, error) => plan(port, throwing(error)),
    hold: (port) => {
      standing.delete(port)
    },

    say,
    greet: (port, news) => {
      standing.set(port, () => news)
    },
    grantTurn: () => say('holdTurn', { type: 'turn.granted' }),

    backstage: {
      ask: <TPort extends AskingPort>(
        machine: MachineName,
        port: TPort,
        input: PortInput<TPort>,
        signal: AbortSignal,
      ): Promise<PortOutput<TPort>> => {
        const line = open(machine, port, input, 'waiting')
        const leave = () => {
          if (line.state === 'waiting') line.state = 'left'
        }
        signal.addEventListener('abort', leave, { once: true })
        const answer = takeAnswer(port)
        return new Promise<PortOutput<TPort>>((resolve, reject) => {
          line.settle = (output) => {
            line.state = 'settled'
            // `settle` and `answer` take this port's outputs alone.
            resolve(output as PortOutput<TPort>)
          }
          line.fail = (error) => {
            line.state = 'failed'
            // A service may throw anything, and the charts have to cope with it.
            // oxlint-disable-next-line typescript/prefer-promise-reject-errors
            reject(error)
          }
          if (answer === undefined) return
          try {
            line.settle(answer(input))
          } catch (error) {
            line.fail(error)
          }
        }).finally(() => signal.removeEventListener('abort', leave))
      },

      listen: (machine, port, input, hear) => {
        const line = open(machine, port, input, 'listening')
        line.hear = hear
        try {
          const greeting = takeAnswer(port)?.(input)
          if (greeting !== undefined) hear(greeting as EventObject)
        } catch (error) {
          line.state = 'failed'
          throw error
        }
        return () => {
          line.state = 'disposed'
        }
      },

      note: (machine, port, input) => {
        open(machine, port, input, 'noted')
      },
    },
  }
}
