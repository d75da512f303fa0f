import type { ChartModel, ChartState, ChartTransition } from '../model/chart.ts'
import { childrenOf, wellFormed } from './texts.ts'

/** Of what SCXML has no word for: descriptions, tags, and actions by name. */
const ownNamespace = 'https://sessionchart.dev/scxml'

/**
 * The chart as SCXML (W3C, 2015). Ids are those of the chart, as XML can have them (`scxmlName`); delays are sent and cancelled, as
 * SCXML has it; guards are their names, which whoever runs it has to define.
 */
export function toScxml(model: ChartModel): string {
  const within = childrenOf(model)
  const written = (state: ChartState, indent: string): string[] => {
    const children = within.get(state.id) ?? []
    const tag = tagOf(state, children.length > 0)
    const inner = `${indent}  `
    const own = model.transitions.filter(({ source }) => source === state.id)
    const lines = [
      ...(state.initial === null || children.length === 0
        ? []
        : [`${inner}<initial><transition target=${name(state.initial)}/></initial>`]),
      ...block('onentry', [...state.entry.map(action), ...delaysOf(own).map(send)], inner),
      ...block('onexit', [...state.exit.map(action), ...delaysOf(own).map(cancel)], inner),
      ...state.invokes.map(({ id, src }) => `${inner}<invoke id=${name(id)} src=${name(src)}/>`),
      ...own.flatMap((transition) => transitionOf(transition, inner)),
      ...children.flatMap((child) => written(child, inner)),
    ]
    const about = [
      `id=${name(state.id)}`,
      ...(state.type === 'history' ? [`type="${state.history ?? 'shallow'}"`] : []),
      ...(state.tags.length > 0 ? [`chart:tags=${quoted(state.tags.join(' '))}`] : []),
      ...(state.description === '' ? [] : [`chart:description=${quoted(state.description)}`]),
    ].join(' ')
    return lines.length === 0
      ? [`${indent}<${tag} ${about}/>`]
      : [`${indent}<${tag} ${about}>`, ...lines, `${indent}</${tag}>`]
  }
  const roots = within.get(null) ?? []
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<scxml xmlns="http://www.w3.org/2005/07/scxml" xmlns:chart="${ownNamespace}" version="1.0" name=${quoted(model.id)} initial=${name(model.id)}>`,
    ...roots.flatMap((root) => written(root, '  ')),
    '</scxml>',
    '',
  ].join('\n')
}

function tagOf({ type }: ChartState, hasMore: boolean): 'state' | 'parallel' | 'final' | 'history' {
  if (type === 'final' || type === 'history') return type
  return type === 'parallel' && hasMore ? 'parallel' : 'state'
}

function transitionOf(transition: ChartTransition, indent: string): string[] {
  const { source, targets, guard, actions, description, reenters } = transition
  const event = eventOf(transition)
  const isInternal = targets.length > 0 && !reenters && targets.every((target) => target.startsWith(`${source}.`))
  const about = [
    ...(event === '' ? [] : [`event=${quoted(event)}`]),
    ...(guard === null ? [] : [`cond=${quoted(guard)}`]),
    ...(targets.length === 0 ? [] : [`target=${quoted(targets.map(scxmlName).join(' '))}`]),
    // XState's own default for what leads inwards; SCXML's is `external`.
    ...(isInternal ? ['type="internal"'] : []),
    ...(description === '' ? [] : [`chart:description=${quoted(description)}`]),
  ].join(' ')
  if (actions.length === 0) return [`${indent}<transition ${about}/>`]
  return [
    `${indent}<transition ${about}>`,
    ...actions.map((one) => `${indent}  ${action(one)}`),
    `${indent}</transition>`,
  ]
}

/** The event as SCXML calls it; the charts' own names stay. */
function eventOf({ event }: ChartTransition): string {
  const scxml = event
    .replace(/^xstate\.done\.actor\./, 'done.invoke.')
    .replace(/^xstate\.error\.actor\./, 'error.platform.')
    .replace(/^xstate\.(done\.state|after)\./, '$1.')
  // SCXML has `*` too: alone, or as the last part.
  const [, prefix = scxml, any = ''] = /^(.*?)(\*|\.\*)$/s.exec(scxml) ?? []
  return `${scxmlName(prefix)}${any}`
}

interface Delay {
  readonly event: string
  /** The delay's name, or its milliseconds. */
  readonly delay: string
}

/** One for each event of time that a state waits for. */
function delaysOf(transitions: readonly ChartTransition[]): readonly Delay[] {
  const delays = new Map<string, string>()
  for (const transition of transitions)
    if (transition.kind === 'after') delays.set(eventOf(transition), transition.name.replace(/^after (\d+) ms$/, '$1'))
  return [...delays].map(([event, delay]) => ({ event, delay }))
}

const send = ({ event, delay }: Delay): string =>
  `<send id=${quoted(event)} event=${quoted(event)} ${/^\d+$/.test(delay) ? `delay="${delay}ms"` : `delayexpr=${quoted(delay)}`}/>`
const cancel = ({ event }: Delay): string => `<cancel sendid=${quoted(event)}/>`
const action = (named: string): string => `<chart:action name=${quoted(named)}/>`

const block = (tag: string, lines: readonly string[], indent: string): readonly string[] =>
  lines.length === 0 ? [] : [`${indent}<${tag}>`, ...lines.map((line) => `${indent}  ${line}`), `${indent}</${tag}>`]

const name = (id: string): string => quoted(scxmlName(id))

/** A text as an XML name can have it: `_x0020_` is a space. What already looks like that is written so, too. */
export const scxmlName = (id: string): string =>
  wellFormed(id).replaceAll(/_(?=x[0-9A-F]{4,6}_)|^[^\p{L}_]|[^\p{L}\p{Nd}_.-]/gu, (sign) => {
    const code = sign.codePointAt(0) ?? 0
    return `_x${code.toString(16).toUpperCase().padStart(4, '0')}_`
  })

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** Text as XML has it. XML has no control characters but three, and those are kept by their numbers. */
export const xmlText = (text: string): string =>
  wellFormed(text)
    .replaceAll(/[&<>"]/g, (sign) => entities[sign] ?? sign)
    .replaceAll(/[\t\n\r]/g, (sign) => `&#${sign.charCodeAt(0)};`)
    // oxlint-disable-next-line no-control-regex
    .replaceAll(/[\u0000-\u001F\uFFFE\uFFFF]/g, '\uFFFD')

const quoted = (text: string): string => `"${xmlText(text)}"`
