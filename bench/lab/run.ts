import type { Lab, Measure } from './lab.ts'
import { thisMachine } from './report.ts'
import type { MeasuredSection } from './results.ts'

export interface RunOptions {
  readonly measures: readonly Measure[]
  /** How long each took last time, s, for the same number of rounds. */
  readonly expected: (measure: Measure) => number | undefined
  /** For one measurement. */
  readonly lab: (measure: Measure) => Lab
  readonly say: (line: string) => void
  /** After each part: who stops half way keeps what there is. */
  readonly keep: (sections: readonly MeasuredSection[]) => Promise<void>
}

export interface Failure {
  readonly name: string
  readonly why: string
}

export const inMinutes = (seconds: number): string => {
  const whole = Math.round(seconds)
  return `${Math.floor(whole / 60)} min ${whole % 60} s`
}

/** One part after the other; one that fails takes no other with it. */
export async function runMeasures({ measures, expected, lab, say, keep }: RunOptions): Promise<readonly Failure[]> {
  const began = performance.now()
  const sections: MeasuredSection[] = []
  const failures: Failure[] = []
  for (const [index, measure] of measures.entries()) {
    const left = measures.slice(index).map(expected)
    const known = left.filter((seconds) => seconds !== undefined)
    const guess = known.length < left.length ? 'the rest was never measured' : `about ${inMinutes(sum(known))} left`
    say(
      `${index + 1} of ${measures.length}: ${measure.name} (${inMinutes((performance.now() - began) / 1000)} so far, ${guess})`,
    )
    const started = performance.now()
    const its = lab(measure)
    try {
      const section = await measure.run(its)
      const seconds = (performance.now() - started) / 1000
      const measured = {
        date: new Date().toISOString().slice(0, 10),
        machine: thisMachine(),
        rounds: its.rounds,
        seconds,
      }
      sections.push({ ...section, measured })
    } catch (error) {
      failures.push({
        name: measure.name,
        why: error instanceof Error ? (error.stack ?? error.message) : String(error),
      })
      say(`  failed: ${String(error)}`)
      continue
    }
    await keep(sections)
  }
  return failures
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
