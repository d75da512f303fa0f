import { fork, type ChildProcess } from 'node:child_process'
import { join, resolve } from 'node:path'
import { whenAskedToEnd } from '../../scripts/ending.ts'
import type { Verdict } from './trial.ts'
import type { Answer, Question } from './worker.ts'

const root = resolve(import.meta.dirname, '../..')

/** How long a worker may take to begin, with all tests once, in ms. */
const patience = 600_000
/** How long it may take for one mutant, given how long all tests took it. */
const patienceFor = (ms: number) => 60_000 + 4 * ms

interface Worker {
  readonly tests: number
  judge(id: string): Promise<Verdict | 'lost'>
  /** Runs the tests once more without any mutant: had one left something behind, the verdicts after it would be worth nothing. */
  finish(): Promise<void>
  end(): void
}

const running = new Set<ChildProcess>()

/** Starts a process that can judge mutants. Rejects when a test fails on the charts as they are. */
async function startWorker(): Promise<Worker> {
  const child = fork(join(root, 'scripts/run.mjs'), [join(import.meta.dirname, 'worker.ts')], {
    cwd: root,
    // What tests measure, and the longest of them, are for the suites.
    env: { ...process.env, SESSIONCHART_ALL: undefined, SESSIONCHART_REPORT: undefined },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  running.add(child)
  // What cannot be said to a process that is gone: that it is gone shows at the next question.
  child.on('error', () => {})
  let said = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-2_000)
  })
  const answer = (ms: number) =>
    new Promise<Answer | 'lost'>((done) => {
      const settle = (result: Answer | 'lost') => {
        clearTimeout(timer)
        child.removeAllListeners('message').removeAllListeners('exit')
        done(result)
      }
      const timer = setTimeout(() => settle('lost'), ms)
      child.once('message', (message) => settle(message as Answer)).once('exit', () => settle('lost'))
      if (child.exitCode !== null || child.signalCode !== null) settle('lost')
    })
  const end = () => {
    child.kill('SIGKILL')
    running.delete(child)
  }
  /** Throws when a test fails on the charts as they are. */
  const rehearsed = async (when: string) => {
    const result = await answer(patience)
    if (result !== 'lost' && result.type === 'rehearsed' && result.failures.length === 0) return result
    end()
    if (result === 'lost' || result.type !== 'rehearsed') throw new Error(`A worker did not answer ${when}.\n${said}`)
    throw new Error(`Without any mutant, ${result.failures.length} tests fail ${when}:\n${result.failures.join('\n')}`)
  }
  const { tests, ms } = await rehearsed('at the beginning')
  return {
    tests,
    judge: async (id) => {
      child.send({ id } satisfies Question)
      const result = await answer(patienceFor(ms))
      return result !== 'lost' && result.type === 'verdict' ? result.verdict : 'lost'
    },
    finish: async () => {
      child.send({} satisfies Question)
      await rehearsed('at the end')
    },
    end,
  }
}

const lost: Verdict = {
  isKilled: true,
  by: 'the watch over the tests',
  why: 'Twice, the process that ran the tests ended, or came to no end.',
}

/** Judges mutants in several processes; each verdict is told as it comes. Returns how many tests there are. */
export async function judgeAll(
  ids: readonly string[],
  workers: number,
  tell: (id: string, verdict: Verdict) => void,
): Promise<number> {
  whenAskedToEnd(() => {
    for (const child of running) child.kill('SIGKILL')
    process.exit(1)
  })
  const waiting = [...ids]
  let tests = 0
  const work = async () => {
    let worker = await startWorker()
    tests = worker.tests
    try {
      for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
        let verdict = await worker.judge(id)
        // Once may be an accident of this machine.
        for (let again = 0; verdict === 'lost' && again < 2; again += 1) {
          worker.end()
          worker = await startWorker()
          verdict = again === 0 ? await worker.judge(id) : lost
        }
        tell(id, verdict === 'lost' ? lost : verdict)
      }
      await worker.finish()
    } finally {
      worker.end()
    }
  }
  try {
    await Promise.all(Array.from({ length: Math.min(workers, ids.length) }, work))
  } finally {
    for (const child of running) child.kill('SIGKILL')
  }
  return tests
}
