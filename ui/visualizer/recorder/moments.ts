import type { ChartRecord, Moment, Recording } from './records.ts'

/** The running charts after one more record. */
function after(moments: readonly Moment[], record: ChartRecord): readonly Moment[] {
  switch (record.kind) {
    case 'started': {
      const { actor, chart, invokedBy, at, now } = record
      const others = moments.filter((moment) => moment.actor !== actor)
      return [...others, { actor, chart, invokedBy, at, now, taken: [] }]
    }
    case 'stepped': {
      const { actor, at, now, taken } = record
      // Where an event was ignored, nothing new led here.
      const news = taken.length === 0 ? { now } : { at, now, taken }
      return moments.map((moment) => (moment.actor === actor ? { ...moment, ...news } : moment))
    }
    case 'ended':
      return moments.filter(({ actor }) => actor !== record.actor)
  }
}

/** Goes on from where it was: the running charts after these records, in the order in which they began. */
export const momentsAfter = (moments: readonly Moment[], records: readonly ChartRecord[]): readonly Moment[] =>
  records.reduce(after, moments)

/** The running charts as they were after the record of this number; without one, as they are after the last. */
export function momentsAt({ base, records }: Recording, number = Infinity): readonly Moment[] {
  const first = records[0]?.number ?? 1
  // Numbers have no gaps.
  const count = Math.max(0, Math.min(records.length, number - first + 1))
  return momentsAfter(base, records.slice(0, count))
}

/** The recording with more records, and no more of the older ones than `size`: they go into the base. */
export function extended({ base, records }: Recording, more: readonly ChartRecord[], size: number): Recording {
  const all = [...records, ...more]
  const tooMany = Math.max(0, all.length - size)
  return { base: momentsAfter(base, all.slice(0, tooMany)), records: tooMany === 0 ? all : all.slice(tooMany) }
}
