import fc from 'fast-check'
import { render, type IStateMachine } from 'state-machine-cat'
import { describe, expect, it } from 'vitest'
import { createMachine } from 'xstate'
import { accountMachine, renewalMachine, sessionMachine } from '../../machines/index.ts'
import { NoChartError, readModel, toJson } from '../../ui/visualizer/export/json.ts'
import { toMermaid } from '../../ui/visualizer/export/mermaid.ts'
import { toPlantUml } from '../../ui/visualizer/export/plantuml.ts'
import { scxmlName, toScxml } from '../../ui/visualizer/export/scxml.ts'
import { chartModelOf, type ChartModel } from '../../ui/visualizer/model/chart.ts'
import { chartNamed, nastyText } from './nasty.ts'
import { ownCharts } from './own-charts.ts'

const models = [sessionMachine, renewalMachine, accountMachine, ...ownCharts].map((machine) => chartModelOf(machine))
const nastyChart = fc.array(nastyText, { minLength: 24, maxLength: 24 }).map(chartNamed)

/** All states of a machine as state-machine-cat read it, but the starts, which it makes up a name for. */
const statesRead = ({ states, ...rest }: IStateMachine): IStateMachine['states'] => {
  void rest
  return states.flatMap((state) => [
    ...(state.type === 'initial' ? [] : [state]),
    ...(state.statemachine === undefined ? [] : statesRead(state.statemachine)),
  ])
}
const transitionsRead = (machine: IStateMachine): NonNullable<IStateMachine['transitions']> => [
  ...(machine.transitions ?? []),
  ...machine.states.flatMap(({ statemachine }) => (statemachine === undefined ? [] : transitionsRead(statemachine))),
]

/** SCXML as a program reads it that we did not write. */
async function readScxml(model: ChartModel): Promise<IStateMachine> {
  // With this output the machine itself comes back, whatever the types say.
  return (await render(toScxml(model), { inputType: 'scxml', outputType: 'json' })) as unknown as IStateMachine
}

const kinds = { atomic: 'regular', compound: 'regular', parallel: 'parallel', final: 'final' } as const

describe.each(models)('the chart $id as SCXML, read again by state-machine-cat', (model) => {
  it('has its states, of their kinds, within one another as they are', async () => {
    const machine = await readScxml(model)
    const kindOf = ({ type, history }: ChartModel['states'][number]) =>
      type === 'history' ? (history === 'deep' ? 'deephistory' : 'history') : kinds[type]
    const read = statesRead(machine)
    expect(sorted(read.map(({ name, type }) => [name, type]))).toEqual(
      sorted(model.states.map((state) => [state.id, kindOf(state)])),
    )
    const childrenRead = (id: string) =>
      statesNamed(read, id)
        .flatMap(({ statemachine }) => statemachine?.states ?? [])
        .filter(({ type }) => type !== 'initial')
    for (const { id } of model.states)
      expect(
        childrenRead(id)
          .map(({ name }) => name)
          .toSorted(),
        id,
      ).toEqual(
        model.states
          .filter(({ parent }) => parent === id)
          .map((state) => state.id)
          .toSorted(),
      )
  })

  it('has its transitions: event, guard, target and actions', async () => {
    const read = transitionsRead(await readScxml(model)).filter(({ from }) => !/(^|\.)initial$/.test(from))
    const scxml = (event: string) =>
      event
        .replace('xstate.done.actor.', 'done.invoke.')
        .replace('xstate.error.actor.', 'error.platform.')
        .replace(/^xstate\./, '')
    const told = read.map(({ from, to, event = '', cond = null, action = '' }) => [
      from,
      to,
      event,
      cond,
      [...action.matchAll(/name="([^"]*)"/g)].map(([, name]) => name).join(),
    ])
    const wanted = model.transitions.flatMap(({ source, targets, event, guard, actions }) =>
      // What leads nowhere, it reads as leading to where it is.
      (targets.length === 0 ? [source] : targets).map((target) => [
        source,
        target,
        scxml(event),
        guard,
        actions.join(),
      ]),
    )
    expect(sorted(told)).toEqual(sorted(wanted))
  })

  it('has where each state begins, and what it does', async () => {
    const machine = await readScxml(model)
    const starts = transitionsRead(machine).filter(({ from }) => from.endsWith('.initial'))
    expect(sorted(starts.map(({ from, to }) => [from.replace(/\.initial$/, ''), to]))).toEqual(
      sorted(model.states.flatMap(({ id, initial }) => (initial === null ? [] : [[id, initial]]))),
    )
    const read = statesRead(machine)
    for (const { id, entry, exit, invokes } of model.states) {
      const actions = statesNamed(read, id).flatMap((state) => state.actions ?? [])
      const bodies = (type: string) =>
        actions
          .filter((one) => one.type === type)
          .map(({ body }) => body)
          .join()
      expect(bodies('activity')).toBe(invokes.map((service) => service.id).join())
      for (const name of entry) expect(bodies('entry')).toContain(`name="${name}"`)
      for (const name of exit) expect(bodies('exit')).toContain(`name="${name}"`)
      const waits = model.transitions.filter(({ source, kind }) => source === id && kind === 'after')
      expect(bodies('entry').match(/<send /g)?.length ?? 0).toBe(new Set(waits.map(({ event }) => event)).size)
      expect(bodies('exit').match(/<cancel /g)?.length ?? 0).toBe(new Set(waits.map(({ event }) => event)).size)
    }
  })
})

/** Lists of texts, whose order means nothing. */
const sorted = (all: readonly unknown[]): readonly string[] => all.map(String).toSorted()

const statesNamed = (states: IStateMachine['states'], id: string) => states.filter(({ name }) => name === id)

it('in SCXML, what leads inwards without leaving is internal, and nothing else', async () => {
  const player = models.find(({ id }) => id === 'player')
  if (player === undefined) throw new Error('There is no such chart.')
  const read = transitionsRead(await readScxml(player))
  const internal = read.filter(({ type }) => type === 'internal')
  expect(sorted(internal.map(({ event }) => event))).toEqual(['back', 'back.deep', 'reset'])
})

it('states whose names differ in signs alone have ids of their own in Mermaid and PlantUML', () => {
  const model = chartModelOf(createMachine({ id: 'x', initial: 'a b', states: { 'a b': {}, 'a-b': {}, a_b: {} } }))
  for (const text of [toMermaid(model), toPlantUml(model)]) {
    const ids = [...text.matchAll(/ as (\w+)/g)].map(([, id]) => id)
    expect(new Set(ids).size).toBe(4)
  }
})

it('names that XML does not know are kept by their numbers, and no two become the same', () => {
  expect(scxmlName('session.active')).toBe('session.active')
  expect(scxmlName('two words')).toBe('two_x0020_words')
  expect(scxmlName('two_x0020_words')).toBe('two_x005F_x0020_words')
  const readAgain = (name: string) =>
    name.replaceAll(/_x([0-9A-F]{4,6})_/g, (_, code: string) => String.fromCodePoint(Number.parseInt(code, 16)))
  fc.assert(fc.property(nastyText, (text) => readAgain(scxmlName(text)) === text))
})

describe('JSON', () => {
  it.each(models)('$id is the same after it was read again', (model) => {
    expect(readModel(toJson(model))).toEqual(JSON.parse(JSON.stringify(model)))
  })

  it('keeps whatever a chart is called', () => {
    fc.assert(
      fc.property(nastyChart, (model) => {
        expect(readModel(toJson(model))).toEqual(model)
      }),
    )
  })

  const [session] = models
  const changed = (change: (model: { states: object[]; transitions: object[] }) => void): string => {
    const copy = JSON.parse(JSON.stringify(session)) as { states: object[]; transitions: object[] }
    change(copy)
    return JSON.stringify(copy)
  }
  it.each([
    ['not JSON at all', '<svg/>', 'This file is no JSON.'],
    ['something else', '{"records":[]}', 'holds no chart'],
    ['a list', '[]', 'holds no chart'],
    ['a newer format', changed((model) => Object.assign(model, { format: 2 })), 'format 2'],
    ['no name', changed((model) => Object.assign(model, { id: 7 })), 'has no name'],
    ['states that are none', changed((model) => Object.assign(model, { states: {} })), 'states are no list'],
    [
      'a state of no kind',
      changed(({ states }) => Object.assign(states[3] ?? {}, { type: 'odd' })),
      'state 4 .*: type',
    ],
    [
      'a service without a name',
      changed(({ states }) => Object.assign(states[3] ?? {}, { invokes: [{}] })),
      'state 4 .*: invokes',
    ],
    [
      'a transition that is none',
      changed(({ transitions }) => transitions.splice(1, 1, [])),
      'transition 2 .*: all of it',
    ],
    ['a state twice', changed(({ states }) => states.push(states[5] ?? {})), 'is there twice'],
    ['no state', changed((model) => Object.assign(model, { states: [] })), 'there is no state'],
    ['two roots', changed(({ states }) => Object.assign(states[1] ?? {}, { parent: null })), 'more than one root'],
    ['a state in nothing', changed(({ states }) => Object.assign(states[2] ?? {}, { parent: 'x' })), 'is within x'],
    ['a start at nothing', changed(({ states }) => Object.assign(states[0] ?? {}, { initial: 'x' })), 'begins at x'],
    [
      'a way to nowhere',
      changed(({ transitions }) => Object.assign(transitions[0] ?? {}, { targets: ['x'] })),
      'names x',
    ],
    ['a transition twice', changed(({ transitions }) => transitions.push(transitions[0] ?? {})), 'is there twice'],
  ])('says what is wrong with a file that holds %s', (_, text, words) => {
    expect(() => readModel(text)).toThrow(NoChartError)
    expect(() => readModel(text)).toThrow(new RegExp(words))
  })
})

/** A text as PlantUML shows it. */
const plantUmlText = (text: string) =>
  text.replaceAll(/<U\+([0-9A-F]{4,6})>/g, (_, code: string) => String.fromCodePoint(Number.parseInt(code, 16)))

// No Java here, and so no PlantUML: its text is held against the model, line by line.
describe('PlantUML', () => {
  it.each(models)('$id has each state and each transition once', (model) => {
    const lines = toPlantUml(model).split('\n')
    const declared = lines.filter((line) => /^ *state "/.test(line))
    expect(declared).toHaveLength(model.states.filter(({ type }) => type !== 'history').length)
    expect(new Set(declared).size).toBe(declared.length)
    const targets = model.transitions.flatMap((one) => one.targets)
    expect(lines.filter((line) => / --> [^[].* : /.test(line))).toHaveLength(targets.length)
    expect(lines.filter((line) => line.includes('[*] -->'))).toHaveLength(
      model.states.filter(({ initial }) => initial !== null).length,
    )
    expect(lines.filter((line) => line.endsWith('{'))).toHaveLength(lines.filter((line) => line.trim() === '}').length)
  })

  it('no name breaks out of its place, and each can be read again', () => {
    fc.assert(
      fc.property(nastyChart, (model) => {
        const lines = toPlantUml(model).split('\n')
        const names = lines.flatMap((line) => /^ *state "([^"]*)" as \w+(?: \{)?$/.exec(line)?.[1] ?? [])
        expect(names.map(plantUmlText)).toEqual(
          model.states.filter(({ type }) => type !== 'history').map(({ name }) => name),
        )
        const plain =
          /^(@startuml|@enduml|title .*||\s*(state ".*|\}|--|\[\*\] --> \w+|\w+ --> \[\*\]|\w+ : .+|\w+ --> \w+(\[H\*\])? : .+))$/
        expect(lines.filter((line) => !plain.test(line))).toEqual([])
      }),
    )
  })
})

// Mermaid itself reads it in Chromium: test/browser/exports-read-again.test.ts.
it('no name breaks out of its line in Mermaid, and no two states have one id', () => {
  fc.assert(
    fc.property(nastyChart, (model) => {
      const lines = toMermaid(model).split('\n')
      const plain =
        /^(stateDiagram-v2||\s*(state "[^"]*" as \w+( \{)?|\}|--|\[\*\] --> \w+|\w+ --> \[\*\]|\w+: .+|\w+ --> \w+: .+))$/
      expect(lines.filter((line) => !plain.test(line))).toEqual([])
      const ids = lines.flatMap((line) => / as (\w+)/.exec(line)?.[1] ?? [])
      expect(new Set(ids).size).toBe(model.states.length)
    }),
  )
})
