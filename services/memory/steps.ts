import { SessionError, type SessionErrorCode } from '../../machines/errors.ts'
import type { SessionRequest } from '../../machines/session/types.ts'
import type { AskingPort, ListeningPort, News, PortOutput } from './ports.ts'
import type { Script } from './script.ts'

/** A failure as data: what a service throws. */
interface Failure {
  readonly code: SessionErrorCode
  /** ms; see `SessionError.retryAfter`. */
  readonly retryAfter?: number
  /** The provider's own code; see `SessionError.oauthError`. */
  readonly oauthError?: string
}

/** What a port comes to; nothing is said of one that only says that it is done. */
type Answered<TDo extends string> = {
  readonly [TPort in AskingPort]: [PortOutput<TPort>] extends [void]
    ? { readonly do: TDo; readonly port: TPort }
    : { readonly do: TDo; readonly port: TPort; readonly output: PortOutput<TPort> }
}[AskingPort]

type Told<TDo extends string> = {
  readonly [TPort in ListeningPort]: { readonly do: TDo; readonly port: TPort; readonly news: News[TPort] }
}[ListeningPort]

/**
 * One thing that happens to a scripted session, as plain data: it can be printed, kept in a file and pasted into a test. Times
 * are in ms, and epoch ms within outputs and news.
 *
 * - `send`: the app or the person asks for something.
 * - `settle`, `fail`: the oldest call of a service that waits is answered, or fails.
 * - `say`: a service that listens tells something. `greet`: as soon as the chart begins to listen, from now on.
 * - `answer`, `refuse`: every call of a service is answered, or fails, from now on; `hold`: calls wait again.
 * - `pass`: time goes by. `shift`: the clock on the wall moves, and no timer does: forwards after a sleep, backwards when it was set.
 */
export type Step =
  | { readonly do: 'send'; readonly event: SessionRequest }
  | Answered<'settle' | 'answer'>
  | ({ readonly do: 'fail'; readonly port: AskingPort } & Failure)
  | Told<'say' | 'greet'>
  | ({ readonly do: 'refuse'; readonly port: AskingPort | ListeningPort } & Failure)
  | { readonly do: 'hold'; readonly port: AskingPort | ListeningPort }
  | { readonly do: 'pass' | 'shift'; readonly ms: number }

/** As much of a scripted session as steps need. */
export interface Playable {
  readonly actor: { send(event: SessionRequest): void }
  readonly script: Script
  advance(ms: number): Promise<void>
  rest(): Promise<void>
  shiftClock(ms: number): void
}

/**
 * Plays steps in order, and lets everything take effect after each. A step that cannot be played, because nobody waits for that
 * service or listens to it, throws and names the step's number, and what was waited for instead.
 */
export async function playSteps(session: Playable, steps: readonly Step[]): Promise<void> {
  for (const [index, step] of steps.entries()) {
    const obstacle = obstacleTo(session.script, step)
    if (obstacle !== null)
      throw new Error(`Step ${index + 1} of ${steps.length} (${stepInWords(step)}) cannot be played: ${obstacle}`)
    await playStep(session, step)
    await session.rest()
  }
}

/** Why a step cannot be played now, as a sentence; `null`: it can. */
export function obstacleTo(script: Script, step: Step): string | null {
  const wanted = step.do === 'settle' || step.do === 'fail' ? 'waiting' : step.do === 'say' ? 'listening' : null
  const open = openPorts(script)
  if (wanted === null || !('port' in step) || open[wanted].includes(step.port)) return null
  const nobody = wanted === 'waiting' ? 'nobody waits for' : 'nobody listens at'
  return (
    `${nobody} "${step.port}". ` +
    `Waited for: ${open.waiting.join(', ') || 'nothing'}. Listened at: ${open.listening.join(', ') || 'nothing'}.`
  )
}

function openPorts(script: Script): Record<'waiting' | 'listening', readonly string[]> {
  const portsIn = (wanted: 'waiting' | 'listening') => [
    ...new Set(
      script
        .calls()
        .filter(({ state }) => state === wanted)
        .map(({ port }) => port),
    ),
  ]
  return { waiting: portsIn('waiting'), listening: portsIn('listening') }
}

function playStep({ actor, script, advance, shiftClock }: Playable, step: Step): Promise<void> | void {
  switch (step.do) {
    case 'send':
      return actor.send(step.event)
    case 'settle':
      // A port and its output come together in `Step`; the compiler cannot follow a pair of unions.
      return script.settle(step.port, outputOf(step) as never)
    case 'answer':
      return script.answer(step.port, outputOf(step) as never)
    case 'fail':
      return script.fail(step.port, errorOf(step))
    case 'refuse':
      return script.refuse(step.port, errorOf(step))
    case 'say':
      return script.say(step.port, step.news)
    case 'greet':
      return script.greet(step.port, step.news)
    case 'hold':
      return script.hold(step.port)
    case 'pass':
      return advance(step.ms)
    case 'shift':
      return shiftClock(step.ms)
  }
}

const outputOf = (step: Answered<'settle' | 'answer'>): unknown => ('output' in step ? step.output : undefined)

function errorOf({ code, retryAfter, oauthError }: Failure): SessionError {
  return new SessionError(code, `This is ${code}.`, {
    ...(retryAfter === undefined ? {} : { retryAfter }),
    ...(oauthError === undefined ? {} : { oauthError }),
  })
}

/** A step as a sentence for people: a caption, or a line of a failing run. */
export function stepInWords(step: Step): string {
  switch (step.do) {
    case 'send': {
      const { type, ...rest } = step.event
      return `"${type}" is sent${withDetails(rest)}`
    }
    case 'settle':
      return `${step.port} answers${withDetails(outputOf(step))}`
    case 'answer':
      return `from now on ${step.port} answers${withDetails(outputOf(step))}`
    case 'fail':
      return `${step.port} fails with ${failureInWords(step)}`
    case 'refuse':
      return `from now on ${step.port} fails with ${failureInWords(step)}`
    case 'say':
    case 'greet': {
      const { type, ...rest } = step.news
      return `${step.do === 'greet' ? 'from now on ' : ''}${step.port} tells "${type}"${withDetails(rest)}`
    }
    case 'hold':
      return `from now on ${step.port} waits`
    case 'pass':
      return `${timeInWords(step.ms)} pass`
    case 'shift':
      return `the clock is ${timeInWords(Math.abs(step.ms))} ${step.ms < 0 ? 'set back' : 'ahead at once'}`
  }
}

const failureInWords = ({ code, retryAfter, oauthError }: Failure): string =>
  [
    code,
    ...(oauthError === undefined ? [] : [`"${oauthError}"`]),
    ...(retryAfter === undefined ? [] : [`and asks to wait ${timeInWords(retryAfter)}`]),
  ].join(' ')

function withDetails(value: unknown): string {
  if (value === undefined || (typeof value === 'object' && value !== null && Object.keys(value).length === 0)) return ''
  return `: ${asCode(value)}`
}

const units = [
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
  ['ms', 1],
] as const

/** `90_500` is "1 min 30 s 500 ms". */
function timeInWords(ms: number): string {
  let left = ms
  const parts = units.flatMap(([unit, size]) => {
    const count = Math.floor(left / size)
    left -= count * size
    return count === 0 ? [] : [`${count} ${unit}`]
  })
  return parts.join(' ') || '0 ms'
}

/** Steps as an array literal, one step a line, to be pasted into a test as it stands. Takes any plain data. */
export function stepsAsCode(steps: readonly unknown[]): string {
  return `[\n${steps.map((step) => `  ${asCode(step)},\n`).join('')}]`
}

function asCode(value: unknown): string {
  if (typeof value === 'string')
    return `'${JSON.stringify(value).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`
  if (typeof value === 'number') return String(value).replaceAll(/\B(?=(\d{3})+$)/g, '_')
  if (Array.isArray(value)) return `[${value.map(asCode).join(', ')}]`
  if (typeof value !== 'object' || value === null) return String(value)
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined)
  if (entries.length === 0) return '{}'
  const nameOf = (key: string) => (/^[\w$]+$/.test(key) && !/^\d/.test(key) ? key : asCode(key))
  return `{ ${entries.map(([key, inner]) => `${nameOf(key)}: ${asCode(inner)}`).join(', ')} }`
}
