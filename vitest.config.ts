import { defineConfig } from 'vitest/config'
import { suitesIn } from './scripts/suites.ts'

const inBrowser = { testTimeout: 180_000, hookTimeout: 180_000, globalSetup: 'test/support/browser-setup.ts' }

/** Suites that start servers, browsers or other programs wait longer; see `maxWorkers` for how many files at a time. */
const special: Record<string, object> = {
  types: { hookTimeout: 60_000 },
  // The first to ask for a state of a chart explores the chart.
  ui: { testTimeout: 30_000 },
  // The recipes are run against a provider.
  docs: { testTimeout: 30_000 },
  contract: { testTimeout: 30_000, hookTimeout: 30_000 },
  idp: { testTimeout: 30_000, hookTimeout: 30_000 },
  providers: { testTimeout: 180_000, hookTimeout: 180_000 },
  house: { testTimeout: 60_000, hookTimeout: 60_000 },
  examples: { testTimeout: 60_000, hookTimeout: 120_000, fileParallelism: false },
  model: { testTimeout: 120_000, hookTimeout: 120_000 },
  browser: { ...inBrowser, maxWorkers: 2 },
  // These measure, or play with real time and with many tabs: a second browser beside them would be in what they see.
  'browser-alone': { ...inBrowser, fileParallelism: false },
}

export default defineConfig({
  test: {
    root: import.meta.dirname,
    // Tests of sessions wait more than they work: more of them at a time than there are cores.
    maxWorkers: 4,
    projects: suitesIn(import.meta.dirname).map((name) => ({
      root: import.meta.dirname,
      test: {
        name,
        environment: 'node',
        include: [`test/${name}/**/*.test.{ts,tsx}`],
        // A forgotten `.only` would leave the rest of its file out.
        allowOnly: false,
        restoreMocks: true,
        unstubGlobals: true,
        ...special[name],
      },
    })),
  },
})
