import { copyFile, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { root, runNode, toolOf } from './command.ts'
import { moveDescriptions } from './package-descriptions.ts'

const folder = join(root, 'dist/package')

/**
 * Builds what app developers install, module by module as it is written, so that their bundler takes what they use and loads later what
 * is loaded later here: `dist/package`, whose entry points are the `exports` of package.json.
 */
export async function main(): Promise<void> {
  const started = performance.now()
  await rm(folder, { recursive: true, force: true })
  const { ok, output } = await runNode([toolOf('@typescript/native', 'tsc'), '-p', 'scripts/tsconfig.package.json'])
  if (!ok) throw new Error(`The package does not compile:\n${output}`)
  await copyFile(join(root, 'ui/visualizer/chart/chart.css'), join(folder, 'visualizer.css'))
  const files = await readdir(folder, { recursive: true })
  for (const file of files) {
    if (file.endsWith('.d.ts')) await nameModules(join(folder, file))
    if (file.endsWith('running-elk.js')) await nameWorker(join(folder, file))
  }
  await moveDescriptions(folder)
  const modules = files.filter((file) => file.endsWith('.js')).length
  console.log(`Built: dist/package, ${modules} modules, in ${((performance.now() - started) / 1000).toFixed(1)} s`)
}

/** The compiler names other modules in declarations by their source; what is there is named `.js`. */
async function nameModules(path: string): Promise<void> {
  const text = await readFile(path, 'utf8')
  await writeFile(path, text.replaceAll(/((?:from|import\()\s*['"]\.[^'"]*)\.tsx?(['"])/g, '$1.js$2'))
}

/** Nor does it see that the address of a worker is the name of a module. */
async function nameWorker(path: string): Promise<void> {
  const text = await readFile(path, 'utf8')
  await writeFile(path, text.replace("new URL('./worker.ts'", "new URL('./worker.js'"))
}
