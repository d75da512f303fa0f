import { describe, expect, it } from 'vitest'
import type { MetadataPatch, QueuedPatch } from '../../../machines/index.ts'
import {
  applyPatch,
  applyPatches,
  changesAtSave,
  changesElsewhere,
  enqueuePatch,
  startFirst,
  unsavedKeys,
} from '../../../machines/patches.ts'
import { problem } from '../../support/charts.ts'

describe('a patch', () => {
  it.each([
    ['sets keys at the root, and leaves the others', { a: 1, b: 2 }, { b: 3, c: 4 }, { a: 1, b: 3, c: 4 }],
    ['removes a key by null', { a: 1, b: 2 }, { a: null }, { b: 2 }],
    ['removes a key that is not there', { b: 2 }, { a: null }, { b: 2 }],
    ['removes everything when it is empty', { a: 1 }, {}, {}],
    ['replaces a nested object whole', { a: { x: 1, y: 2 } }, { a: { x: 3 } }, { a: { x: 3 } }],
    ['keeps null within a nested object', {}, { a: { x: null } }, { a: { x: null } }],
  ])('P19 %s', (_name, metadata, change, result) => {
    expect(applyPatch(metadata, change)).toEqual(result)
  })

  it('P19 is merged after those before it', () => {
    expect(applyPatches({ a: 1 }, [{ a: 2, b: 1 }, {}, { c: 1 }])).toEqual({ c: 1 })
  })

  it('changes nothing in place', () => {
    const metadata = Object.freeze({ a: 1 })
    expect(applyPatch(metadata, { a: null })).toEqual({})
    expect(metadata).toEqual({ a: 1 })
  })
})

const queued = (patch: MetadataPatch) => ({ patch })
const tried = (patch: MetadataPatch) => ({ patch, isTried: true as const })
const add = (queue: readonly QueuedPatch[], patch: MetadataPatch) => enqueuePatch(queue, { patch })
const patchesOf = (queue: readonly QueuedPatch[]) => queue.map(({ patch }) => patch)

describe('a queue of changes', () => {
  const a = queued({ a: 1 })

  it.each([
    ['takes the first', [], { a: 1 }, [a]],
    ['merges what was not sent', [a], { b: 1 }, [queued({ a: 1, b: 1 })]],
    ['lets the later value of a key win', [a], { a: 2 }, [queued({ a: 2 })]],
    ['lets a later removal win', [a], { a: null }, [queued({ a: null })]],
    ['does not touch what was sent', [tried({ a: 1 })], { b: 1 }, [tried({ a: 1 }), queued({ b: 1 })]],
    [
      'merges behind what was sent',
      [tried({ a: 1 }), queued({ b: 1 })],
      { c: 1 },
      [tried({ a: 1 }), queued({ b: 1, c: 1 })],
    ],
    ['drops what waits before one that removes all', [a], {}, [queued({})]],
    [
      'keeps what was sent before one that removes all',
      [tried({ a: 1 }), queued({ b: 1 })],
      {},
      [tried({ a: 1 }), queued({})],
    ],
    ['keeps what comes after one that removes all apart', [queued({})], { a: 1 }, [queued({}), a]],
  ])('P19 %s', (_name, queue, patch, result) => {
    expect(add(queue, patch)).toEqual(result)
  })

  it('P19 may be sent again as soon as something is typed, if it was refused; not if it has to wait', () => {
    const setback = { problem: problem('metadata_refused') }
    const waits = { problem: problem('provider_unavailable'), until: 5 }
    expect(add([{ ...tried({ a: 1 }), setback }], { b: 1 })).toEqual([tried({ a: 1 }), queued({ b: 1 })])
    expect(add([{ ...tried({ a: 1 }), setback: waits }], { b: 1 })[0]).toEqual({ ...tried({ a: 1 }), setback: waits })
  })

  it.each([
    ['nothing', [], []],
    ['one change', [a], [tried({ a: 1 })]],
    ['those that one request can save', [tried({ a: 1, b: 1 }), queued({ b: 2 })], [tried({ a: 1, b: 2 })]],
    ['only what removes all, where that is last', [tried({ a: 1 }), queued({})], [tried({})]],
    ['what removes all by itself', [queued({}), queued({ a: 1 })], [tried({}), queued({ a: 1 })]],
  ])('P19 sends %s at once', (_name, queue, result) => {
    expect(startFirst(queue)).toEqual(result)
  })

  it.each([true, false])('P19 leads to the same metadata as saving each by itself (some sent: %s)', (isSent) => {
    const patches = [{ a: 1, b: 1 }, { b: null }, {}, { c: 1 }, { a: 2 }, { c: null, d: 1 }]
    const queue = patches.reduce<readonly QueuedPatch[]>((q, p, i) => {
      const next = add(q, p)
      return isSent && i % 2 === 0 ? startFirst(next) : next
    }, [])
    expect(applyPatches({ z: 1 }, patchesOf(queue))).toEqual(applyPatches({ z: 1 }, patches))
  })
})

describe('what others changed', () => {
  const known = { country: 'PT', first: 'Ada', tags: ['a', { b: 1 }] }

  it.each([
    ['nothing', { ...known, tags: ['a', { b: 1 }] }, [], [], []],
    [
      'a value, a new key, and one that is gone',
      { country: 'ES', age: 3, tags: known.tags },
      [],
      ['country', 'first', 'age'],
      [],
    ],
    ['a key that is typed here too', { ...known, country: 'ES' }, [{ country: 'FR' }], ['country'], ['country']],
    ['what is typed here has arrived unheard', { ...known, country: 'FR' }, [{ country: 'FR' }], [], []],
    ['what is removed here has gone unheard', { first: 'Ada', tags: known.tags }, [{ country: null }], [], []],
    ['something, where all is to be removed', { ...known, country: 'ES' }, [{}], ['country'], ['country']],
  ])('P19 is %s', (_name, now, patches, keys, contested) => {
    expect(changesElsewhere(known, now, patches.map(queued))).toEqual({ keys, contested })
  })

  it('P19 is not known before anything was', () => {
    expect(changesElsewhere(null, known, [])).toEqual({ keys: [], contested: [] })
  })

  it('P19 is told by a save as well: by what was there before it, or by keys that nobody typed here', () => {
    const patch = { country: ' FR ' }
    const metadata = { ...known, country: 'FR', first: 'Augusta' }
    expect(changesAtSave(known, { patch, metadata, pending: [] })).toEqual({ keys: ['first'], contested: [] })
    const before = { ...known, country: 'ES' }
    expect(changesAtSave(known, { patch, metadata, before, pending: [] })).toEqual({
      keys: ['country'],
      contested: ['country'],
    })
    expect(changesAtSave(known, { metadata, pending: [] }).keys).toEqual([])
  })
})

it('names the keys that are not saved', () => {
  expect(unsavedKeys({ z: 1 }, [queued({ a: 1, b: null }), queued({ b: 1 })])).toEqual(['a', 'b'])
  expect(unsavedKeys({ z: 1 }, [queued({}), queued({ a: 1 })])).toEqual(['z', 'a'])
  expect(unsavedKeys(null, [])).toEqual([])
})
