import { createTestModel } from '@xstate/test'
import { describe, expect, it } from 'vitest'
import { sessionMachine } from '../../machines/index.ts'
import { allOfChart } from './coverage.ts'
import { flatMachine, pathsOf, visibleTransition } from './level3/paths.ts'
import { reasonOf, reasons } from './level3/reasons.ts'
import { differences, inOneLine, sights } from './level3/sights.ts'
import { doingNames } from './level3/doing-names.ts'
import { worlds } from './level3/worlds.ts'
import { visibleModel } from './visible.ts'

const models = worlds().map(visibleModel)
const views = new Set(models.flatMap((model) => model.views))
const edges = models.flatMap((model) => model.edges)

describe('what a person can see and do, derived from the session’s chart', () => {
  it('has an assertion for every state that a view can tell', () => {
    expect([...views].filter((view) => !(view in sights))).toEqual([])
  })

  it('has a state that is reached for every assertion', () => {
    expect(Object.keys(sights).filter((view) => !views.has(view))).toEqual([])
  })

  it('reaches each thing that a person, another tab or the world can do', () => {
    const done = new Set(edges.map(({ event }) => event.type))
    expect(doingNames.filter((name) => !done.has(name))).toEqual([])
  })

  it('leaves a way on from everywhere', () => {
    const leavable = new Set(edges.map(({ from }) => from))
    expect(models.flatMap(({ situations }) => situations).filter((sighting) => !leavable.has(sighting))).toEqual([])
  })

  it('hides what services do: a view tells of it only while the provider says nothing', () => {
    const internal = /restoring|signingOut|completing|relaying/
    const shown = models.flatMap(({ situations }) => situations).filter(({ view }) => internal.test(view))
    expect(shown.length).toBeGreaterThan(0)
    expect(shown.filter(({ around }) => !['silent', 'mute'].includes(around.provider)).map(({ view }) => view)).toEqual(
      [],
    )
  })

  it('is a flat machine that createTestModel takes', () => {
    for (const model of models) {
      const { machine } = flatMachine(model)
      expect(() => createTestModel(machine)).not.toThrow()
      expect(Object.keys(machine.states)).toHaveLength(model.situations.length)
    }
  })

  it('plans paths that show each state a view can tell, and all of them each visible transition', () => {
    const shown = { covering: new Set<string>(), all: new Set<string>() }
    for (const model of models) {
      pathsOf(model, 'covering', shown.covering)
      pathsOf(model, 'all', shown.all)
    }
    expect([...views].filter((view) => !shown.covering.has(view))).toEqual([])
    expect(edges.map(visibleTransition).filter((name) => !shown.all.has(name))).toEqual([])
  })
})

describe('reasons why Chromium cannot take a transition', () => {
  const all = [...allOfChart(sessionMachine).transitions]

  it('are about transitions that there are', () => {
    expect(reasons.filter(({ transitions }) => !all.some((id) => transitions.test(id)))).toEqual([])
  })

  it('are given for no transition that the derived model takes, and for one each', () => {
    const taken = new Set(edges.flatMap(({ step }) => step.taken))
    expect([...taken].filter((id) => reasonOf(id) !== undefined)).toEqual([])
    expect(all.filter((id) => reasons.filter(({ transitions }) => transitions.test(id)).length > 1)).toEqual([])
  })
})

describe('what a page shows', () => {
  it('is compared word for word, and a button that cannot be pressed is none', () => {
    const text = inOneLine(
      '- main:\n  - status:\n    - strong: Signed in\n    - text: All is well.\n  - button "Renew" [disabled]',
    )
    expect(text).toBe('main status Signed in All is well. button "Renew" [disabled]')
    expect(differences({ sees: ['status Signed in'], never: ['Reconnecting'] }, text)).toEqual([])
    expect(differences({ sees: ['button "Renew"'], never: ['status Signed in'] }, text)).toEqual([
      'does not show: button "Renew"',
      'shows: status Signed in',
    ])
  })
})
