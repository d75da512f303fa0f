import type { ChartModel } from '../model/chart.ts'
import { xmlText } from './scxml.ts'
import { stylesFor, variableOf, type Theme } from './styles.ts'

export interface Drawn {
  readonly model: ChartModel
  /** How large it is, px. */
  readonly geometry: { readonly width: number; readonly height: number }
  /** What `Drawing` made of them, as markup: by `renderToStaticMarkup`, or of a page's elements by `XMLSerializer`. */
  readonly markup: string
  /** The stylesheet of the drawing, as written: `chart.css`. */
  readonly css: string
  readonly theme: Theme
}

/**
 * The drawing as a file of its own: what the page shows, by the same code and the same stylesheet, so that it cannot look otherwise.
 * Nothing in it can be focused or pressed; who cannot see it is told its title and description.
 */
export function toSvg({ model, geometry: { width, height }, markup, css, theme }: Drawn): string {
  const still = stillOf(markup)
  const [wide, high] = [Math.ceil(width), Math.ceil(height)]
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="chart" width="${wide}" height="${high}" viewBox="0 0 ${wide} ${high}" role="img" aria-labelledby="chart-title chart-about" font-family="${xmlText(fonts)}">`,
    `<title id="chart-title">${xmlText(`The chart ${model.id}`)}</title>`,
    `<desc id="chart-about">${xmlText(aboutOf(model))}</desc>`,
    `<style>${xmlText(stylesFor(css, classesIn(still), theme))}</style>`,
    `<rect width="100%" height="100%" fill="${xmlText(variableOf(css, '--chart-ground', theme))}"/>`,
    still,
    '</svg>',
    '',
  ].join('\n')
}

/** A family that most systems have comes first: programs for SVG do not look for a system's own font. */
const fonts = "'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', Helvetica, Arial, sans-serif"

function aboutOf({ description, states }: ChartModel): string {
  const shown = states.filter(({ parent }) => parent !== null)
  return [description, ...shown.map((state) => `${state.name}: ${state.description}`)].join('\n')
}

/** In markup, `<`, `>` and `"` are nothing but markup: texts and values have them by name. */
function stillOf(markup: string): string {
  return (
    markup
      .replaceAll(/<[A-Za-z][^<>]*>/g, (tag) => tag.replaceAll(/ (?:tabindex|role|aria-[a-z]+|xmlns)="[^"]*"/gi, ''))
      // oxlint-disable-next-line no-control-regex
      .replaceAll(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|\p{Surrogate}/gu, '\uFFFD')
  )
}

const classesIn = (markup: string): ReadonlySet<string> =>
  new Set(['chart', ...[...markup.matchAll(/ class="([^"]*)"/g)].flatMap(([, names]) => (names ?? '').split(' '))])
