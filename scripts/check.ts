import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { forbiddenImports } from './check-imports.ts'
import { reportLine, root, runNode, toolOf, type Outcome } from './command.ts'

type Check = readonly [name: string, run: () => Promise<Outcome>]

/** The checks that need no run of the code, in the order in which a person would want to hear of them. */
const checks: readonly Check[] = [
  ['types', () => runNode([toolOf('@typescript/native', 'tsc'), '--noEmit'])],
  ['lint', () => runNode([toolOf('oxlint', 'oxlint'), '--type-aware'])],
  ['import table', checkImports],
  ['format', () => runNode([toolOf('oxfmt', 'oxfmt'), '--check'])],
  ['layouts', checkLayouts],
  ...packageChecks(),
  ['unused (knip)', () => runNode([toolOf('knip', 'knip'), '--no-progress'])],
]

/** ESM alone, and a stylesheet that has no types. */
const attw = ['--pack', root, '--profile', 'esm-only', '--exclude-entrypoints', './visualizer.css']

/** What app developers install, built and looked at; where there is something to publish. */
function packageChecks(): readonly Check[] {
  if (!existsSync(join(root, 'services/index.ts'))) return []
  return [
    ['package builds', () => runNode([join(root, 'scripts/run.mjs'), join(root, 'scripts/build-package.ts')])],
    ['publint', () => runNode([toolOf('publint', 'publint'), 'run', '--strict', '--pack', 'npm'])],
    ['attw', () => runNode([toolOf('@arethetypeswrong/cli', 'attw'), ...attw])],
    ['size budgets', async () => (await import('./size.ts')).checkSizes()],
  ]
}

async function checkImports(): Promise<Outcome> {
  const started = performance.now()
  const problems = forbiddenImports(root)
  const output = problems.map((problem) => `${problem}\n`).join('')
  return { ok: problems.length === 0, output, seconds: (performance.now() - started) / 1000 }
}

/** Where there are charts that are drawn beforehand. */
async function checkLayouts(): Promise<Outcome> {
  const started = performance.now()
  const { staleLayouts } = existsSync(join(root, 'ui/visualizer/layouts'))
    ? await import('./layouts.ts')
    : { staleLayouts: () => '' }
  const output = await staleLayouts()
  return { ok: output === '', output, seconds: (performance.now() - started) / 1000 }
}

/** Runs every check, also after one has failed, and prints a line for each with the failing tool's output whole. */
export async function runChecks(): Promise<{ passed: number; failed: number }> {
  let passed = 0
  for (const [name, run] of checks) {
    const { ok, output, seconds } = await run()
    console.log(reportLine(ok, `check: ${name}`, '', seconds))
    if (ok) passed += 1
    else console.log(`\n${output.trimEnd()}\n`)
  }
  return { passed, failed: checks.length - passed }
}

export async function main(): Promise<void> {
  const { passed, failed } = await runChecks()
  console.log(`\n${passed} passed, ${failed} failed`)
  process.exitCode = failed === 0 ? 0 : 1
}
