import { createActor, type AnyActorLogic, type AnyStateMachine, type AnyStateNode } from 'xstate'
import { describe, expect, it } from 'vitest'
import { accountPorts } from '../../machines/account/ports.ts'
import { accountMachine, renewalMachine, SessionError, sessionMachine } from '../../machines/index.ts'
import { renewalPorts } from '../../machines/renewal/ports.ts'
import { sessionPorts } from '../../machines/session/ports.ts'

const machines: Record<string, AnyStateMachine> = {
  session: sessionMachine,
  renewal: renewalMachine,
  account: accountMachine,
}
const ports: Record<string, Record<string, AnyActorLogic>> = {
  session: sessionPorts,
  renewal: renewalPorts,
  account: accountPorts,
}

/** States in which a chart may stay for as long as it takes, and why. */
const resting: Record<string, string> = {
  'session.unauthenticated': 'A person has to log in.',
  'session.loggedOut': 'A person has to log in.',
  'session.active.access.refreshing.late': 'The renewal bounds each of its steps; nothing is thrown away meanwhile.',
  'session.active.stepUp.none': 'Nothing is waited for.',
  'account.profile.loaded': 'Nothing is waited for.',
  'account.profile.failed': 'Someone has to ask, or the network or the person has to come back.',
  'account.metadata.ready': 'Nothing is waited for.',
  'account.metadata.unsaved': 'A person has to decide.',
  'account.metadata.failed': 'Someone has to ask, or the network or the person has to come back.',
}

/** Ports that listen; all others are promises or machines. */
const isListener = (src: string) => src.startsWith('watch') || src === 'holdTurn'
const isMachine = (src: string) => src in machines

const nodesUnder = (node: AnyStateNode): AnyStateNode[] => [node, ...Object.values(node.states).flatMap(nodesUnder)]
const ancestors = (node: AnyStateNode): AnyStateNode[] => [node, ...(node.parent ? ancestors(node.parent) : [])]
const nodesOf = (machine: string) => nodesUnder(machineOf(machine).root)
const invocationsOf = (machine: string) =>
  nodesOf(machine).flatMap((node) => node.invoke.map((invoke) => ({ node, id: invoke.id, src: invoke.src as string })))

/** A word alone says too little. */
const sentence = /^[A-Z].{10,}[^.\s]\.$/s

describe.each(Object.keys(machines))('the chart %s', (name) => {
  const nodes = nodesOf(name)
  const leaves = nodes.filter(({ type }) => type === 'atomic')
  const invocations = invocationsOf(name)
  const promises = invocations.filter(({ src }) => !isListener(src) && !isMachine(src))
  const hears = (node: AnyStateNode, event: string) => (node.transitions.get(event) ?? []).length > 0

  it('says of every state in a sentence what holds', () => {
    const wordless = nodes.filter(({ description }) => !sentence.test(description ?? ''))
    expect(wordless.map(({ id, description }) => `${id}: ${description}`)).toEqual([])
  })

  it('says of every transition in a sentence what it is about', () => {
    const transitions = nodes.flatMap(({ transitions: heard, always = [] }) => [...heard.values(), always].flat())
    expect(transitions.length).toBeGreaterThan(20)
    const wordless = transitions.filter(({ description }) => !sentence.test(description ?? ''))
    expect(wordless.map((t) => `${t.source.id} ${t.eventType}: ${t.description}`)).toEqual([])
  })

  it('waits by names that say why', () => {
    const delays = nodes.flatMap(({ after }) => after.map(({ delay }) => delay))
    expect(delays.filter((delay) => typeof delay !== 'string' || !/^until[A-Z]/.test(delay))).toEqual([])
  })

  it('hears nothing that nobody named', () => {
    const heard = nodes.flatMap(({ transitions }) => [...transitions.keys()])
    expect(heard.filter((event) => event.includes('*'))).toEqual([])
  })

  it('waits nowhere without a bound, but where it rests for a reason', () => {
    const isBounded = (node: AnyStateNode) =>
      ancestors(node).some(({ after }) => after.length > 0) || (node.always ?? []).length > 0
    const unbounded = leaves.filter((node) => !isBounded(node)).map(({ id }) => id)
    const allowed = Object.keys(resting).filter((id) => id.startsWith(`${name}.`))
    expect(unbounded.toSorted()).toEqual(allowed.toSorted())
  })

  it('has a way on from every state that it only passes through', () => {
    const stuck = nodes.filter(({ always = [] }) => always.length > 0 && always.at(-1)?.guard !== undefined)
    expect(stuck.map(({ id }) => id)).toEqual([])
  })

  it('calls every invocation by the name of its port', () => {
    const written = nodes.flatMap(({ config }) => (config as { invoke?: object | object[] }).invoke ?? []).flat()
    expect(written).toEqual(invocations.map(({ src }) => expect.objectContaining({ id: src, src }) as object))
  })

  it('handles the failure of everything that it invokes', () => {
    const deaf = invocations.filter(({ node, id }) => !hears(node, `xstate.error.actor.${id}`))
    expect(deaf.map(({ id }) => id)).toEqual([])
  })

  it('handles the answer of every promise, and bounds it', () => {
    const deaf = promises.filter(({ node, id }) => !hears(node, `xstate.done.actor.${id}`) || node.after.length === 0)
    expect(deaf.map(({ id }) => id)).toEqual([])
  })

  it('invokes all of its ports, and nothing else', () => {
    const sources = [...new Set(invocations.map(({ src }) => src))]
    expect(sources.toSorted((a, b) => a.localeCompare(b))).toEqual(
      Object.keys(ports[name] ?? {}).toSorted((a, b) => a.localeCompare(b)),
    )
  })
})

const named = Object.entries(ports).flatMap(([machine, ofMachine]) =>
  Object.entries(ofMachine).flatMap(([port, logic]) => (isMachine(port) ? [] : [[machine, port, logic] as const])),
)

describe('a port that nobody provided', () => {
  it.each(named.filter(([, port]) => !port.startsWith('watch')))(
    'says how to provide it: %s, %s',
    async (machine, port, logic) => {
      const actor = createActor(logic, { input: {} })
      const failed = new Promise((resolve) => {
        actor.subscribe({ error: resolve })
      })
      actor.start()
      const error = await failed
      expect(error).toBeInstanceOf(SessionError)
      const { code, message } = error as SessionError
      expect(code).toBe('port_missing')
      expect(message).toContain(`"${port}"`)
      expect(message).toContain('createSession()')
      expect(message).toContain(`${machine}Machine.provide({ actors: { ${port}: … } })`)
    },
  )

  it.each(named.filter(([, port]) => port.startsWith('watch')))(
    'can be done without: %s, %s',
    (_machine, _port, logic) => {
      expect(createActor(logic, { input: {} }).start().getSnapshot()).toMatchObject({ status: 'active' })
    },
  )
})

function machineOf(name: string): AnyStateMachine {
  const machine = machines[name]
  if (machine === undefined) throw new Error(`There is no chart ${name}.`)
  return machine
}
