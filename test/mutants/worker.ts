import { openTrials, type Known, type Verdict } from './trial.ts'

/** What a worker is asked, and what it answers. Without an `id`: to run the tests without any mutant. */
export interface Question {
  readonly id?: string
}
export type Answer =
  /** At the beginning, and when it is asked. `failures`: of the charts as they are. */
  | { readonly type: 'rehearsed'; readonly tests: number; readonly ms: number; readonly failures: readonly string[] }
  | { readonly type: 'verdict'; readonly verdict: Verdict }

/** A process of its own, because a mutant may run in circles; whoever started it ends it then. */
export async function main(): Promise<void> {
  const tell = (answer: Answer) => process.send?.(answer)
  process.on('disconnect', () => process.exit())
  const trials = await openTrials()
  let known: readonly Known[] = []
  const rehearse = async () => {
    const started = performance.now()
    const rehearsal = await trials.rehearse()
    known = rehearsal.known
    tell({
      type: 'rehearsed',
      tests: known.length,
      ms: performance.now() - started,
      failures: rehearsal.failures,
    })
  }
  process.on('message', ({ id }: Question) => {
    if (id === undefined) void rehearse()
    else void trials.judge(known, id).then((verdict) => tell({ type: 'verdict', verdict }))
  })
  await rehearse()
  await new Promise(() => {})
}
