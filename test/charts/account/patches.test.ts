import { describe, expect, it } from 'vitest'
import { applyPatch, applyPatches, enqueuePatch, firstPatch } from '../../../machines/account/patches.ts'

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

  it('is not invented where there is none: an empty one would remove everything', () => {
    expect(firstPatch([{ a: 1 }, { b: 1 }])).toEqual({ a: 1 })
    expect(() => firstPatch([])).toThrow('There is no change to be saved.')
  })
})

describe('a queue of patches', () => {
  const a = { a: 1 }
  const b = { b: 1 }

  it.each([
    ['takes the first', [], a, false, [a]],
    ['merges what is not on its way', [a], b, false, [{ a: 1, b: 1 }]],
    ['lets the later value of a key win', [a], { a: 2 }, false, [{ a: 2 }]],
    ['lets a later removal win', [a], { a: null }, false, [{ a: null }]],
    ['does not touch what is on its way', [a], b, true, [a, b]],
    ['merges behind what is on its way', [a, b], { c: 1 }, true, [a, { b: 1, c: 1 }]],
    ['drops what waits before one that removes all', [a], {}, false, [{}]],
    ['keeps what is on its way before one that removes all', [a, b], {}, true, [a, {}]],
    ['keeps what comes after one that removes all apart', [{}], a, false, [{}, a]],
  ])('%s', (_name, pending, change, isSaving, result) => {
    expect(enqueuePatch(pending, change, isSaving)).toEqual(result)
  })

  it.each([true, false])('P19 leads to the same metadata as saving each by itself (saving: %s)', (isSaving) => {
    const patches = [{ a: 1, b: 1 }, { b: null }, {}, { c: 1 }, { a: 2 }, { c: null, d: 1 }]
    const queue = patches.reduce<readonly Record<string, unknown>[]>(
      (q, p) => enqueuePatch(q, p, isSaving && q.length > 0),
      [],
    )
    expect(applyPatches({ z: 1 }, queue)).toEqual(applyPatches({ z: 1 }, patches))
  })
})
