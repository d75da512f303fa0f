// Runs a TypeScript module under plain Node 20, with the bundler that is here anyway:
//   node scripts/run.mjs path/to/module.ts [arguments…]
// The module's `main(args)` is called, if it has one.
import { resolve } from 'node:path'
import { createRunnableDevEnvironment, resolveConfig } from 'vite'

const [path, ...args] = process.argv.slice(2)
if (!path) {
  console.error('Usage: node scripts/run.mjs path/to/module.ts [arguments…]')
  process.exit(2)
}
// As Vite's runnerImport does it, which ends with the import: what a module loads later (`import('…')`) is wanted here, too.
const environment = createRunnableDevEnvironment(
  'inline',
  await resolveConfig(
    {
      configFile: false,
      envDir: false,
      logLevel: 'error',
      environments: {
        inline: {
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
try {
  /** @type {{ main?: (args: string[]) => unknown }} */
  const module = await environment.runner.import(resolve(path))
  await module.main?.(args)
} finally {
  await environment.close()
}
