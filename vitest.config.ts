import { readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { defineConfig } from 'vitest/config'

// Every folder under test/ is a suite, so a new one needs no line here; `support` and `fixtures` hold what suites share.
const shared = ['support', 'fixtures']
const suites = readdirSync(resolve(import.meta.dirname, 'test'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !shared.includes(entry.name))
  .map((entry) => entry.name)

/** Suites that start servers, browsers or other programs wait longer, and one file at a time has the machine. */
const slow: Record<string, object> = {
  contract: { testTimeout: 30_000, hookTimeout: 30_000 },
  idp: { testTimeout: 30_000, hookTimeout: 30_000 },
  house: { testTimeout: 60_000, hookTimeout: 60_000 },
  browser: {
    testTimeout: 180_000,
    hookTimeout: 180_000,
    fileParallelism: false,
    globalSetup: 'test/support/browser-setup.ts',
  },
}

export default defineConfig({
  test: {
    root: import.meta.dirname,
    // A forgotten `.only` would let everything else pass unseen.
    allowOnly: false,
    projects: suites.map((name) => ({
      root: import.meta.dirname,
      test: {
        name,
        environment: 'node',
        include: [`test/${name}/**/*.test.{ts,tsx}`],
        restoreMocks: true,
        unstubGlobals: true,
        ...slow[name],
      },
    })),
  },
})
