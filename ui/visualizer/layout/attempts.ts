import type { Words } from './geometry.ts'
import type { Attempt, Effort } from './graph.ts'
import type { Direction, LayoutChoice } from './hash.ts'

/** px; narrow labels make for small drawings, and are tried first. */
const labelWidths: Readonly<Record<Words, readonly number[]>> = { built: [110, 140, 190], experienced: [125, 150, 180] }

/** Above this many states ELK's better placements take tens of seconds, or all of the stack. */
const mostForBest = 60

/** The ways of laying out a chart of so many states, those first that have proved best with our own charts: what cannot wait takes the first few. */
export function attemptsOf({ words, direction }: LayoutChoice, effort: Effort, states: number): readonly Attempt[] {
  const directions: readonly Direction[] = direction === 'best' ? ['RIGHT', 'DOWN'] : [direction]
  const [narrow = 0] = labelWidths[words]
  if (effort !== 'full')
    return directions.map((way) => ({
      direction: way,
      effort,
      seed: 1,
      labelWidth: narrow,
      turnsBack: effort === 'plain',
      options: states > mostForBest ? { 'nodePlacement.strategy': 'BRANDES_KOEPF' } : {},
    }))
  if (states > mostForBest)
    return every(['LONGEST_PATH', 'NETWORK_SIMPLEX'], directions).map(([layering, way], seed) => ({
      direction: way,
      effort,
      seed: seed + 1,
      labelWidth: narrow,
      turnsBack: true,
      options: {
        thoroughness: '3',
        'layering.strategy': layering,
        'nodePlacement.strategy': 'BRANDES_KOEPF',
      },
    }))
  return every(
    labelWidths[words],
    ['NETWORK_SIMPLEX', 'LONGEST_PATH_SOURCE', 'COFFMAN_GRAHAM'],
    [true, false],
    ['GREEDY', 'DEPTH_FIRST'],
    ['EDGE_LENGTH', 'NONE'],
    directions,
  ).map(([labelWidth, layering, turnsBack, cycles, compaction, way], seed) => ({
    direction: way,
    effort,
    seed: seed + 1,
    labelWidth,
    turnsBack,
    options: {
      thoroughness: '40',
      'layering.strategy': layering,
      'cycleBreaking.strategy': cycles,
      'compaction.postCompaction.strategy': compaction,
    },
  }))
}

/** Every choice of one from each; the last list changes fastest. */
function every<Lists extends readonly (readonly unknown[])[]>(
  ...lists: Lists
): readonly { [Place in keyof Lists]: Lists[Place][number] }[] {
  const choices = lists.reduce<readonly (readonly unknown[])[]>(
    (before, list) => before.flatMap((choice) => list.map((one) => [...choice, one])),
    [[]],
  )
  // One of each list, in the order of the lists.
  return choices as readonly { [Place in keyof Lists]: Lists[Place][number] }[]
}
