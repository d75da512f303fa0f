export type Theme = 'light' | 'dark'

interface Rule {
  readonly selector: string
  readonly declarations: readonly (readonly [property: string, value: string])[]
}

/**
 * What of a stylesheet a drawing needs by itself, for programs that know less of CSS than browsers: rules for its classes, of one theme,
 * with the variables put in. `css`: the stylesheet as written, whose dark theme is `@media (prefers-color-scheme: dark)`; `classes`: those that
 * are in the drawing.
 */
export function stylesFor(css: string, classes: ReadonlySet<string>, theme: Theme): string {
  const rules = rulesOf(css, theme)
  const variables = variablesOf(rules)
  return rules
    .flatMap(({ selector, declarations }) => {
      const own = declarations.filter(([property]) => !property.startsWith('--') && !notInFiles.has(property))
      const used = selector
        .split(/,(?![^(]*\))/)
        .map((one) => one.trim())
        .filter((one) => isFor(one, classes))
      if (used.length === 0 || own.length === 0) return []
      return [`${used.join(',')}{${own.map((one) => written(one, variables)).join(';')}}`]
    })
    .join('\n')
}

/** The colour of one of the stylesheet's variables, such as `--chart-ground`. Throws when there is none. */
export function variableOf(css: string, name: string, theme: Theme): string {
  const variables = variablesOf(rulesOf(css, theme))
  const value = variables.get(name)
  if (value === undefined) throw new Error(`The stylesheet of the drawing has no ${name}.`)
  return put(value, variables)
}

/** Not every program knows that an arrow can have its line's colour: those that do not take what stands before. */
function written([name, value]: Rule['declarations'][number], variables: ReadonlyMap<string, string>): string {
  const said = `${name}:${put(value, variables)}`
  return value === 'context-stroke' ? `${name}:${variables.get('--chart-line') ?? 'currentcolor'};${said}` : said
}

/** What only a page does. */
const notInFiles = new Set([
  'cursor',
  'display',
  'outline',
  'grid-template-rows',
  'margin',
  'min-width',
  'min-height',
  'user-select',
  'transition',
  'animation',
  'touch-action',
])

/** All classes of the selector are in the drawing, and it is about no passing state, such as `:hover`. */
function isFor(selector: string, classes: ReadonlySet<string>): boolean {
  if (/:(?!is\(|not\(|first-child|last-child)/.test(selector)) return false
  const named = [...selector.replaceAll(/:not\([^)]*\)/g, '').matchAll(/\.([\w-]+)/g)].map(([, name]) => name ?? '')
  return named.length > 0 && named.every((name) => classes.has(name))
}

function rulesOf(css: string, theme: Theme): readonly Rule[] {
  const rules: Rule[] = []
  for (const { head, body } of blocksOf(css.replaceAll(/\/\*[^]*?\*\//g, ''))) {
    if (!head.startsWith('@'))
      rules.push({ selector: head.replaceAll(/\s+/g, ' '), declarations: declarationsOf(body) })
    else if (/^@media \(prefers-color-scheme: dark\)$/.test(head) && theme === 'dark')
      rules.push(...rulesOf(body, theme))
  }
  return rules
}

/** The outermost blocks of a stylesheet: what is before `{`, and what is up to its `}`. */
function blocksOf(css: string): readonly { readonly head: string; readonly body: string }[] {
  const blocks: { head: string; body: string }[] = []
  let [depth, from, opened] = [0, 0, 0]
  for (let at = 0; at < css.length; at += 1) {
    if (css[at] === '{') {
      if (depth === 0) opened = at
      depth += 1
    } else if (css[at] === '}') {
      depth -= 1
      if (depth > 0) continue
      blocks.push({ head: css.slice(from, opened).trim(), body: css.slice(opened + 1, at) })
      from = at + 1
    }
  }
  return blocks
}

const declarationsOf = (body: string): Rule['declarations'] =>
  body
    .split(';')
    .map((one) => one.trim())
    .filter((one) => one.includes(':'))
    .map((one) => {
      const colon = one.indexOf(':')
      return [
        one.slice(0, colon).trim(),
        one
          .slice(colon + 1)
          .trim()
          .replaceAll(/\s+/g, ' '),
      ] as const
    })

/** Later ones win, as they do where all are said of the same element. */
const variablesOf = (rules: readonly Rule[]): ReadonlyMap<string, string> =>
  new Map(rules.flatMap(({ declarations }) => declarations.filter(([property]) => property.startsWith('--'))))

const put = (value: string, variables: ReadonlyMap<string, string>): string =>
  value.replaceAll(/var\(\s*(--[\w-]+)\s*(?:,([^()]*))?\)/g, (all, name: string, instead?: string) => {
    const known = variables.get(name) ?? instead?.trim()
    return known === undefined ? all : put(known, variables)
  })
