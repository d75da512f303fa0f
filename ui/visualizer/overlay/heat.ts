import { lengthInWords } from '../chart/time.ts'
import type { Mark, Marks } from '../chart/marks.ts'
import type { Recording } from '../recorder/records.ts'

/** How often and how long, in one recording, over all runs of one chart. */
export interface Heat {
  /** Times taken, by id of the transition. */
  readonly taken: ReadonlyMap<string, number>
  /** Stays in a state, by its id: how many, and ms in all. A stay lasts up to the recording's end unless it ended before. */
  readonly stays: ReadonlyMap<string, { readonly times: number; readonly ms: number }>
}

/** Counts what a recording says of one chart, `chart` being its machine's id. */
export function heatOf({ base, records }: Recording, chart: string): Heat {
  const taken = new Map<string, number>()
  const stays = new Map<string, { times: number; ms: number }>()
  /** By running chart: since when it is in which states. */
  const open = new Map(
    base
      .filter((moment) => moment.chart === chart)
      .map(({ actor, at, now }) => [actor, new Map(now.states.map((id) => [id, at]))]),
  )
  const close = (id: string, since: number, at: number) => {
    const before = stays.get(id) ?? { times: 0, ms: 0 }
    stays.set(id, { times: before.times + 1, ms: before.ms + Math.max(0, at - since) })
  }
  let end = -Infinity
  for (const record of records) {
    end = Math.max(end, record.at)
    if (record.kind === 'started' && record.chart === chart) open.set(record.actor, new Map())
    const since = open.get(record.actor)
    if (since === undefined) continue
    if (record.kind === 'stepped') for (const id of record.taken) taken.set(id, (taken.get(id) ?? 0) + 1)
    const now = new Set(record.kind === 'ended' ? [] : record.now.states)
    for (const [id, from] of since)
      if (!now.has(id)) {
        close(id, from, record.at)
        since.delete(id)
      }
    for (const id of now) if (!since.has(id)) since.set(id, record.at)
  }
  for (const since of open.values()) for (const [id, from] of since) close(id, from, end)
  return { taken, stays }
}

/** Transitions by how often they were taken, states by how long the chart was in them; what never happened is `none`. */
export function heatMarks({ taken, stays }: Heat, ids: readonly string[]): Marks {
  const most = Math.max(0, ...taken.values())
  const longest = Math.max(0, ...[...stays.values()].map(({ ms }) => ms))
  return new Map(
    ids.map((id): readonly [string, Mark] => {
      const stay = stays.get(id)
      if (stay !== undefined)
        return [
          id,
          {
            tone: heatTone(stay.ms, longest),
            words: `Here ${timesInWords(stay.times)}, ${lengthInWords(stay.ms)} in all.`,
            text: lengthInWords(stay.ms),
          },
        ]
      const times = taken.get(id)
      if (times === undefined) return [id, { tone: 'none', words: 'Not in this recording.' }]
      return [id, { tone: heatTone(times, most), words: `Taken ${timesInWords(times)}.`, text: `${times}×` }]
    }),
  )
}

/** By thirds of the logarithm: what happened twice is told from what happened once, also where something happened a thousand times. */
function heatTone(amount: number, most: number): 'low' | 'middle' | 'high' {
  const share = most === 0 ? 0 : Math.log1p(amount) / Math.log1p(most)
  if (share > 2 / 3) return 'high'
  return share > 1 / 3 ? 'middle' : 'low'
}

export const timesInWords = (times: number): string => {
  if (times === 1) return 'once'
  return times === 2 ? 'twice' : `${times} times`
}
