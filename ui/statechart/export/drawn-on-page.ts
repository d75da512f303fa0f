/** A drawing as it is on the page now: all of it, with what is lit and marked. */
export interface DrawnOnPage {
  readonly markup: string
  readonly width: number
  readonly height: number
}

const margin = 8

/** What is drawn under `root`, whatever window is over it; `null` where nothing is drawn. */
export function drawnOnPage(root: ParentNode): DrawnOnPage | null {
  const drawing = root.querySelector<SVGGElement>('.chart-drawing')
  if (drawing === null) return null
  const { x, y, width, height } = drawing.getBBox()
  const copy = drawing.cloneNode(true) as SVGGElement
  // Of use on a page alone: what can be pressed, and what is pointed at.
  for (const button of copy.querySelectorAll('.chart-toggle')) button.remove()
  for (const looked of copy.querySelectorAll('.is-looked')) looked.classList.remove('is-looked')
  for (const row of copy.querySelectorAll('.is-entrance')) row.classList.remove('is-entrance')
  copy.setAttribute('transform', `translate(${round(margin - x)} ${round(margin - y)})`)
  return {
    markup: new XMLSerializer().serializeToString(copy),
    width: width + 2 * margin,
    height: height + 2 * margin,
  }
}

const round = (value: number): number => Math.round(value * 10) / 10
