import type { Mark, Marks } from '../chart/marks.ts'
import type { ChartModel } from '../model/chart.ts'

/** What `coverage.json` says, which `npm run chart:coverage` writes: by chart, every transition with the levels of tests that take it. */
export interface Coverage {
  readonly transitions: Readonly<Record<string, readonly CoveredTransition[]>>
}

export interface CoveredTransition {
  readonly id: string
  /** `level1`, `level2`, `level3`. */
  readonly levels: readonly string[]
  /** By level: why that one does not take it. */
  readonly reasons?: Readonly<Record<string, string>>
}

/** How it stands with one transition, at some levels. */
export interface Standing {
  readonly id: string
  readonly taken: readonly string[]
  /** Levels that do not take it, each with the reason; `null`: nobody has said why. */
  readonly missed: readonly { readonly level: string; readonly reason: string | null }[]
}

/** Every transition of the chart, in document order, at these levels. One that the file does not know is missed without a reason. */
export function standingsOf(coverage: Coverage, model: ChartModel, levels: readonly string[]): readonly Standing[] {
  const known = new Map((coverage.transitions[model.id] ?? []).map((one) => [one.id, one]))
  return model.transitions.map(({ id }) => {
    const own = known.get(id)
    const isTaken = (level: string) => own?.levels.includes(level) === true
    return {
      id,
      taken: levels.filter(isTaken),
      missed: levels
        .filter((level) => !isTaken(level))
        .map((level) => ({
          level, // Marks of code mean nothing to who reads it here.
          reason: own?.reasons?.[level]?.replaceAll('`', '') ?? null,
        })),
    }
  })
}

/**
 * What of a chart the tests take. `good`: each of these levels takes it; `changed`: one does not, and there is a reason why; `poor`: one does
 * not, and nobody has said why. A state counts what leaves it and what is within it, and shows the worst of that.
 */
export function coverageMarks(standings: readonly Standing[], { states, transitions }: ChartModel): Marks {
  const marks = new Map<string, Mark>(standings.map((standing) => [standing.id, transitionMark(standing)]))
  const standingOf = new Map(standings.map((standing) => [standing.id, standing]))
  for (const { id } of states) {
    const own = transitions
      .filter(({ source }) => source === id || source.startsWith(`${id}.`))
      .flatMap((transition) => standingOf.get(transition.id) ?? [])
    if (own.length === 0) continue
    const taken = own.filter(({ missed }) => missed.length === 0).length
    marks.set(id, {
      tone: worstOf(own),
      words: `${taken} of ${own.length} transitions are taken${taken === own.length ? '' : ' at each level'}.`,
      text: `${taken}/${own.length}`,
    })
  }
  return marks
}

function transitionMark({ taken, missed }: Standing): Mark {
  const takenAt = taken.length === 0 ? [] : [`Taken at ${levelsInWords(taken)}.`]
  const missedAt = missed.map(
    ({ level, reason }) => `Not at ${levelsInWords([level])}: ${reason ?? 'nobody has said why.'}`,
  )
  return { tone: toneOf(missed), words: [...takenAt, ...missedAt].join(' ') }
}

const toneOf = (missed: Standing['missed']): 'good' | 'changed' | 'poor' => {
  if (missed.length === 0) return 'good'
  return missed.every(({ reason }) => reason !== null) ? 'changed' : 'poor'
}

function worstOf(standings: readonly Standing[]): Mark['tone'] {
  const tones = standings.map(({ missed }) => toneOf(missed))
  return tones.find((tone) => tone === 'poor') ?? tones.find((tone) => tone === 'changed') ?? 'good'
}

/** `level 1`, `levels 1 and 2`, `levels 1, 2 and 3`. */
export function levelsInWords(levels: readonly string[]): string {
  const numbers = levels.map((level) => level.replace('level', ''))
  const last = numbers.at(-1) ?? ''
  return numbers.length < 2 ? `level ${last}` : `levels ${numbers.slice(0, -1).join(', ')} and ${last}`
}
