// SVG has no buttons of its own.
/* oxlint-disable jsx-a11y/prefer-tag-over-role */
import { Fragment, memo } from 'react'
import { placedItemsOf } from '../layout/boxes.ts'
import { type } from '../layout/words.ts'
import type { PlacedEdge } from '../layout/geometry.ts'
import type { ChartTransition } from '../model/chart.ts'
import { fitted } from './fitted.ts'
import type { DrawingHands } from './hands.ts'
import { strongest, type Mark, type Marks } from './marks.ts'
import { roundedPath } from './path.ts'
import { saying } from './saying.ts'

/** The line of all transitions from one state to another. */
export const EdgeLine = memo(function EdgeLine({
  edge,
  arrow,
  isTaken,
  isLooked,
  mark,
}: {
  readonly edge: PlacedEdge
  /** Id of the marker at its end. */
  readonly arrow: string
  readonly isTaken: boolean
  readonly isLooked: boolean
  readonly mark: Mark | undefined
}) {
  const looks = [
    'chart-line',
    ...(mark === undefined ? [] : [`is-${mark.tone}`]),
    ...(isTaken ? ['is-taken'] : []),
    ...(isLooked ? ['is-looked'] : []),
  ]
  return <path className={looks.join(' ')} d={roundedPath(edge.path)} markerEnd={`url(#${arrow})`} />
})

/** What is said at a line: each of its transitions by name, to be pointed at, selected and reached by key. */
export const EdgeLabel = memo(function EdgeLabel({
  edge: { label, transitions: ids },
  transitions,
  taken,
  looked,
  isBeside,
  stop,
  marks,
  hands,
}: {
  readonly edge: PlacedEdge
  readonly transitions: ReadonlyMap<string, ChartTransition>
  /** Of those that were taken last, the ids with line ends: a text, so that nothing is drawn anew for nothing. */
  readonly taken: string
  readonly looked: string | null
  /** The state at one of its ends is looked at. */
  readonly isBeside: boolean
  readonly stop: string | null
  readonly marks: Marks
  readonly hands: DrawingHands
}) {
  if (label === null) return null
  const { x, y, width, height } = label
  const isOneOf = (all: readonly string[], id: string | null) => id !== null && all.includes(id)
  const lit = taken === '' ? [] : taken.split('\n')
  const mark = strongest(ids, marks)
  const looks = [
    'chart-label',
    ...(looked !== null || isBeside ? ['is-looked'] : []),
    ...(lit.length > 0 ? ['is-taken'] : []),
    ...(mark === undefined ? [] : [`is-${mark.tone}`]),
  ]
  return (
    <g className={looks.join(' ')}>
      <rect {...{ x, y, width, height }} rx={6} />
      {placedItemsOf(label).map(({ transitions: alike, strip, placed }) => {
        // One that stands for several is the one that is looked at, or the first.
        const id = alike.find((one) => one === stop || one === looked) ?? alike[0]
        const transition = id === undefined ? undefined : transitions.get(id)
        if (transition === undefined) return null
        const { name, description, guard, kind } = transition
        const own = strongest(alike, marks)
        const seen = placed.map(({ text }) => text).join(' ')
        const condition = guard === null || seen.includes(guard) ? '' : `if ${guard}`
        return (
          <g
            key={transition.id}
            data-id={transition.id}
            className={[
              'chart-item',
              `is-${kind}`,
              ...(isOneOf(alike, looked) ? ['is-looked'] : []),
              ...(alike.some((one) => lit.includes(one)) ? ['is-taken'] : []),
              ...(own === undefined ? [] : [`is-${own.tone}`]),
            ].join(' ')}
            tabIndex={isOneOf(alike, stop) ? 0 : -1}
            role="button"
            // What is seen comes first, so that whoever speaks to the page can say it.
            aria-label={saying([seen, seen.startsWith(name) ? '' : name, condition, description, own?.words ?? ''])}
            onPointerEnter={() => hands.onPoint(transition.id)}
            onFocus={() => hands.onSelect(transition.id)}
            onClick={() => hands.onSelect(transition.id)}
          >
            <rect className="chart-grip" {...strip} rx={5} />
            <rect
              className="chart-kind"
              x={strip.x + 0.4}
              y={strip.y + 2.5}
              width={2.4}
              height={strip.height - 5}
              rx={1}
            />
            {placed.map((line) => (
              <Fragment key={line.y}>
                {' '}
                <text x={line.x} y={line.y} textLength={fitted(line.text, line.width, type.label)}>
                  {line.text}
                </text>
              </Fragment>
            ))}
            {own?.text !== undefined && (
              <g className="chart-badge">
                <rect x={strip.x + strip.width - 6} y={strip.y} width={own.text.length * 6.4 + 8} height={14} rx={7} />
                <text x={strip.x + strip.width - 2} y={strip.y + 10.5}>
                  {own.text}
                </text>
              </g>
            )}
          </g>
        )
      })}
    </g>
  )
})
