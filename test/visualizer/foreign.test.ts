import Elk from 'elkjs/lib/elk.bundled.js'
import { describe, expect, it } from 'vitest'
import { createMachine, type AnyStateMachine } from 'xstate'
import { layOut } from '../../ui/visualizer/layout/elk.ts'
import { overlapsIn } from '../../ui/visualizer/layout/overlaps.ts'
import { chartModelOf } from '../../ui/visualizer/model/chart.ts'
import { nested } from './machines/nested.ts'
import { oddities } from './machines/oddities.ts'
import { player } from './machines/player.ts'
import { wizard } from './machines/wizard.ts'

const machines: readonly (readonly [string, AnyStateMachine])[] = [
  ['nested parallel regions with history', player],
  ['a wizard of 80 states', wizard()],
  ['states six deep', nested()],
  ['self-loops, final states, several targets and functions without a name', oddities],
  ['one state and nothing else', createMachine({ id: 'lonely' })],
]

describe.each(machines)('a chart that is not ours: %s', (_, machine) => {
  const model = chartModelOf(machine)
  const elk = new Elk()
  it.each([
    ['RIGHT', 'built'],
    ['DOWN', 'built'],
    ['best', 'experienced'],
  ] as const)(
    'is laid out (%s, %s) with nothing lost and nothing on anything else',
    { timeout: 60_000 },
    async (direction, words) => {
      const geometry = await layOut(model, elk, { direction, words, patience: 1500 })
      expect(geometry.states.map(({ id }) => id).toSorted()).toEqual(model.states.map(({ id }) => id).toSorted())
      const drawn = geometry.edges.flatMap(({ transitions }) => transitions)
      const leading = model.transitions.flatMap(({ id, targets }) => targets.map(() => id))
      expect(drawn.toSorted()).toEqual(leading.toSorted())
      expect(geometry.edges.filter(({ path, label }) => path.length < 2 || label === null)).toEqual([])
      expect(geometry.dots).toHaveLength(model.states.filter(({ initial }) => initial !== null).length)
      expect(overlapsIn(geometry)).toEqual([])
    },
  )
})
