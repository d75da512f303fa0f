import { useEffect, useRef } from 'react'
import './print.css'

/** While the page is printed, a sheet with the whole drawing takes its place. `draw` makes it, as SVG. */
export function usePrintedSheet(draw: () => string): void {
  const latest = useRef(draw)
  useEffect(() => {
    latest.current = draw
  })
  useEffect(() => {
    let sheet: HTMLElement | null = null
    const before = () => {
      // Where nothing is drawn, the page is printed as it is.
      if (document.querySelector('.chart-drawing') !== null) sheet ??= sheetOf(latest.current())
    }
    const after = () => {
      sheet?.remove()
      sheet = null
    }
    window.addEventListener('beforeprint', before)
    window.addEventListener('afterprint', after)
    return () => {
      window.removeEventListener('beforeprint', before)
      window.removeEventListener('afterprint', after)
      after()
    }
  }, [])
}

/** Its styles are its own, and those of the page are not. A page's policy forbids styles within elements, and allows these. */
function sheetOf(svg: string): HTMLElement {
  const sheet = document.createElement('div')
  sheet.className = 'print-sheet'
  // Even one that is read and not shown is refused, and so it is read as something else.
  const still = svg.replaceAll(/<(\/?)style>/g, '<$1metadata>')
  const drawn = document.adoptNode(new DOMParser().parseFromString(still, 'image/svg+xml').documentElement)
  const own = drawn.querySelector('metadata')?.textContent ?? ''
  const styles = new CSSStyleSheet()
  styles.replaceSync(`svg { display: block; width: 100%; height: 100% } ${own}`)
  const shadow = sheet.attachShadow({ mode: 'open' })
  shadow.adoptedStyleSheets = [styles]
  shadow.append(drawn)
  document.body.append(sheet)
  return sheet
}
