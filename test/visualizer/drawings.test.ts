import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { hashOfShipped, indexOf, shippedLayouts } from '../../scripts/layouts.ts'
import { loadShipped, type ShippedLayout } from '../../ui/visualizer/shipped.ts'
import { overlapsIn } from '../../ui/visualizer/layout/overlaps.ts'

const folder = new URL('../../ui/visualizer/layouts/', import.meta.url)
const stale = 'The shipped layouts are of another chart than the one that runs: run `npm run layouts`.'

describe.each(shippedLayouts())('the shipped layout $name', (shipped) => {
  const { name, model, words } = shipped
  const read = async () => JSON.parse(await readFile(new URL(`${name}.json`, folder), 'utf8')) as ShippedLayout

  it('is of the chart as it runs, and is found by it', async () => {
    const { hash, geometry } = await read()
    expect(hash, stale).toBe(hashOfShipped(shipped))
    expect(await loadShipped(model, { words, direction: 'best' }), stale).toEqual(geometry)
  })

  it('has no label on another, on a box or on a line of others, and no line through a box', async () => {
    expect(overlapsIn((await read()).geometry)).toEqual([])
  })

  it('draws every state and every transition that leads somewhere', async () => {
    const { states, edges } = (await read()).geometry
    expect(states.map(({ id }) => id).toSorted()).toEqual(model.states.map(({ id }) => id).toSorted())
    const wanted = model.transitions.filter(({ targets }) => targets.length > 0).map(({ id }) => id)
    expect(wanted.filter((id) => !edges.some(({ transitions }) => transitions.includes(id)))).toEqual([])
    expect(edges.filter(({ path }) => path.length < 2)).toEqual([])
  })

  it('names each of them at its line', async () => {
    for (const { transitions, label } of (await read()).geometry.edges)
      expect(label?.items.flatMap((item) => item.transitions).toSorted()).toEqual(transitions.toSorted())
  })
})

it('the index of the shipped layouts leads to all of them', async () => {
  expect(await readFile(new URL('index.ts', folder), 'utf8'), stale).toBe(indexOf(shippedLayouts()))
})
