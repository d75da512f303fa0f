import { mutantsOf, remade, type Mutant } from './mutate.ts'
import { openHouse } from './house.ts'
import { putOn, trailOf, watchActors, type Trail } from './stage.ts'
import type { AnyStateMachine } from 'xstate'
import type { Collected } from './collector.ts'

export type Verdict =
  | { readonly isKilled: false }
  | { readonly isKilled: true; readonly by: string; readonly why: string }

/** What is known of a test from a run on the charts as they are. */
export interface Known {
  readonly file: string
  readonly name: string
  readonly trail: Trail
  readonly ms: number
}

/** Runs the tests on mutants, one after the other, in this process. */
export async function openTrials() {
  const house = await openHouse()
  const { sessionMachine, renewalMachine, accountMachine } = house.charts
  const charts: readonly AnyStateMachine[] = [sessionMachine, renewalMachine, accountMachine]
  const mutants = charts.flatMap((chart) => mutantsOf(chart).map((mutant) => ({ mutant, chart })))

  let stray: unknown[] = []
  const actors = watchActors((error) => stray.push(error))
  process.on('uncaughtException', (error) => stray.push(error))
  process.on('unhandledRejection', (error) => stray.push(error))

  const judge = async (test: Collected): Promise<string | undefined> => {
    let timer: NodeJS.Timeout | undefined
    const tooLong = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`It takes longer than ${test.patience} ms.`)), test.patience)
    })
    try {
      await Promise.race([test.run(), tooLong])
      return undefined
    } catch (error) {
      return messageOf(error)
    } finally {
      clearTimeout(timer)
      actors.stopAll()
    }
  }

  /** Errors that nobody caught are thrown a moment later. */
  const strays = async (): Promise<string | undefined> => {
    await new Promise((done) => setTimeout(done, 1))
    const first = stray[0]
    const message = stray.length === 0 ? undefined : messageOf(first)
    stray = []
    return message
  }

  /**
   * Every test on the charts as they are, but made as mutants are, without a mistake: so that no mutant is killed by the making.
   * Returns what failed, and where each test went.
   */
  async function rehearse(): Promise<{ readonly known: readonly Known[]; readonly failures: readonly string[] }> {
    const known: Known[] = []
    const failures: string[] = []
    const takeOff = charts.map((chart) => putOn(chart, remade(chart)))
    house.forgetTests()
    for (const file of house.files) {
      for (const test of await house.testsIn(file)) {
        const trail = actors.follow()
        const started = performance.now()
        const why = (await judge(test)) ?? (await strays())
        known.push({ file, name: test.name, trail, ms: performance.now() - started })
        if (why !== undefined) failures.push(`${file} > ${test.name}: ${why}`)
      }
    }
    actors.unfollow()
    for (const undo of takeOff) undo()
    return { known, failures }
  }

  /** The tests that pass where something was changed come first, of these the short ones. */
  function inOrder(known: readonly Known[], mutant: Mutant): readonly Known[] {
    const rank = ({ trail }: Known) => (trail.has(trailOf(mutant)) ? 2 : trail.has(mutant.state) ? 1 : 0)
    return known.toSorted((a, b) => rank(b) - rank(a) || a.ms - b.ms)
  }

  async function attempt(known: readonly Known[], mutant: Mutant): Promise<Verdict> {
    const loaded = new Map<string, Map<string, Collected>>()
    const testsOf = async (file: string) => {
      const tests = loaded.get(file) ?? new Map((await house.testsIn(file)).map((test) => [test.name, test]))
      loaded.set(file, tests)
      return tests
    }
    const run = async (file: string, name: string): Promise<Verdict | undefined> => {
      let by = file
      try {
        const tests = await testsOf(file)
        const test = tests.get(name)
        if (test === undefined) return undefined
        tests.delete(name)
        by = `${file} > ${name}`
        const why = await judge(test)
        return why === undefined ? undefined : { isKilled: true, by, why }
      } catch (error) {
        return { isKilled: true, by, why: messageOf(error) }
      }
    }
    for (const { file, name } of inOrder(known, mutant)) {
      const verdict = await run(file, name)
      if (verdict !== undefined) return verdict
    }
    // Tests that are made from the chart have other names on a mutant.
    for (const [file, tests] of loaded) {
      for (const name of tests.keys()) {
        const verdict = await run(file, name)
        if (verdict !== undefined) return verdict
      }
    }
    return { isKilled: false }
  }

  return {
    mutants: mutants.map(({ mutant }) => mutant),
    rehearse,
    /** Whether any test fails on the mutant, and which was the first. */
    judge: async (known: readonly Known[], id: string): Promise<Verdict> => {
      const one = mutants.find(({ mutant }) => mutant.id === id)
      if (one === undefined) throw new Error(`There is no mutant "${id}".`)
      const takeOff = putOn(one.chart, one.mutant.make())
      house.forgetTests()
      try {
        const verdict = await attempt(known, one.mutant)
        if ((await strays()) === undefined || verdict.isKilled) return verdict
        // It may have come late, from a mutant before; then it does not come again.
        house.forgetTests()
        const again = await attempt(known, one.mutant)
        const error = await strays()
        return error === undefined || again.isKilled
          ? again
          : { isKilled: true, by: 'an error that nobody caught', why: error }
      } finally {
        takeOff()
      }
    },
    close: () => house.close(),
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).slice(0, 200)
