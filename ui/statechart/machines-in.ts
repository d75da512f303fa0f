import { createMachine, type AnyStateMachine } from 'xstate'
import { sourcesOf } from '../visualizer/index.ts'

/**
 * The machines that a module exports, the default one first, and those that they invoke, as far as they can be found. One without an id
 * is called as it is exported.
 */
export function machinesIn(module: Readonly<Record<string, unknown>>): readonly AnyStateMachine[] {
  const names = Object.keys(module).toSorted((one, other) => Number(other === 'default') - Number(one === 'default'))
  const exported = new Map<AnyStateMachine, string>()
  for (const name of names) {
    const value = module[name]
    if (isMachine(value) && !exported.has(value)) exported.set(value, name)
  }
  const found = new Map<string, AnyStateMachine>()
  const visit = (machine: AnyStateMachine): void => {
    if (found.has(machine.id)) return
    found.set(machine.id, machine)
    for (const child of childrenOf(machine)) visit(child)
  }
  for (const [machine, name] of exported) visit(machine.id === nameless ? named(machine, name) : machine)
  return [...found.values()]
}

/** As XState calls a machine without an id. */
const nameless = '(machine)'

const named = (machine: AnyStateMachine, name: string): AnyStateMachine =>
  createMachine({ ...machine.config, id: name === 'default' ? 'machine' : name }, machine.implementations)

function childrenOf({ root, implementations }: AnyStateMachine): readonly AnyStateMachine[] {
  const inline = (node: AnyStateMachine['root']): readonly unknown[] => [
    ...sourcesOf(node),
    ...Object.values(node.states).flatMap(inline),
  ]
  return [...Object.values(implementations.actors), ...inline(root)].filter(isMachine)
}

const isMachine = (value: unknown): value is AnyStateMachine =>
  typeof value === 'object' && value !== null && 'root' in value && 'implementations' in value && 'config' in value
