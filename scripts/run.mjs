// Runs a TypeScript module under plain Node 20, with the bundler that is here anyway:
//   node scripts/run.mjs path/to/module.ts [arguments…]
// The module's `main(args)` is called, if it has one.
import { resolve } from 'node:path'
import { runnerImport } from 'vite'

const [path, ...args] = process.argv.slice(2)
if (!path) {
  console.error('Usage: node scripts/run.mjs path/to/module.ts [arguments…]')
  process.exit(2)
}
/** @type {{ module: { main?: (args: string[]) => unknown } }} */
const { module } = await runnerImport(resolve(path), { configFile: false, logLevel: 'error' })
await module.main?.(args)
