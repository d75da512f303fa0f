import type { CSSProperties } from 'react'
import type { Wait } from '../recorder/records.ts'
import { lengthInWords, progressOf, type ChartTime } from './time.ts'

const radius = 5
const round = 2 * Math.PI * radius

/** A ring that empties until a delayed transition is due. It runs by CSS alone: nothing is rendered anew. */
export function Countdown({
  wait,
  time,
  x,
  y,
}: {
  readonly wait: Wait
  readonly time: ChartTime
  readonly x: number
  readonly y: number
}) {
  const { share, left } = progressOf(wait, time)
  const looks: CSSProperties =
    time === 'runs'
      ? { strokeDasharray: round, ['--chart-left' as string]: `${left}ms` }
      : { strokeDasharray: round, strokeDashoffset: round * share }
  return (
    <g className="chart-countdown" transform={`translate(${x} ${y}) rotate(-90)`}>
      <circle r={radius + 3} className="chart-countdown-ground" />
      <circle r={radius} className="chart-countdown-track" />
      <circle
        // Another wait begins anew, and so does the animation.
        key={`${wait.event} ${wait.until}`}
        r={radius}
        className={time === 'runs' ? 'chart-countdown-ring is-running' : 'chart-countdown-ring'}
        style={{ ...looks, ['--chart-from' as string]: round * share, ['--chart-to' as string]: round }}
      />
      <title>{`In ${lengthInWords(left)}`}</title>
    </g>
  )
}
