import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { isAbsolute, join, relative } from 'node:path'
import { ensureChromium } from '../test/support/chromium.ts'
import { runChecks } from './check.ts'
import { reportLine, root, runNode, toolOf } from './command.ts'
import { suitesIn, testFilesIn } from './suites.ts'

const usage = `Usage: npm test [-- [--all] [path…]]

  path    run only the test files whose path contains this, and no checks: npm test -- test/charts/session
  --all   the long tests as well (SESSIONCHART_ALL=1), and the mutants of the charts; the same as npm run test:all`

/** Suites that come last, in this order: they take longest and lean on what the others prove. */
const late = ['idp', 'contract', 'providers', 'house', 'examples', 'browser', 'browser-alone']
/** These have the machine for themselves: they measure, wait in real time or are many processes. Of the others two run at a time. */
const alone: readonly string[] = ['mutants', 'services', ...late]

interface Result {
  readonly passed: number
  readonly failed: number
  readonly seconds: number
  /** What a person needs to see of a failure, whole. Empty when all is well. */
  readonly trouble: string
  /** What the tests measured, as they put it (test/support/report.ts). */
  readonly findings: string
}

/** The part of the JSON report of Vitest that is read here. */
interface Report {
  readonly testResults: readonly {
    readonly name: string
    readonly status: string
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[]
  }[]
}

/** Vitest calls a run good that left tests out or whose files were never loaded; here each of these is a failure. */
function judge(
  report: Report,
  ok: boolean,
  files: readonly string[],
): { passed: number; failed: number; notes: string[] } {
  const notes: string[] = []
  let passed = 0
  let failed = 0
  const seen = new Set<string>()
  for (const { name, status, assertionResults } of report.testResults) {
    const file = relative(root, name).replaceAll('\\', '/')
    seen.add(file)
    let failedHere = 0
    for (const test of assertionResults) {
      if (test.status === 'passed') passed += 1
      else failedHere += 1
      if (test.status !== 'passed' && test.status !== 'failed') {
        notes.push(`${file}: "${test.fullName}" did not run (${test.status}): a test that is left out proves nothing`)
      }
    }
    if (failedHere === 0 && (status !== 'passed' || assertionResults.length === 0)) {
      failedHere = 1
      notes.push(`${file}: ${assertionResults.length === 0 ? 'holds no test that ran' : `ended as ${status}`}`)
    }
    failed += failedHere
  }
  for (const file of files) {
    if (seen.has(file)) continue
    failed += 1
    notes.push(`${file}: did not run`)
  }
  if (!ok && failed === 0) {
    failed += 1
    notes.push('the run itself failed, though no test did: see above')
  }
  return { passed, failed, notes }
}

async function runSuite(suite: string, files: readonly string[]): Promise<Result> {
  if (files.length === 0)
    return { passed: 0, failed: 1, seconds: 0, trouble: `test/${suite}/ holds no test file`, findings: '' }
  const folder = mkdtempSync(join(tmpdir(), 'sessionchart-suite-'))
  const file = join(folder, 'report.json')
  try {
    if (['examples', 'browser', 'browser-alone'].includes(suite)) await ensureChromium(console.log)
    const args = ['run', '--project', suite, '--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
    const told = join(folder, 'report.txt')
    const env = { SESSIONCHART_REPORT: told }
    const { ok, output, seconds } = await runNode([toolOf('vitest', 'vitest'), ...args, ...files], { env })
    const findings = existsSync(told) ? readFileSync(told, 'utf8').trim() : ''
    const report = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Report) : { testResults: [] }
    const { passed, failed, notes } = judge(report, ok, files)
    const trouble = failed === 0 ? '' : [output.trim(), ...notes].join('\n')
    return { passed, failed, seconds, trouble, findings }
  } catch (error) {
    const trouble = error instanceof Error ? (error.stack ?? error.message) : String(error)
    return { passed: 0, failed: 1, seconds: 0, trouble, findings: '' }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Test files that no suite would ever run, which is as good as not having them. */
function strays(files: readonly string[]): string[] {
  const suites = suitesIn(root)
  const belongs = (file: string) =>
    suites.some((suite) => file.startsWith(`test/${suite}/`)) && /\.test\.tsx?$/.test(file)
  return files.filter((file) => !belongs(file))
}

/** Mutants of the charts are tried by a program of their own: Vitest would have to be started a thousand times. */
async function runMutants(): Promise<Result> {
  const script = join(root, 'scripts/chart-mutants.ts')
  const { ok, output, seconds } = await runNode([join(root, 'scripts/run.mjs'), script])
  const [passed, failed] = ok ? [1, 0] : [0, 1]
  return { passed, failed, seconds, trouble: ok ? '' : output.trim(), findings: output.trim().split('\n').at(-1) ?? '' }
}

type Job = readonly [suite: string, runIt: () => Promise<Result>]

/** In order, two at a time, but for those that have to be alone. */
async function runAll(jobs: readonly Job[], runOne: (job: Job) => Promise<void>): Promise<void> {
  const running = new Set<Promise<void>>()
  for (const job of jobs) {
    const most = alone.includes(job[0]) ? 0 : 1
    while (running.size > most) await Promise.race(running)
    const started = runOne(job).finally(() => running.delete(started))
    running.add(started)
    if (most === 0) await started
  }
  await Promise.all(running)
}

async function run(filters: readonly string[], all: boolean): Promise<{ passed: number; failed: number }> {
  let { passed, failed } = filters.length === 0 ? await runChecks() : { passed: 0, failed: 0 }
  const files = testFilesIn(root)
  const wanted = files.filter((file) => filters.length === 0 || filters.some((filter) => file.includes(filter)))
  const stray = strays(wanted)
  const troubles: string[] = []
  const findings: string[] = []
  const rank = (suite: string) => late.indexOf(suite)
  const suites = suitesIn(root)
    .toSorted((a, b) => rank(a) - rank(b))
    .map(
      (suite) => [suite, wanted.filter((file) => file.startsWith(`test/${suite}/`) && !stray.includes(file))] as const,
    )
    .filter(([, files]) => filters.length === 0 || files.length > 0)
    .map(([suite, files]) => [suite, () => runSuite(suite, files)] as const)
  const mutants = all && filters.length === 0 ? [['mutants', runMutants] as const] : []
  const runOne = async ([suite, runIt]: Job): Promise<void> => {
    if (process.stdout.isTTY) process.stdout.write(`      ${suite}…\r`)
    const result = await runIt()
    passed += result.passed
    failed += result.failed
    console.log(
      reportLine(result.failed === 0, suite, `${result.passed} passed, ${result.failed} failed`, result.seconds),
    )
    if (result.findings) findings.push(`${suite}:\n${result.findings.replaceAll(/^/gm, '  ')}`)
    if (result.trouble) troubles.push(`──── ${suite}\n\n${result.trouble}\n`)
  }
  await runAll([...mutants, ...suites], runOne)
  if (stray.length > 0) {
    failed += stray.length
    troubles.push(
      `──── not run\n\n${stray.map((file) => `${file}: no suite runs it; it belongs into test/<suite>/, named ….test.ts`).join('\n')}\n`,
    )
  }
  if (passed + failed === 0) {
    failed = 1
    troubles.push(
      filters.length > 0 ? `No test file's path contains ${filters.join(' or ')}.\n` : 'There is no test.\n',
    )
  }
  if (findings.length > 0) console.log(`\nWhat the tests measured\n\n${findings.join('\n')}`)
  if (troubles.length > 0) console.log(`\n${troubles.join('\n')}`)
  return { passed, failed }
}

export async function main(args: readonly string[]): Promise<void> {
  const unknown = args.find((arg) => arg.startsWith('-') && !['--all', '--help', '-h'].includes(arg))
  if (unknown !== undefined || args.includes('--help') || args.includes('-h')) {
    if (unknown !== undefined) console.error(`Unknown option ${unknown}\n`)
    console.log(usage)
    process.exitCode = unknown === undefined ? 0 : 2
    return
  }
  const all = args.includes('--all')
  if (all) process.env['SESSIONCHART_ALL'] = '1'
  const paths = args.filter((arg) => !arg.startsWith('-'))
  const filters = paths.map((path) => (isAbsolute(path) ? relative(root, path) : path).replace(/^\.\//, ''))
  const { passed, failed } = await run(filters, all)
  console.log(`\n${passed} passed, ${failed} failed`)
  process.exitCode = failed === 0 ? 0 : 1
}
