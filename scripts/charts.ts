import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { AnyStateMachine, AnyStateNode, AnyTransitionDefinition } from 'xstate'
import { accountMachine, renewalMachine, sessionMachine } from '../machines/index.ts'
import { root } from './command.ts'

/**
 * Draws the charts from the running code: `docs/charts.md` whole, and the session in short between two marks in the README.
 * `npm run charts` writes both; a test fails when they are stale.
 */
export async function main(): Promise<void> {
  for (const { path, text } of await drawnFiles()) await writeFile(path, text)
  console.log('Drawn: docs/charts.md and the picture in README.md.')
}

export interface DrawnFile {
  readonly path: string
  readonly text: string
}

/** The files as they should be. */
export async function drawnFiles(): Promise<readonly DrawnFile[]> {
  const readme = join(root, 'README.md')
  return [
    { path: join(root, 'docs/charts.md'), text: chartsPage() },
    { path: readme, text: withPicture(await readFile(readme, 'utf8'), overviewOf(sessionMachine)) },
  ]
}

const marks = { begin: '<!-- chart: begin (npm run charts) -->', end: '<!-- chart: end -->' }

function withPicture(readme: string, picture: string): string {
  const begin = readme.indexOf(marks.begin)
  const end = readme.indexOf(marks.end)
  if (begin === -1 || end < begin)
    throw new Error(`README.md has no place for the chart: put "${marks.begin}" and "${marks.end}" there.`)
  return `${readme.slice(0, begin + marks.begin.length)}\n\n${picture}\n\n${readme.slice(end)}`
}

const allTransitions = (node: AnyStateNode): AnyTransitionDefinition[] =>
  [...node.transitions.values()].flat().concat(node.always ?? [])
const descendants = (node: AnyStateNode): AnyStateNode[] => [node, ...Object.values(node.states).flatMap(descendants)]
const idOf = (node: AnyStateNode): string => (node.path.length === 0 ? node.key : node.path.join('_'))
const nameOf = (node: AnyStateNode): string => (node.path.length === 0 ? node.key : node.path.join('.'))

/** An event as people read it. */
function eventName(transition: AnyTransitionDefinition): string {
  const eventType = String(transition.eventType)
  const [, kind, id] = /^xstate\.(done|error)\.actor\.(?:\d+\.)?(.+)$/.exec(eventType) ?? []
  if (kind !== undefined) return `${id ?? ''} ${kind === 'done' ? 'done' : 'failed'}`
  const after = /^xstate\.after\.(.+?)\./.exec(eventType)?.[1]
  if (after !== undefined) return after
  return eventType === '' ? 'at once' : eventType
}

function guardName({ guard }: AnyTransitionDefinition): string {
  if (guard === undefined) return ''
  if (typeof guard === 'string') return guard
  if (typeof guard === 'function') return partsOf(guard as unknown as CompositeGuard).join(' ')
  return guard.type
}

/** `and`, `or` and `not` are functions that carry what they are made of. */
interface CompositeGuard {
  readonly check?: { readonly name: string }
  readonly guards?: readonly (string | { readonly type: string })[]
}

function partsOf({ check, guards = [] }: CompositeGuard): string[] {
  const names = guards.map((guard) => (typeof guard === 'string' ? guard : guard.type))
  return check?.name === 'checkNot' ? ['not', ...names] : [names.join(' and ')]
}

function labelOf(transition: AnyTransitionDefinition): string {
  const guard = guardName(transition)
  return guard === '' ? eventName(transition) : `${eventName(transition)} [${guard}]`
}

/** Top-level states only; what leads from inside one into another is drawn between the two. */
function overviewOf(machine: AnyStateMachine): string {
  const labels = new Map<string, Set<string>>()
  for (const node of Object.values(machine.root.states).flatMap(descendants)) {
    for (const transition of allTransitions(node)) {
      for (const target of transition.target ?? []) {
        const [from, to] = [node.path[0] ?? '', target.path[0] ?? '']
        if (from === to) continue
        const key = `${from} --> ${to}`
        labels.set(key, (labels.get(key) ?? new Set()).add(eventName(transition)))
      }
    }
  }
  const short = (all: ReadonlySet<string>): string => [...all].slice(0, 2).join(', ') + (all.size > 2 ? ', …' : '')
  const edges = [...labels].map(([key, all]) => `  ${key}: ${short(all)}`)
  return [
    '```mermaid',
    'stateDiagram-v2',
    '  direction LR',
    `  [*] --> ${machine.root.initial.target[0]?.key ?? ''}`,
    ...edges,
    '```',
  ].join('\n')
}

function diagramOf(machine: AnyStateMachine): string {
  const lines: string[] = []
  const draw = (node: AnyStateNode, indent: string): void => {
    const children = Object.values(node.states)
    if (children.length === 0) {
      lines.push(`${indent}state "${node.key}" as ${idOf(node)}`)
      if (node.type === 'final') lines.push(`${indent}${idOf(node)} --> [*]`)
      return
    }
    const isRoot = node.parent === undefined
    const inner = isRoot ? indent : `${indent}  `
    if (!isRoot) lines.push(`${indent}state "${node.key}" as ${idOf(node)} {`)
    const initial = node.initial.target[0]
    if (node.type !== 'parallel' && initial !== undefined) lines.push(`${inner}[*] --> ${idOf(initial)}`)
    children.forEach((child, index) => {
      if (node.type === 'parallel' && index > 0) lines.push(`${inner}--`)
      draw(child, inner)
    })
    if (!isRoot) lines.push(`${indent}}`)
  }
  draw(machine.root, '  ')
  for (const node of descendants(machine.root)) {
    for (const transition of allTransitions(node)) {
      for (const target of transition.target ?? []) {
        if (node.parent !== undefined) lines.push(`  ${idOf(node)} --> ${idOf(target)}: ${labelOf(transition)}`)
      }
    }
  }
  return ['```mermaid', 'stateDiagram-v2', ...lines, '```'].join('\n')
}

const cell = (text: string): string => text.replaceAll('|', '\\|')

function tableOf(machine: AnyStateMachine): string {
  return descendants(machine.root)
    .map((node) => {
      const rows = allTransitions(node).map((transition) => {
        const target = (transition.target ?? []).map(nameOf).join(', ') || '(stays)'
        return `| ${cell(eventName(transition))} | ${cell(guardName(transition))} | ${cell(target)} | ${cell(transition.description ?? '')} |`
      })
      const invoked = node.invoke.map(({ id }) => id).join(', ')
      return [
        `### ${nameOf(node)}`,
        '',
        node.description ?? '',
        ...(invoked === '' ? [] : ['', `Invokes ${invoked}.`]),
        ...(rows.length === 0
          ? []
          : ['', '| event | if | leads to | what it means |', '| --- | --- | --- | --- |', ...rows]),
      ].join('\n')
    })
    .join('\n\n')
}

function chartsPage(): string {
  const charts = [sessionMachine, renewalMachine, accountMachine]
  return [
    '# The charts',
    '',
    'Drawn from the running code by `npm run charts`; a test fails when this page is stale. Do not edit it.',
    '',
    ...charts.flatMap((machine) => [
      `## ${machine.id}`,
      '',
      machine.root.description ?? '',
      '',
      diagramOf(machine),
      '',
      tableOf(machine),
      '',
    ]),
  ].join('\n')
}
