import type { ChartModel } from '../model/chart.ts'
import type { Words } from './geometry.ts'
import type { Attempt, Effort } from './graph.ts'
import type { Direction, LayoutChoice } from './hash.ts'
import { longestRowOf } from './row.ts'

/** px; narrow labels make for small drawings, and are tried first. */
const labelWidths: Readonly<Record<Words, readonly number[]>> = { built: [110, 140, 190], experienced: [125, 150, 180] }

/** Above this many states ELK's better placements take tens of seconds, or all of the stack. */
const mostForBest = 60

/** A row of more states than this is wider than two windows; ELK breaks it up where it may choose which lines lead back. */
const longestRow = 20

/** The ways of laying a chart out, the likely best first. */
export function attemptsOf(
  model: ChartModel,
  { words, direction }: LayoutChoice,
  effort: Effort | 'best',
): readonly Attempt[] {
  const directions: readonly Direction[] = direction === 'best' ? ['RIGHT', 'DOWN'] : [direction]
  if (effort === 'best') return manyAttempts(words, directions)
  const isLarge = model.states.length > mostForBest
  const [labelWidth = 0] = labelWidths[words]
  const common = { effort, seed: 1, labelWidth }
  if (effort !== 'full')
    return directions.map((way) => ({
      ...common,
      direction: way,
      turnsBack: effort === 'plain',
      options: isLarge ? { 'nodePlacement.strategy': 'BRANDES_KOEPF' } : {},
    }))
  const turnsBack = longestRowOf(model) <= longestRow
  const few = every(
    [turnsBack, !turnsBack],
    isLarge ? ['LONGEST_PATH', 'NETWORK_SIMPLEX'] : ['NETWORK_SIMPLEX'],
    directions,
  )
  return [
    ...few.map(([turns, layering, way]) => ({
      ...common,
      direction: way,
      turnsBack: turns,
      options: {
        'layering.strategy': layering,
        ...(isLarge ? { thoroughness: '3', 'nodePlacement.strategy': 'BRANDES_KOEPF' } : { thoroughness: '7' }),
      },
    })),
    ...(isLarge ? [] : manyAttempts(words, directions)),
  ]
}

/** Those that were tried with our own charts, for what is laid out beforehand. */
function manyAttempts(words: Words, directions: readonly Direction[]): readonly Attempt[] {
  return every(
    labelWidths[words],
    ['NETWORK_SIMPLEX', 'LONGEST_PATH_SOURCE', 'COFFMAN_GRAHAM'],
    [true, false],
    ['GREEDY', 'DEPTH_FIRST'],
    ['EDGE_LENGTH', 'NONE'],
    directions,
  ).map(([labelWidth, layering, turnsBack, cycles, compaction, way], seed) => ({
    direction: way,
    effort: 'full',
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
