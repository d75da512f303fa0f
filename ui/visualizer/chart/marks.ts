/** What is said of a state or a transition over and above the chart: how often it was taken, which test takes it, what is new. */
export interface Mark {
  readonly tone: Tone
  /** A sentence for whoever points at it. */
  readonly words: string
  /** A few letters beside it: `12×`. Default: none. */
  readonly text?: string
}

/** How a mark looks: `low` to `high` for how often, `good` and `poor` for a verdict, the last three for what differs between two charts. */
export type Tone = 'none' | 'low' | 'middle' | 'high' | 'good' | 'poor' | 'added' | 'removed' | 'changed'

/** By id of the state or the transition. */
export type Marks = ReadonlyMap<string, Mark>

/** Nothing is said over and above the chart. */
export const noMarks: Marks = new Map()

const order: readonly Tone[] = ['none', 'low', 'middle', 'high', 'good', 'changed', 'added', 'removed', 'poor']

/** Of several transitions that share a line, the mark that says most. */
export function strongest(ids: readonly string[], marks: Marks): Mark | undefined {
  return ids
    .flatMap((id) => marks.get(id) ?? [])
    .toSorted((one, other) => order.indexOf(other.tone) - order.indexOf(one.tone))[0]
}
