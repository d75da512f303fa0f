import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createRunnableDevEnvironment, resolveConfig, type Plugin } from 'vite'
import { testFilesIn } from '../../scripts/suites.ts'
import type * as machines from '../../machines/index.ts'
import type * as collector from './collector.ts'

const root = resolve(import.meta.dirname, '../..')
const standIn = join(import.meta.dirname, 'collector.ts')

/** What knows by itself what is right: never a test that compares a chart with a record of it. */
const judges = ['charts', 'journeys', 'model']

/** What tries the claims on charts that it breaks itself, and what asks real services and real providers for the model. */
const isOther = (file: string) => /^test\/(charts\/claims|model\/level[23])/.test(file)

const judgingFiles = (): string[] =>
  judges
    .map((suite) => join(root, 'test', suite))
    .filter((suite) => existsSync(suite))
    .flatMap((suite) => testFilesIn(root, suite))
    .filter((file) => !isOther(file))

const collecting: Plugin = {
  name: 'collect-tests',
  enforce: 'pre',
  transform: (code, id) =>
    id.startsWith(join(root, 'test')) && id !== standIn ? code.replaceAll(/from 'vitest'/g, `from '${standIn}'`) : null,
}

/** The modules of the tests and of all that they test, in a place of their own, where they can be loaded again. */
export async function openHouse() {
  const environment = createRunnableDevEnvironment(
    'tests',
    await resolveConfig(
      {
        configFile: false,
        envDir: false,
        logLevel: 'error',
        plugins: [collecting],
        environments: {
          tests: {
            consumer: 'server',
            dev: { moduleRunnerTransform: true },
            resolve: { external: true, mainFields: [], conditions: ['node'] },
          },
        },
      },
      'serve',
    ),
    { runnerOptions: { hmr: { logger: false } }, hot: false },
  )
  await environment.init()
  const { runner } = environment
  const load = <T>(path: string) => runner.import<T>(join(root, path))
  const { collect } = await load<typeof collector>('test/mutants/collector.ts')
  return {
    /** Paths of the test files that are run on mutants, from the root. */
    files: judgingFiles(),
    charts: await load<typeof machines>('machines/index.ts'),
    /** The tests of a file, which is loaded anew, as is all that it shares with other tests: it may look at a chart meanwhile. */
    testsIn: (file: string): Promise<readonly collector.Collected[]> => collect(() => load(file)),
    forgetTests: () => {
      for (const [id, module] of runner.evaluatedModules.idToModuleMap)
        if (id.startsWith(join(root, 'test')) && id !== standIn) runner.evaluatedModules.invalidateModule(module)
    },
    close: () => environment.close(),
  }
}
