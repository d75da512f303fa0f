import { vi } from 'vitest'

export { expect, vi } from 'vitest'

/**
 * Stands in for `vitest` in the test files that are run on mutants: to start Vitest some thousand times would take hours. It
 * knows what those files use of it, with the real `expect` and `vi`; what it does not know fails, and is to be added.
 */
export interface Collected {
  /** Unique in its file: with several cases of one name, they are counted. */
  readonly name: string
  /** How long it may take, in ms, unless it says so itself; a test takes some milliseconds, and a busy machine makes none fail. */
  readonly patience: number
  run(): Promise<void>
}

const patience = 60_000

type Body = (...args: readonly unknown[]) => unknown
type Define = (name: string, body: Body, timeout?: number) => void
type Each = (cases: readonly unknown[]) => Define

interface Block {
  readonly name: string
  readonly before: Body[]
  readonly after: Body[]
}

let blocks: Block[] = []
let found: Collected[] = []

/** What a file defines while it is loaded. */
export async function collect(load: () => Promise<unknown>): Promise<readonly Collected[]> {
  blocks = [{ name: '', before: [], after: [] }]
  found = []
  await load()
  const times = new Map<string, number>()
  return found.map((test) => {
    const time = (times.get(test.name) ?? 0) + 1
    times.set(test.name, time)
    return { ...test, name: time === 1 ? test.name : `${test.name} (${time})` }
  })
}

const innermost = (): Block => {
  const block = blocks.at(-1)
  if (block === undefined) throw new Error('Tests are defined only while a file is loaded.')
  return block
}

const defineTest: Define = (name, body, timeout = patience) => {
  const around = [...blocks]
  found.push({
    name: [...around.map((block) => block.name), name].filter((part) => part !== '').join(' > '),
    patience: timeout,
    run: async () => {
      try {
        for (const { before } of around) for (const prepare of before) await prepare()
        await body()
        for (const { after } of around.toReversed()) for (const tidy of after) await tidy()
      } finally {
        vi.restoreAllMocks()
      }
    },
  })
}

const defineBlock: Define = (name, body) => {
  blocks.push({ name, before: [], after: [] })
  const result = body()
  if (result instanceof Promise) throw new Error(`The block "${name}" is defined later than the others.`)
  blocks.pop()
}

const eachOf =
  (define: Define): Each =>
  (cases) =>
  (name, body, timeout) => {
    for (const one of cases)
      define(name, () => body(...(Array.isArray(one) ? (one as readonly unknown[]) : [one])), timeout)
  }

const withEach = (define: Define) =>
  Object.assign<Define, { readonly each: Each }>((...args) => define(...args), { each: eachOf(define) })

export const it = withEach(defineTest)
export const test = withEach(defineTest)
export const describe = withEach(defineBlock)

export const beforeEach = (prepare: Body): void => void innermost().before.push(prepare)
export const afterEach = (tidy: Body): void => void innermost().after.push(tidy)
