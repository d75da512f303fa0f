import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { Drawing } from '../../ui/visualizer/chart/drawing.tsx'
import { noMarks } from '../../ui/visualizer/chart/marks.ts'
import { toSvg } from '../../ui/visualizer/export/svg.ts'
import type { Geometry } from '../../ui/visualizer/layout/geometry.ts'
import type { ChartModel } from '../../ui/visualizer/model/chart.ts'
import { loadShipped } from '../../ui/visualizer/shipped.ts'
import { root } from '../command.ts'
import { shippedLayouts } from '../layouts.ts'

/** The folder of the pictures. */
export const pictures = join(root, 'docs/pictures/charts')

export interface ChartPicture {
  /** `session`, `session.active` (that state open), `session.all`. */
  readonly name: string
  /** `session-dark.svg` */
  readonly file: string
  readonly svg: string
}

const hands = { onPoint: () => {}, onSelect: () => {} }
const nothing: ReadonlySet<string> = new Set()

/** Every shipped drawing, by the names in the code, as a file: in light and in dark. What the page draws, by the same code. */
export async function chartPictures(): Promise<readonly ChartPicture[]> {
  const css = await readFile(join(root, 'ui/visualizer/chart/chart.css'), 'utf8')
  const drawn = shippedLayouts()
    .filter(({ words }) => words === 'built')
    .map(async ({ name: full, model, words }) => {
      const geometry = await loadShipped(model, { words, direction: 'best' })
      if (geometry === null) throw new Error(`There is no layout of ${full} as it is now: npm run layouts, then again.`)
      const name = full.slice(0, -`.${words}`.length)
      const markup = markupOf(model, geometry)
      return (['light', 'dark'] as const).map((theme) => ({
        name,
        file: `${name}-${theme}.svg`,
        svg: toSvg({ model, geometry, markup, css, theme }),
      }))
    })
  return (await Promise.all(drawn)).flat()
}

/** The drawing as markup, without a page. */
export const markupOf = (model: ChartModel, geometry: Geometry): string =>
  renderToStaticMarkup(
    createElement(Drawing, {
      model,
      geometry,
      hands,
      now: null,
      taken: nothing,
      time: 'runs',
      marks: noMarks,
      looked: null,
      stop: null,
    }),
  )
