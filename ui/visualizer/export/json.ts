import type { ChartModel, ChartState, ChartTransition } from '../model/chart.ts'

/** The chart as a file that `readModel` reads again, with a line for each thing, so that differences can be read. */
export const toJson = (model: ChartModel): string => `${JSON.stringify(model, null, 1)}\n`

/** A file is not a chart that was written by `toJson`. The message is for people. */
export class NoChartError extends Error {
  override readonly name = 'NoChartError'
}

/**
 * Reads what `toJson` wrote. Throws `NoChartError`, which says what is wrong: no JSON, something else, a newer format, or a chart that
 * contradicts itself.
 */
export function readModel(text: string): ChartModel {
  const read = parse(text)
  if (!isObject(read) || !('states' in read) || !('transitions' in read))
    throw new NoChartError('This file holds no chart. Charts are written by “Take it along”, “JSON”.')
  if (read['format'] !== 1)
    throw new NoChartError(`This chart is of format ${JSON.stringify(read['format'])}, and format 1 can be read here.`)
  const { id, description, states, transitions } = read
  if (typeof id !== 'string' || typeof description !== 'string') throw new NoChartError('This chart has no name.')
  if (!isArrayOf(states, stateFields))
    throw new NoChartError(`In this chart, ${wrongIn(states, stateFields, 'state')}.`)
  if (!isArrayOf(transitions, transitionFields))
    throw new NoChartError(`In this chart, ${wrongIn(transitions, transitionFields, 'transition')}.`)
  // The tables below name every field of both.
  const model = { format: 1, id, description, states, transitions } as unknown as ChartModel
  const wrong = contradictionIn(model)
  if (wrong !== undefined) throw new NoChartError(`In this chart, ${wrong}.`)
  return model
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch (cause) {
    throw new NoChartError('This file is no JSON.', { cause })
  }
}

type Check = (value: unknown) => boolean
const isText: Check = (value) => typeof value === 'string'
const isTextOrNull: Check = (value) => value === null || isText(value)
const isTexts: Check = (value) => Array.isArray(value) && value.every(isText)
const isFlag: Check = (value) => typeof value === 'boolean'
const isOneOf =
  (...words: readonly string[]): Check =>
  (value) =>
    typeof value === 'string' && words.includes(value)
const isMissingOr =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value)
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const stateFields: Readonly<Record<keyof ChartState, Check>> = {
  id: isText,
  name: isText,
  parent: isTextOrNull,
  type: isOneOf('atomic', 'compound', 'parallel', 'final', 'history'),
  initial: isTextOrNull,
  description: isText,
  tags: isTexts,
  entry: isTexts,
  exit: isTexts,
  invokes: (value) =>
    Array.isArray(value) &&
    value.every((one) => isObject(one) && isText(one['id']) && isText(one['src']) && isMissingOr(isText)(one['chart'])),
  history: isMissingOr(isOneOf('shallow', 'deep')),
  isClosed: isMissingOr((value) => value === true),
}

const transitionFields: Readonly<Record<keyof ChartTransition, Check>> = {
  id: isText,
  source: isText,
  targets: isTexts,
  kind: isOneOf('event', 'always', 'after', 'done', 'error'),
  event: isText,
  name: isText,
  guard: isTextOrNull,
  actions: isTexts,
  reenters: isFlag,
  description: isText,
}

type Fields = Readonly<Record<string, Check>>

const wrongFieldOf = (value: unknown, fields: Fields): string | undefined =>
  isObject(value) ? Object.keys(fields).find((field) => fields[field]?.(value[field]) !== true) : 'all of it'

const isArrayOf = (value: unknown, fields: Fields): value is readonly Readonly<Record<string, unknown>>[] =>
  Array.isArray(value) && value.every((one) => wrongFieldOf(one, fields) === undefined)

function wrongIn(value: unknown, fields: Fields, what: string): string {
  if (!Array.isArray(value)) return `${what}s are no list`
  const place = value.findIndex((one) => wrongFieldOf(one, fields) !== undefined)
  return `${what} ${place + 1} is not as it should be: ${wrongFieldOf(value[place], fields) ?? ''}`
}

/** What a chart says of states that it has not, or says twice. */
function contradictionIn({ states, transitions }: ChartModel): string | undefined {
  const known = new Set<string>()
  for (const { id, parent } of states) {
    if (known.has(id)) return `the state ${id} is there twice`
    if (parent !== null && !known.has(parent))
      return `the state ${id} is within ${parent}, which does not come before it`
    if (parent === null && known.size > 0) return `there is more than one root: ${id}`
    known.add(id)
  }
  if (known.size === 0) return 'there is no state'
  const lost = states.find(({ initial }) => initial !== null && !known.has(initial))
  if (lost !== undefined) return `${lost.id} begins at ${lost.initial}, which is not there`
  const ids = new Set<string>()
  for (const { id, source, targets } of transitions) {
    if (ids.has(id)) return `the transition ${id} is there twice`
    ids.add(id)
    const missing = [source, ...targets].find((state) => !known.has(state))
    if (missing !== undefined) return `the transition ${id} names ${missing}, which is not there`
  }
  return undefined
}
