import type { Curve } from './figures.ts'

const [width, height] = [720, 400]
const frame = { left: 70, right: 190, top: 40, bottom: 56 }
const colours = ['#5b5bd6', '#d9730d', '#0f8a6d', '#b4326f', '#6b7280', '#1d70b8', '#8a6d00', '#7a3ea1']

const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')

/** Round figures in a span, about five of them. */
function ticks(from: number, to: number): number[] {
  const rough = (to - from) / 5
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough) ?? rough
  const first = Math.ceil(from / step)
  return Array.from({ length: Math.floor(to / step) - first + 1 }, (_, index) => (first + index) * step)
}

const short = (value: number): string =>
  value >= 1e6 ? `${value / 1e6} M` : value >= 1e4 ? `${value / 1e3} k` : String(Number(value.toPrecision(6)))

/** A line chart that reads on light and dark paper. */
export function drawCurve({ title, across, up, lines, logarithmic = false }: Curve): string {
  const points = lines.flatMap((line) => line.points)
  const xs = points.map(([x]) => x)
  const most = Math.max(...points.map(([, y]) => y), Number.MIN_VALUE)
  const [from, to] = [Math.min(...xs), Math.max(...xs)]
  const scale = (value: number): number => (logarithmic ? Math.log10(Math.max(value, 1)) : value)
  const x = (value: number): number =>
    frame.left + ((value - from) / Math.max(to - from, Number.MIN_VALUE)) * (width - frame.left - frame.right)
  const y = (value: number): number =>
    height -
    frame.bottom -
    (scale(value) / scale(logarithmic ? Math.max(most, 10) : most)) * (height - frame.top - frame.bottom)
  const upTicks = logarithmic
    ? Array.from({ length: Math.ceil(Math.log10(Math.max(most, 10))) + 1 }, (_, power) => 10 ** power).filter(
        (value) => value <= most * 1.01,
      )
    : ticks(0, most)
  const places = new Set(xs)
  // A few whole numbers, as of tabs, are told as they are.
  const acrossTicks = places.size <= 8 && xs.every(Number.isInteger) ? [...places] : ticks(from, to)
  const grid = upTicks
    .map(
      (value) =>
        `<line class="grid" x1="${frame.left}" x2="${width - frame.right}" y1="${y(value).toFixed(1)}" y2="${y(value).toFixed(1)}"/>` +
        `<text x="${frame.left - 8}" y="${(y(value) + 4).toFixed(1)}" text-anchor="end">${short(value)}</text>`,
    )
    .join('')
  const below = acrossTicks
    .map(
      (value) =>
        `<text x="${x(value).toFixed(1)}" y="${height - frame.bottom + 20}" text-anchor="middle">${short(value)}</text>`,
    )
    .join('')
  const ends = spreadOut(lines.map(({ points }) => y(points.at(-1)?.[1] ?? 0)))
  const drawn = lines
    .map(({ name, points }, index) => {
      const colour = colours[index % colours.length] ?? '#000'
      const path = points
        .map(([px, py], at) => `${at === 0 ? 'M' : 'L'}${x(px).toFixed(1)} ${y(py).toFixed(1)}`)
        .join('')
      const dots =
        points.length > 12
          ? ''
          : points
              .map(([px, py]) => `<circle cx="${x(px).toFixed(1)}" cy="${y(py).toFixed(1)}" r="3.5" fill="${colour}"/>`)
              .join('')
      const label = `<text x="${width - frame.right + 10}" y="${((ends[index] ?? 0) + 4).toFixed(1)}" fill="${colour}" style="fill:${colour}">${escape(name)}</text>`
      return `<path d="${path}" fill="none" stroke="${colour}" stroke-width="2.5" stroke-linejoin="round"/>${dots}${label}`
    })
    .join('')
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escape(title)}">
<style>text{font:13px system-ui,sans-serif;fill:#57606a}.title{font-weight:600;font-size:15px}.grid{stroke:#8b949e;stroke-opacity:.3}@media(prefers-color-scheme:dark){text{fill:#adbac7}}</style>
<text class="title" x="${frame.left}" y="22">${escape(title)}</text>${grid}${below}
<text x="${(frame.left + width - frame.right) / 2}" y="${height - 12}" text-anchor="middle">${escape(across)}</text>
<text transform="translate(16 ${(frame.top + height - frame.bottom) / 2}) rotate(-90)" text-anchor="middle">${escape(up)}</text>
${drawn}
</svg>
`
}

/** Names at the ends of lines, moved apart where they would lie on one another. */
function spreadOut(places: readonly number[]): number[] {
  const order = places.map((place, index) => ({ place, index })).toSorted((a, b) => a.place - b.place)
  const result: number[] = []
  let last = Number.NEGATIVE_INFINITY
  for (const { place, index } of order) {
    last = Math.max(place, last + 16)
    result[index] = last
  }
  return result
}
