import type { ChartModel, ChartState, ChartTransition } from '../model/chart.ts'
import type { Item, Row, Words } from './geometry.ts'
import { widthOf } from './measure.ts'

/** Sizes of letters and lines, px. */
export const type = { name: 13, row: 11, label: 11, lineOfRow: 15, lineOfLabel: 15 } as const

/** Texts are broken before they get wider than this, px. */
const widest = {
  row: 300,
  words: 200,
  /** Of a box with more within, which is wide anyway. */
  wordsAbove: 380,
} as const
/** More are told when someone asks. */
const most = { label: { built: 5, experienced: 4 }, inner: 4 } as const

/** What a state is called. */
export const titleOf = ({ name }: ChartState, words: Words): string => (words === 'built' ? name : humanised(name))

/** `checkingStorage`, `checking-storage` → `Checking storage`; an abbreviation stays (`OTP`). */
function humanised(name: string): string {
  const parts = name
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
    .split(/[\s._-]+/)
    .filter((part) => part !== '')
    .map((part) => (/^\p{Lu}{2,}$/u.test(part) ? part : part.toLowerCase()))
  const text = parts.join(' ')
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}

/** What a transition is called where it is drawn. */
function labelOf({ name, guard, description }: ChartTransition, words: Words = 'built'): string {
  if (words === 'experienced') return description === '' ? humanised(name) : description
  return guard === null ? name : `${name} [${guard}]`
}

/** What is written at a line, broken before it gets wider than this (px): what is called the same is said once. */
export function itemsOf(transitions: readonly ChartTransition[], words: Words, width: number): readonly Item[] {
  const items = group(transitions, (transition) => labelOf(transition, words)).map(([text, alike]): Item => ({
    lines: words === 'built' ? brokenBeforeGuard(text, width) : wrapped(text, type.label, width),
    transitions: alike.map(({ id }) => id),
  }))
  return shortened(items, most.label[words])
}

/** What is written in a state's box, below its title. */
export function rowsOf(state: ChartState, model: ChartModel, words: Words): readonly Row[] {
  const inner = model.transitions.filter(({ source, targets }) => source === state.id && targets.length === 0)
  if (words === 'experienced') {
    const width = state.type === 'atomic' || state.isClosed === true ? widest.words : widest.wordsAbove
    const said = group(
      inner.filter(({ description }) => description !== ''),
      ({ description }) => description,
    )
    return [
      ...(state.description === '' ? [] : [row('words', wrapped(state.description, type.row, width))]),
      ...shortened(
        said.map(([text, alike]) =>
          row(
            'inner',
            wrapped(text, type.row, width),
            alike.map(({ id }) => id),
          ),
        ),
        most.inner,
      ).map((item) => row('inner', item.lines, item.transitions)),
    ]
  }
  return [
    // An id that nobody gave says no more than where it is.
    ...state.invokes.map(({ id, chart, src }) => row('invoke', [/^\d+\./.test(id) ? (chart ?? src) : id])),
    ...(state.entry.length > 0 ? [row('entry', listed(state.entry))] : []),
    ...(state.exit.length > 0 ? [row('exit', listed(state.exit))] : []),
    // Transitions that stay and do the same are one row.
    ...group(inner, ({ actions }) => actions.join()).map(([, alike]) =>
      row(
        'inner',
        listed([...new Set(alike.map((transition) => labelOf(transition)))]),
        alike.map(({ id }) => id),
      ),
    ),
  ]
}

const row = (kind: Row['kind'], lines: readonly string[], transitions: readonly string[] = []): Row => ({
  kind,
  lines,
  transitions,
})

function group<Thing>(things: readonly Thing[], keyOf: (thing: Thing) => string): (readonly [string, Thing[]])[] {
  const groups = new Map<string, Thing[]>()
  for (const thing of things) groups.set(keyOf(thing), [...(groups.get(keyOf(thing)) ?? []), thing])
  return [...groups]
}

function shortened(items: readonly Item[], limit: number): readonly Item[] {
  if (items.length <= limit) return items
  const rest = items.slice(limit - 1)
  const more = { lines: [`… and ${rest.length} more`], transitions: rest.flatMap(({ transitions }) => transitions) }
  return [...items.slice(0, limit - 1), more]
}

function brokenBeforeGuard(text: string, width: number): readonly string[] {
  const guard = text.indexOf(' [')
  return guard < 0 || widthOf(text, type.label) <= width ? [text] : [text.slice(0, guard), text.slice(guard + 1)]
}

const listed = (parts: readonly string[]): readonly string[] =>
  filled(
    parts.map((part, place) => (place < parts.length - 1 ? `${part},` : part)),
    type.row,
    widest.row,
  )

const wrapped = (text: string, size: number, width: number): readonly string[] => filled(text.split(/\s+/), size, width)

/** As many of them in a line as there is room for. */
function filled(parts: readonly string[], size: number, width: number): readonly string[] {
  const lines: string[] = []
  for (const part of parts) {
    const last = lines.at(-1)
    if (last !== undefined && widthOf(`${last} ${part}`, size) <= width) lines[lines.length - 1] = `${last} ${part}`
    else lines.push(part)
  }
  return lines
}
