import fc from 'fast-check'
import type { ChartModel } from '../../ui/visualizer/model/chart.ts'

/** Texts that mean something to one format or another. */
export const nastyText: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '"',
        "'",
        '<',
        '&',
        '>',
        '|',
        ';',
        ':',
        '#',
        '%%',
        '--',
        '-->',
        '[*]',
        '{',
        '}',
        '\n',
        '\\',
        '*',
        '~',
      ),
      fc.constantFrom('<U+', '#59;', '_x0020_', 'end note', '@enduml', ']]>', '&amp;', '😀', 'é', '日本', ' ', 'plain'),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 4 }),
    ),
    { minLength: 1, maxLength: 5 },
  )
  .map((parts) => parts.join(''))

/** A small chart of each kind of state, whose names are these, in turn. */
export function chartNamed(names: readonly string[]): ChartModel {
  let turn = 0
  const name = () => names[turn++ % names.length] ?? ''
  const [root, ...rest] = [name(), name(), name(), name(), name(), name()].map((one, place) => `${one}${place}`)
  const ids = rest.map((one) => `${root}.${one}`)
  const [first, inner, last, past, wide] = [ids[0], `${ids[0]}.${rest[1]}`, ids[2], `${ids[0]}.${rest[3]}`, ids[4]]
  if (root === undefined || first === undefined || last === undefined || wide === undefined)
    throw new Error('Six names.')
  const state = { tags: [], entry: [], exit: [], invokes: [], initial: null, parent: first, type: 'atomic' } as const
  const nameOf = (id: string | undefined, place: number) => rest[place] ?? id ?? ''
  const transition = { kind: 'event', guard: null, actions: [], reenters: false } as const
  const event = name()
  return {
    format: 1,
    id: root,
    description: name(),
    states: [
      { ...state, id: root, name: root, parent: null, type: 'compound', initial: first, description: name() },
      {
        ...state,
        id: first,
        name: nameOf(first, 0),
        parent: root,
        type: 'compound',
        initial: inner,
        description: name(),
      },
      {
        ...state,
        id: inner,
        name: nameOf(inner, 1),
        description: name(),
        tags: [name()],
        entry: [name()],
        exit: [name()],
        invokes: [{ id: name(), src: name() }],
      },
      { ...state, id: past, name: nameOf(past, 3), type: 'history', history: 'deep', description: name() },
      { ...state, id: last, name: nameOf(last, 2), parent: root, type: 'final', description: name() },
      { ...state, id: wide, name: nameOf(wide, 4), parent: root, type: 'parallel', description: name() },
      { ...state, id: `${wide}.a`, name: 'a', parent: wide, description: '' },
      { ...state, id: `${wide}.b`, name: 'b', parent: wide, description: '' },
    ],
    transitions: [
      {
        ...transition,
        id: `${inner} ${event}[0]`,
        source: inner,
        targets: [last],
        event,
        name: event,
        guard: name(),
        actions: [name()],
        description: name(),
      },
      {
        ...transition,
        id: `${inner} ${event}[1]`,
        source: inner,
        targets: [],
        event,
        name: event,
        description: name(),
      },
      { ...transition, id: `${wide} ${event}[0]`, source: wide, targets: [past], event, name: event, description: '' },
    ],
  }
}
