// SVG has no buttons of its own.
/* oxlint-disable jsx-a11y/prefer-tag-over-role */
import { Fragment, memo } from 'react'
import { linesOf } from '../layout/boxes.ts'
import { type } from '../layout/words.ts'
import type { PlacedState, Row } from '../layout/geometry.ts'
import type { ChartState } from '../model/chart.ts'
import { fitted } from './fitted.ts'
import type { DrawingHands } from './hands.ts'
import type { Mark } from './marks.ts'
import { saying } from './saying.ts'

interface StateBoxProps {
  readonly placed: PlacedState
  readonly state: ChartState
  readonly isCurrent: boolean
  /** Ids of its services that run, with commas: a text, so that nothing is drawn anew for nothing. */
  readonly running: string
  readonly mark: Mark | undefined
  readonly isLooked: boolean
  readonly isStop: boolean
  readonly hands: DrawingHands
}

/** A state: its name, what it says of itself, and the button that opens or closes it. */
export const StateBox = memo(function StateBox({
  placed,
  state,
  isCurrent,
  running,
  mark,
  isLooked,
  isStop,
  hands,
}: StateBoxProps) {
  const { id, x, y, width, height, depth } = placed
  const hasMore = state.isClosed === true || state.type === 'compound' || state.type === 'parallel'
  const toggle = hasMore && depth > 0 && hands.onToggle ? () => hands.onToggle?.(id) : undefined
  const entered = state.invokes.find(({ chart }) => chart !== undefined)?.chart
  const { title, rows } = linesOf(placed)
  const looks = [
    'chart-state',
    `is-${state.type}`,
    depth % 2 === 0 ? 'is-even' : 'is-odd',
    ...(isCurrent ? ['is-current'] : []),
    ...(isLooked ? ['is-looked'] : []),
    ...(mark === undefined ? [] : [`is-${mark.tone}`]),
  ]
  return (
    <g
      className={looks.join(' ')}
      data-id={id}
      tabIndex={isStop ? 0 : -1}
      role="button"
      // What is seen comes first, so that whoever speaks to the page can say it.
      aria-label={saying([
        [title.text, ...rows.flatMap(({ lines }) => lines)].join(' '),
        isCurrent ? 'The chart is here' : '',
        state.description,
        mark?.words ?? '',
      ])}
      aria-current={isCurrent ? 'true' : undefined}
      aria-expanded={toggle && state.isClosed !== true}
      onPointerEnter={() => hands.onPoint(id)}
      onFocus={() => hands.onSelect(id)}
      onClick={() => hands.onSelect(id)}
      onDoubleClick={toggle}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return
        if (toggle !== undefined) toggle()
        else if (entered !== undefined && hands.onEnter) hands.onEnter(entered)
        else return
        event.preventDefault()
      }}
    >
      {state.type === 'history' ? (
        <HistorySign {...placed} isDeep={state.history === 'deep'} />
      ) : (
        <>
          {isCurrent && <rect className="chart-glow" {...{ x, y, width, height }} rx={depth === 0 ? 14 : 10} />}
          <rect className="chart-box" {...{ x, y, width, height }} rx={depth === 0 ? 14 : 10} />
          {state.type === 'final' && (
            <rect className="chart-inner" x={x + 3} y={y + 3} width={width - 6} height={height - 6} rx={7} />
          )}
          <text
            className="chart-name"
            x={title.x}
            y={title.y}
            textLength={fitted(title.text, title.width, type.name, 650)}
          >
            {title.text}
          </text>
          {rows.map((row) => (
            <BoxRow
              key={`${row.kind} ${row.lines[0]}`}
              row={row}
              state={state}
              running={running}
              onEnter={hands.onEnter}
            />
          ))}
          {toggle !== undefined && (
            <g className="chart-toggle" onClick={toggle}>
              <circle cx={x + width - 17} cy={y + 17} r={10} />
              <path d={`M${x + width - 21} ${y + 17}h8${state.isClosed === true ? 'm-4-4v8' : ''}`} />
            </g>
          )}
        </>
      )}
    </g>
  )
})

function HistorySign({ x, y, width, height, isDeep }: PlacedState & { readonly isDeep: boolean }) {
  const [middle, ground] = [x + width / 2, y + height / 2]
  return (
    <>
      <circle className="chart-box" cx={middle} cy={ground} r={Math.min(width, height) / 2} />
      <text className="chart-name" x={middle} y={ground + 4.5} textAnchor="middle">
        {isDeep ? 'H*' : 'H'}
      </text>
    </>
  )
}

/** `Legend` says what they mean. */
const signs = {
  words: null,
  invoke: 'M0-8 7-4 0 0z',
  entry: 'M0-4h7m-3-3 3 3-3 3',
  exit: 'M7-4H0m3-3-3 3 3 3',
  inner: 'M1-4a3 3 0 1 0 3-3',
} as const

function BoxRow({
  row: { kind, placed },
  state,
  running,
  onEnter,
}: {
  readonly row: Row & { readonly placed: ReturnType<typeof linesOf>['rows'][number]['placed'] }
  readonly state: ChartState
  readonly running: string
  readonly onEnter: DrawingHands['onEnter']
}) {
  const sign = signs[kind]
  const [first] = placed
  const service = kind === 'invoke' ? state.invokes.find(({ id }) => id === first?.text) : undefined
  const isRunning = service !== undefined && running.split(',').includes(service.id)
  const { chart } = service ?? {}
  return (
    <g
      className={`chart-row${isRunning ? ' is-running' : ''}${chart !== undefined && onEnter ? ' is-entrance' : ''}`}
      onClick={(event) => {
        if (chart === undefined || onEnter === undefined) return
        event.stopPropagation()
        onEnter(chart)
      }}
    >
      {sign !== null && first !== undefined && (
        <path className={`chart-mark is-${kind}`} d={sign} transform={`translate(${first.x - 16} ${first.y})`} />
      )}
      {placed.map(({ x, y, text, width }) => (
        <Fragment key={y}>
          {' '}
          <text x={x} y={y} textLength={fitted(text, width, type.row)}>
            {text}
          </text>
        </Fragment>
      ))}
    </g>
  )
}
