import type { PointerEvent } from 'react'
import type { Geometry } from '../layout/geometry.ts'
import type { View } from './use-viewport.ts'

const widest = 168
const highest = 110
const narrow = 560

/** All of the drawing, small, and the window over it: press or drag to move it. Only for hands: keys move the window itself. */
export function Minimap({
  geometry: { width, height, states },
  current,
  view,
  frame,
  onMove,
}: {
  readonly geometry: Geometry
  readonly current: ReadonlySet<string>
  readonly view: View
  readonly frame: { readonly width: number; readonly height: number }
  /** The middle of the window, px of the drawing. */
  readonly onMove: (x: number, y: number) => void
}) {
  const seen = {
    x: -view.x / view.scale,
    y: -view.y / view.scale,
    width: frame.width / view.scale,
    height: frame.height / view.scale,
  }
  // Where all of it can be seen there is nothing to move to, and on a narrow screen it would cover what it is to help with.
  if ((seen.width >= width && seen.height >= height) || frame.width < narrow) return null
  const scale = Math.min(widest / width, highest / height)
  const move = (event: PointerEvent<SVGSVGElement>) => {
    if (event.buttons === 0) return
    event.stopPropagation()
    const box = event.currentTarget.getBoundingClientRect()
    onMove((event.clientX - box.left) / scale, (event.clientY - box.top) / scale)
  }
  return (
    <svg
      className="chart-minimap"
      aria-hidden="true"
      width={width * scale}
      height={height * scale}
      viewBox={`0 0 ${width} ${height}`}
      onPointerDown={move}
      onPointerMove={move}
    >
      {states.map(({ id, x, y, width: across, height: down, depth }) => (
        <rect
          key={id}
          className={current.has(id) ? 'is-current' : depth % 2 === 0 ? 'is-even' : 'is-odd'}
          {...{ x, y }}
          width={across}
          height={down}
          rx={14}
        />
      ))}
      <rect className="chart-window" {...seen} vectorEffect="non-scaling-stroke" />
    </svg>
  )
}
