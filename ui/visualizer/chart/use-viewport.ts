import { useCallback, useEffect, useRef, useState, type PointerEvent } from 'react'
import type { Point, Rectangle } from '../layout/geometry.ts'

/** How a drawing lies under its window: px of the window for the drawing's corner, and px of the window for one of the drawing. */
export interface View {
  readonly x: number
  readonly y: number
  readonly scale: number
}

const [least, most] = [0.1, 3] as const
const margin = 16
const unplaced: View = { x: 0, y: 0, scale: 1 }
/** Below this scale no text can be read; what is shown first is shown at the other one then. */
const [leastAtFirst, leastToLookAt, readable] = [0.45, 0.6, 0.75] as const

/** Pan by dragging, wheel or shift and arrow keys; zoom by ctrl and wheel, pinch, or + and -; fit by 0. The view never moves by itself. */
export function useViewport({
  width,
  height,
  start,
  wanted,
  atFirst,
}: {
  readonly width: number
  readonly height: number
  readonly start: Point
  /** What is to be seen: the window moves there when that changes, if it is not seen already. */
  readonly wanted: Rectangle | null
  /** What is to be seen of a drawing that has just come; the window does not follow it. */
  readonly atFirst: Rectangle | null
}) {
  const frame = useRef<HTMLDivElement>(null)
  const [view, setView] = useState(unplaced)
  const [size, setSize] = useState({ width: 0, height: 0 })

  /** Something of it is looked at, and ought to be readable. */
  const looking = useRef(wanted ?? atFirst)
  useEffect(() => {
    looking.current = wanted ?? atFirst
  })

  const fit = useCallback(() => {
    const box = frame.current?.getBoundingClientRect()
    if (box === undefined || box.width === 0) return
    const scale = clamp(Math.min((box.width - 2 * margin) / width, (box.height - 2 * margin) / height, 1.15))
    setView({ scale, x: (box.width - width * scale) / 2, y: (box.height - height * scale) / 2 })
  }, [width, height])
  /** All of it, unless nobody could read it then: it begins where the chart begins. */
  const begin = useCallback(() => {
    const box = frame.current?.getBoundingClientRect()
    if (box === undefined || box.width === 0) return
    const least = looking.current === null ? leastAtFirst : leastToLookAt
    if (Math.min(box.width / width, box.height / height) >= least) return fit()
    const place = (span: number, all: number, from: number) =>
      all * readable <= span ? (span - all * readable) / 2 : Math.min(margin, span / 3 - from * readable)
    setView({ scale: readable, x: place(box.width, width, start.x), y: place(box.height, height, start.y) })
  }, [fit, width, height, start.x, start.y])
  const pan = useCallback((dx: number, dy: number) => setView((now) => ({ ...now, x: now.x + dx, y: now.y + dy })), [])
  /** Around a point of the window, or its middle. */
  const zoom = useCallback((factor: number, at?: { readonly x: number; readonly y: number }) => {
    const box = frame.current?.getBoundingClientRect()
    setView((now) => {
      const scale = clamp(now.scale * factor)
      const middle = at ?? { x: (box?.width ?? 0) / 2, y: (box?.height ?? 0) / 2 }
      const share = scale / now.scale
      return { scale, x: middle.x - (middle.x - now.x) * share, y: middle.y - (middle.y - now.y) * share }
    })
  }, [])

  /** Puts a point of the drawing into the middle of the window. */
  const centre = useCallback((x: number, y: number) => {
    const box = frame.current?.getBoundingClientRect()
    if (box === undefined) return
    setView(({ scale }) => ({ scale, x: box.width / 2 - x * scale, y: box.height / 2 - y * scale }))
  }, [])
  /** Moves only if that is not wholly to be seen, or not begun to be, where it is larger than the window. */
  const reveal = useCallback(({ x, y, width: across, height: down }: Rectangle) => {
    const box = frame.current?.getBoundingClientRect()
    if (box === undefined || box.width === 0) return
    setView((now) => {
      const place = (from: number, span: number, offset: number, room: number) => {
        const begins = offset + from * now.scale
        const ends = begins + span * now.scale
        const isSeen = begins >= 0 && (ends <= room || (span * now.scale > room && begins <= room / 2))
        return isSeen ? offset : room / 2 - (from + Math.min(span, room / now.scale) / 2) * now.scale
      }
      const to = { x: place(x, across, now.x, box.width), y: place(y, down, now.y, box.height) }
      return to.x === now.x && to.y === now.y ? now : { ...now, ...to }
    })
  }, [])

  useEffect(() => {
    const element = frame.current
    if (element === null) return
    const observer = new ResizeObserver(() => {
      const { width: across, height: down } = element.getBoundingClientRect()
      setSize({ width: across, height: down })
    })
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  const hasSize = size.width > 0
  useEffect(() => {
    if (!hasSize) return
    begin()
    if (looking.current !== null) reveal(looking.current)
  }, [hasSize, begin, reveal])
  // After that, so that a drawing that has just come is moved to what is wanted of it.
  useEffect(() => {
    if (hasSize && wanted !== null) reveal(wanted)
  }, [hasSize, begin, reveal, wanted])

  useEffect(() => {
    const element = frame.current
    if (element === null) return
    // React listens to wheels passively, and a page would scroll along.
    const onWheel = (event: WheelEvent) => {
      event.preventDefault()
      const box = element.getBoundingClientRect()
      const at = { x: event.clientX - box.left, y: event.clientY - box.top }
      if (event.ctrlKey || event.metaKey) zoom(Math.exp(-event.deltaY / 300), at)
      else pan(-event.deltaX, -event.deltaY)
    }
    element.addEventListener('wheel', onWheel, { passive: false })
    return () => element.removeEventListener('wheel', onWheel)
  }, [pan, zoom])

  const held = useRef<{ readonly x: number; readonly y: number } | null>(null)
  const drag = {
    onPointerDown(event: PointerEvent) {
      held.current = { x: event.clientX, y: event.clientY }
    },
    onPointerMove(event: PointerEvent) {
      if (held.current === null || event.buttons === 0) return
      pan(event.clientX - held.current.x, event.clientY - held.current.y)
      held.current = { x: event.clientX, y: event.clientY }
    },
    onPointerUp() {
      held.current = null
    },
  }
  return { frame, view, isPlaced: view !== unplaced, size, fit, pan, zoom, centre, drag }
}

const clamp = (scale: number): number => Math.min(most, Math.max(least, scale))
