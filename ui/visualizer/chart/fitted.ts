/** As `chart.css` has it. */
const family =
  "-apple-system, BlinkMacSystemFont, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', Arial, sans-serif"

type Measure = (text: string, font: string) => number
let measure: Measure | null | undefined

/** `null`: there is nothing to measure with. */
function startMeasuring(): Measure | null {
  const context = typeof document === 'undefined' ? null : document.createElement('canvas').getContext('2d')
  if (!context) return null
  const known = new Map<string, number>()
  return (text, font) => {
    const key = `${font} ${text}`
    const before = known.get(key)
    if (before !== undefined) return before
    context.font = font
    const { width } = context.measureText(text)
    known.set(key, width)
    return width
  }
}

/**
 * The `textLength` of a text for which a layout has kept so much room, px: none where the font that is here is not wider than that, so
 * that letters stand as they should; the room itself where it is, or where nobody knows.
 */
export function fitted(text: string, room: number, size: number, weight: 400 | 650 = 400): number | undefined {
  measure ??= startMeasuring()
  if (measure === null) return room
  return measure(text, `${weight} ${size}px ${family}`) <= room ? undefined : room
}
