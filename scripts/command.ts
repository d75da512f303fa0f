import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { constants } from 'node:os'
import { join, resolve } from 'node:path'
import { whenAskedToEnd } from './ending.ts'

export const root = resolve(import.meta.dirname, '..')

export interface Outcome {
  readonly ok: boolean
  /** What it printed, both streams as they came. */
  readonly output: string
  readonly seconds: number
}

const running = new Set<ChildProcess>()
const windows = process.platform === 'win32'

/** Ends a child and what it started; a tool's own children would otherwise go on without a terminal. */
function end(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (child.pid !== undefined && !windows) process.kill(-child.pid, signal)
    else child.kill(signal)
  } catch {
    // It was over already.
  }
}

/** Asks every child to end, insists a moment later, and ends this process when all are gone. */
async function endAll(signal: NodeJS.Signals): Promise<void> {
  const children = [...running]
  const gone = children.map((child) => new Promise((done) => child.once('close', done)))
  for (const child of children) end(child, signal)
  const insist = () => children.forEach((child) => end(child, 'SIGKILL'))
  const patience = setTimeout(insist, 1500)
  await Promise.all(gone)
  clearTimeout(patience)
  // What a child started may outlive it.
  insist()
  process.exit(128 + constants.signals[signal])
}

let listening = false

function listenForSignals(): void {
  if (!listening) whenAskedToEnd((signal) => void endAll(signal))
  listening = true
}

/** The file that runs a tool of a package, so that no shell and no npx stands between. */
export function toolOf(packageName: string, bin: string): string {
  const folder = join(root, 'node_modules', packageName)
  const file = join(folder, 'package.json')
  if (!existsSync(file)) throw new Error(`${packageName} is not installed: run npm ci`)
  const { bin: bins } = JSON.parse(readFileSync(file, 'utf8')) as { bin: string | Record<string, string> }
  const path = typeof bins === 'string' ? bins : bins[bin]
  if (path === undefined) throw new Error(`${packageName} has no command named ${bin}`)
  return join(folder, path)
}

/** A tool writes to a pipe here, so it is told whether a person will see colours in the end. */
const colour = process.stdout.isTTY ? { FORCE_COLOR: '1' } : { FORCE_COLOR: undefined, NO_COLOR: '1' }

export async function runNode(
  args: readonly string[],
  options: { cwd?: string; env?: Record<string, string> } = {},
): Promise<Outcome> {
  listenForSignals()
  const started = performance.now()
  const child = spawn(process.execPath, args, {
    cwd: options.cwd ?? root,
    env: { ...process.env, ...colour, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, so that ending it ends what it started as well.
    detached: !windows,
  })
  running.add(child)
  let output = ''
  const keep = (chunk: string) => (output += chunk)
  child.stdout.setEncoding('utf8').on('data', keep)
  child.stderr.setEncoding('utf8').on('data', keep)
  const ok = await new Promise<boolean>((done, fail) => {
    child.once('error', fail)
    child.once('close', (code, signal) => {
      if (signal) output += `\nended by ${signal}\n`
      done(code === 0)
    })
  })
  running.delete(child)
  return { ok, output, seconds: (performance.now() - started) / 1000 }
}

/** One line of a report: a mark, a name, what was counted, how long it took. */
export function reportLine(ok: boolean, name: string, counted: string, seconds: number): string {
  const mark = process.stdout.isTTY
    ? ok
      ? '\u001b[32mpass\u001b[0m'
      : '\u001b[31mFAIL\u001b[0m'
    : ok
      ? 'pass'
      : 'FAIL'
  return `${mark}  ${name.padEnd(22)}${counted.padEnd(26)}${seconds.toFixed(1).padStart(6)} s`
}
