import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { and, createActor, createMachine, fromPromise, type AnyMachineSnapshot, type AnyStateMachine } from 'xstate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mutantsOf, remade } from '../mutants/mutate.ts'
import { resultOf } from '../mutants/report.ts'
import type { Verdict } from '../mutants/trial.ts'
import { throwawayHouse } from '../support/throwaway-house.ts'

/** A lamp on which each kind of mistake can be made. */
const lamp = createMachine(
  {
    id: 'lamp',
    initial: 'off',
    states: {
      off: {
        on: {
          push: [
            { guard: 'isDark', target: 'on', actions: ['click'], description: 'Light is wanted.' },
            { guard: and(['isDark', 'isNight']), target: 'broken' },
            {
              actions: [
                { type: 'hum', params: { tone: 'a' } },
                { type: 'hum', params: { tone: 'c' } },
              ],
            },
          ],
        },
      },
      on: {
        tags: 'bright',
        entry: 'shine',
        invoke: {
          id: 'bulb',
          src: 'bulb',
          input: { watts: 40 },
          onDone: { target: 'off' },
          onError: { target: 'broken' },
        },
        after: { untilTired: { target: 'on', reenter: true } },
      },
      broken: { always: { target: '#lamp.off' } },
    },
  },
  {
    guards: { isDark: () => true, isNight: () => true },
    actions: { click: () => {}, hum: () => {}, shine: () => {} },
    delays: { untilTired: 10 },
    actors: { bulb: fromPromise(() => new Promise(() => {})) },
  },
)

/** A configuration as text, with the functions in it. */
const printed = ({ config }: AnyStateMachine) =>
  JSON.stringify(config, (_key, value: unknown) =>
    typeof value === 'function' ? [String(value), (value as { readonly guards?: unknown }).guards] : value,
  )

describe('the mutants of a chart', () => {
  const mutants = mutantsOf(lamp)

  it('are every single mistake, by name', () => {
    expect(mutants.map(({ id, kind }) => `${kind}: ${id}`)).toEqual([
      'target swapped: lamp initial: on for off',
      'transition dropped: lamp.off push[1]: drop',
      'target dropped: lamp.off push[1]: stay',
      'target swapped: lamp.off push[1]: broken for on',
      'guard always true: lamp.off push[1]: always',
      'guard never true: lamp.off push[1]: never',
      'action dropped: lamp.off push[1]: drop click',
      'transition dropped: lamp.off push[2]: drop',
      'target dropped: lamp.off push[2]: stay',
      'target swapped: lamp.off push[2]: off for broken',
      'guard always true: lamp.off push[2]: always',
      'guard never true: lamp.off push[2]: never',
      'guard always true: lamp.off push[2]: isDark always',
      'guard always true: lamp.off push[2]: isNight always',
      'transition dropped: lamp.off push[3]: drop',
      'action dropped: lamp.off push[3]: drop hum (1)',
      'action dropped: lamp.off push[3]: drop hum (2)',
      'order changed: lamp.off push: 1 and 2 reordered',
      'action dropped: lamp.on entry: drop shine',
      'tag dropped: lamp.on tags: drop bright',
      'invocation dropped: lamp.on invoke bulb: drop',
      'input dropped: lamp.on invoke bulb: drop input',
      'transition dropped: lamp.on bulb done: drop',
      'target dropped: lamp.on bulb done: stay',
      'target swapped: lamp.on bulb done: on for off',
      'error handler dropped: lamp.on bulb failed: drop',
      'target dropped: lamp.on bulb failed: stay',
      'target swapped: lamp.on bulb failed: off for broken',
      'delay dropped: lamp.on untilTired: drop',
      'target dropped: lamp.on untilTired: stay',
      'target swapped: lamp.on untilTired: broken for on',
      're-entry dropped: lamp.on untilTired: no re-entry',
      'transition dropped: lamp.broken at once: drop',
      'target dropped: lamp.broken at once: stay',
      'target swapped: lamp.broken at once: on for off',
    ])
  })

  it('each differ from the chart and from each other, and leave the chart as it is', () => {
    const before = printed(lamp)
    const all = [remade(lamp), ...mutants.map((mutant) => mutant.make())].map(printed)
    expect(new Set(all).size).toBe(mutants.length + 1)
    expect(printed(lamp)).toBe(before)
    expect(printed(remade(lamp))).toBe(all[0])
  })

  it.each([
    ['lamp.off push[1]: stay', 'off'],
    ['lamp.off push[1]: never', 'off'],
    ['lamp.off push[1]: drop click', 'on'],
    ['lamp.on invoke bulb: drop', 'on'],
    ['lamp initial: on for off', 'on'],
  ])('do what they say: %s', (id, value) => {
    const mutant = mutants.find((one) => one.id === id)
    if (mutant === undefined) throw new Error(`There is no mutant ${id}.`)
    const actor = createActor(mutant.make()).start()
    actor.send({ type: 'push' })
    const snapshot = actor.getSnapshot() as AnyMachineSnapshot
    expect(snapshot.value).toBe(value)
    expect('bulb' in snapshot.children).toBe(value === 'on' && !id.includes('bulb'))
    actor.stop()
  })

  it('say in words what was done', () => {
    expect(mutants[3]?.words).toBe(
      'In lamp.off, on push[1] ("Light is wanted."), it goes to lamp.broken instead of lamp.on.',
    )
  })
})

describe('the report on mutants', () => {
  const mutants = mutantsOf(lamp)
  const [first, second] = mutants.map(({ id }) => id) as [string, string]
  const killed: Verdict = { isKilled: true, by: 'test/charts/a.test.ts > a', why: 'expected' }
  const verdicts = (survivors: readonly string[]) =>
    new Map(mutants.map(({ id }) => [id, survivors.includes(id) ? ({ isKilled: false } as const) : killed]))
  const because = 'Nobody notices.'

  it('is good when every mutant is killed', () => {
    const result = resultOf(mutants, verdicts([]), [], true)
    expect(result).toMatchObject({ isGood: true, killed: mutants.length, survived: 0, equivalent: 0 })
  })

  it('names every survivor, and says what was changed', () => {
    const result = resultOf(mutants, verdicts([first]), [], true)
    expect(result).toMatchObject({ isGood: false, killed: mutants.length - 1, survived: 1, equivalent: 0 })
    expect(result.text).toContain(first)
    expect(result.text).toContain('it begins with on instead of off')
    expect(result.text).not.toContain(second)
  })

  it('takes one on the list for equivalent, at most one in twenty', () => {
    const one = resultOf(mutants, verdicts([first]), [{ because, mutants: [first] }], true)
    expect(one).toMatchObject({ isGood: true, survived: 0, equivalent: 1 })
    const two = resultOf(mutants, verdicts([first, second]), [{ because, mutants: [first, second] }], true)
    expect(two).toMatchObject({ isGood: false, survived: 0, equivalent: 2 })
    expect(two.text).toContain('More than one mutant in 20')
  })

  it.each([
    ['one that is killed', [], [first], 'killed by test/charts/a.test.ts > a'],
    ['one that there is not', [], ['lamp.off pull: drop'], 'there is no such mutant: lamp.off pull: drop'],
    ['one twice', [first], [first, first], `twice: ${first}`],
  ])('is not good when the list names %s', (_name, survivors, list, text) => {
    const result = resultOf(mutants, verdicts(survivors), [{ because, mutants: list }], true)
    expect(result.isGood).toBe(false)
    expect(result.text).toContain(text)
  })
})

describe('npm run chart:mutants', () => {
  const machines = `import { createMachine } from 'xstate'
    const chart = (id, guard) => createMachine({ id, initial: 'a', states: {
      a: { on: { go: { target: 'b' }, ...(guard ? { leave: { target: 'b' } } : {}) } }, b: {} } })
    export const sessionMachine = chart('session', true)
    export const renewalMachine = chart('renewal', false)
    export const accountMachine = chart('account', false)`
  const tests = `import { createActor } from 'xstate'
    import { describe, expect, it } from 'vitest'
    import { accountMachine, renewalMachine, sessionMachine } from '../../machines/index.ts'
    const charts = { sessionMachine, renewalMachine, accountMachine }
    describe.each(Object.keys(charts))('%s', (name) => {
      const initial = charts[name].root.initial.target[0].key
      it('begins with a, as it is when this file is loaded', () => {
        // What takes a worker with it is no way for a mutant to go on.
        if (initial !== 'a' && name === 'accountMachine') process.exit(3)
        expect(initial).toBe('a')
      })
      it('goes to b', async () => {
        const actor = createActor(charts[name]).start()
        actor.send({ type: 'go' })
        await Promise.resolve()
        expect(actor.getSnapshot().value).toBe('b')
      })
    })`
  const equivalents = (ids: readonly string[]) =>
    `export const equivalents = [{ because: 'A trial.', mutants: ${JSON.stringify(ids)} }]`
  const house = throwawayHouse(
    { 'machines/index.ts': machines, 'test/charts/a.test.ts': tests, 'test/mutants/equivalent.ts': equivalents([]) },
    ['test/mutants'],
  )
  afterAll(() => house.remove())

  const run = (...args: string[]): Promise<{ code: number; output: string; lines: string[] }> =>
    new Promise((done) => {
      const command = ['scripts/run.mjs', 'scripts/chart-mutants.ts', ...args]
      execFile(process.execPath, command, { cwd: house.folder }, (error, stdout, stderr) => {
        done({ code: error ? Number(error.code) : 0, output: stderr + stdout, lines: stdout.trimEnd().split('\n') })
      })
    })

  let whole: Awaited<ReturnType<typeof run>>
  beforeAll(async () => {
    whole = await run('--json', '--killers')
  })

  it('says which mutants no test notices, and fails', () => {
    expect(whole.code).toBe(1)
    const survivors = whole.output.split('\n').filter((line) => line.startsWith(' '.repeat(10)))
    expect(survivors.map((line) => line.trim())).toEqual([
      'session.a leave: drop',
      'session.a leave: stay',
      'session.a leave: a for b',
    ])
  })

  it('ends with the figures as one line of JSON', () => {
    expect(JSON.parse(whole.lines.at(-1) ?? '')).toEqual({ killed: 12, survived: 3, equivalent: 0 })
  })

  it('shows tests the mutant also while their file is loaded', () => {
    expect(whole.output).toMatch(/renewal initial: b for a\n.*begins with a/)
  })

  it('counts a mutant as killed that ends the process of the tests, twice', () => {
    expect(whole.output).toMatch(/account initial: b for a\n.*the watch over the tests/)
  })

  it('tries a part of them, and none that there is not', async () => {
    const part = await run('renewal.a')
    expect(part.code).toBe(0)
    expect(part.output).toContain('on 3 mutants')
    const none = await run('pluto')
    expect(none.code).toBe(1)
    expect(none.output).toContain('There is no mutant whose id contains pluto')
  })

  it('does not begin where a test fails without any mutant', async () => {
    writeFileSync(
      join(house.folder, 'test/charts/b.test.ts'),
      `import { expect, it } from 'vitest'\nit('is red', () => expect(1).toBe(2))`,
    )
    const red = await run()
    expect(red.code).toBe(1)
    expect(red.output).toContain(
      'Without any mutant, 1 tests fail at the beginning:\ntest/charts/b.test.ts > is red: expected 1 to be 2',
    )
  })
})
