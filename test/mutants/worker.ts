import { openTrials, type Known, type Verdict } from './trial.ts'

/** What a worker is asked, and what it answers. */
export interface Question {
  readonly id: string
}
export type Answer =
  /** `failures`: of the charts as they are. Empty when it is ready for questions. */
  | { readonly type: 'ready'; readonly tests: number; readonly ms: number; readonly failures: readonly string[] }
  | { readonly type: 'verdict'; readonly verdict: Verdict }

/** A process of its own, because a mutant may run in circles; whoever started it ends it then. */
export async function main(): Promise<void> {
  const tell = (answer: Answer) => process.send?.(answer)
  process.on('disconnect', () => process.exit())
  const trials = await openTrials()
  let known: readonly Known[] = []
  process.on('message', ({ id }: Question) => {
    void trials.judge(known, id).then((verdict) => tell({ type: 'verdict', verdict }))
  })
  const started = performance.now()
  const rehearsal = await trials.rehearse()
  known = rehearsal.known
  const ms = performance.now() - started
  tell({ type: 'ready', tests: known.length, ms, failures: rehearsal.failures })
  await new Promise(() => {})
}
