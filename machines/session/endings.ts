import { toProblem } from '../errors.ts'
import type { EndReason } from '../facts.ts'
import type { Ending, Stage, StageOutcome } from './types.ts'

export const newEnding = (
  reason: EndReason,
  from: Ending['from'] = 'app',
  generation: string | null = null,
): Ending => ({
  reason,
  from,
  generation,
  clearing: 'skipped',
  revoking: 'skipped',
  leavingProvider: 'skipped',
  problems: {},
})

/** The same end with the outcome of a stage; one that failed says why. */
export function withStage(ending: Ending, stage: Stage, outcome: StageOutcome, error?: unknown): Ending {
  const { [stage]: _before, ...problems } = ending.problems
  return {
    ...ending,
    [stage]: outcome,
    problems: outcome === 'failed' ? { ...problems, [stage]: toProblem(error) } : problems,
  }
}

/** The person leaves while the session ends: the greater of both ways counts. */
export const asLogout = (ending: Ending, from: Ending['from']): Ending => ({
  ...ending,
  reason: 'logout',
  from: ending.from === 'provider' ? ending.from : from,
})
