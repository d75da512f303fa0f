import { setTimeout as sleep } from 'node:timers/promises'
import { inspect } from 'node:util'
import { logoutVariants } from './logout.ts'
import { Unsupported, type Step } from './step.ts'
import { steps } from './steps.ts'
import { createTraveller, type Traveller } from './traveller.ts'
import type { RunningProvider, Say, TestProvider } from './types.ts'

const allSteps = { ...steps, ...logoutVariants }

export type StepName = keyof typeof allSteps
export const stepNames = Object.keys(allSteps) as readonly StepName[]

export interface Outcome {
  readonly result: 'ok' | 'unsupported' | `failed: ${string}`
  /** Why it is unsupported, or what else is worth knowing. */
  readonly remark: string
}

export type Journey = Readonly<Record<StepName, Outcome>>

/** Starts a provider, goes the whole way there twice in one browser, and stops it. Never rejects. */
export async function travelAt(provider: TestProvider, say: Say): Promise<Journey> {
  try {
    const running = await provider.start(say)
    try {
      return await travel(running, say)
    } finally {
      await running.stop()
    }
  } catch (error) {
    const failed = outcomeOf(error)
    return Object.fromEntries(stepNames.map((name) => [name, failed])) as Record<StepName, Outcome>
  }
}

/** Twice, since a session at the provider that outlived a logout would show in the second login only. */
export async function travel(provider: RunningProvider, say: Say): Promise<Journey> {
  const traveller = await createTraveller(provider)
  try {
    const journey: Partial<Record<StepName, Outcome>> = {}
    for (const round of ['first', 'second']) {
      for (const name of stepNames) {
        const outcome = await take(allSteps[name], traveller)
        if (outcome.result.startsWith('failed')) say(`  ${name}, ${round} time: ${outcome.result}`)
        journey[name] = worse(journey[name], outcome)
      }
    }
    return journey as Journey
  } finally {
    await traveller.close()
  }
}

async function take(step: Step, traveller: Traveller): Promise<Outcome> {
  const done = new AbortController()
  const tooLong = sleep(60_000, undefined, { signal: done.signal }).then(() => {
    throw new Error('it took longer than a minute')
  })
  try {
    return { result: 'ok', remark: await Promise.race([step(traveller), tooLong]) }
  } catch (error) {
    return outcomeOf(error)
  } finally {
    done.abort()
  }
}

function outcomeOf(error: unknown): Outcome {
  const said = error instanceof Error ? error.message : String(error)
  // Some errors say what they have to say elsewhere than in their message.
  const message = said === '' ? inspect(error, { breakLength: Infinity }) : said
  return error instanceof Unsupported
    ? { result: 'unsupported', remark: message }
    : { result: `failed: ${message}`, remark: message }
}

/** What went wrong once went wrong. What the two rounds say differently is told as well. */
function worse(first: Outcome | undefined, second: Outcome): Outcome {
  if (first === undefined || first.result.startsWith('failed')) return first ?? second
  if (first.result !== second.result || first.remark === second.remark) return second
  return { result: second.result, remark: [first.remark, second.remark].filter((text) => text !== '').join('; then ') }
}
