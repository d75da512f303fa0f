import { describe, expect, it } from 'vitest'
import { hashOf, shippedDrawings } from '../../scripts/layouts.ts'
import { drawingNames, loadDrawing, type DrawingName } from '../../ui/visualizer/shipped.ts'
import { overlapsIn } from './overlaps.ts'

describe.each(shippedDrawings())('the shipped drawing $name', ({ name, model }) => {
  const load = () => loadDrawing(name as DrawingName)

  it('is of the chart as it runs: `npm run layouts` otherwise', async () => {
    expect(hashOf((await load()).model)).toBe(hashOf(model))
  })

  it('has no label on another, on a box or on a line of others, and no line through a box', async () => {
    expect(overlapsIn((await load()).geometry)).toEqual([])
  })

  it('draws every state and every transition that leads somewhere', async () => {
    const { states, edges } = (await load()).geometry
    expect(states.map(({ id }) => id).toSorted()).toEqual(model.states.map(({ id }) => id).toSorted())
    const drawn = new Set(edges.flatMap(({ transitions }) => transitions))
    const wanted = model.transitions.filter(({ targets }) => targets.length > 0)
    expect(wanted.filter(({ id }) => !drawn.has(id)).map(({ id }) => id)).toEqual([])
    expect(edges.filter(({ path }) => path.length < 2)).toEqual([])
  })
})

it('there is a drawing for every state of the session that can be opened, and no other', () => {
  expect(
    shippedDrawings()
      .map(({ name }) => name)
      .toSorted(),
  ).toEqual(drawingNames.toSorted())
})
