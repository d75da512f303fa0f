import type { ELK, ElkNode } from 'elkjs/lib/elk-api.js'

/** An ELK that can be ended in the middle of its work, where there are workers. */
export interface RunningElk {
  readonly elk: Pick<ELK, 'layout'>
  /** What it still works at is ended. One that is idle, and has never failed, is kept a while for the next. */
  readonly end: () => void
}

/** How long an idle worker is kept, ms: whoever opens and closes states wants the next layout soon, and a warm worker has it several times sooner. */
const idleTime = 10_000

interface Idle {
  readonly elk: ELK
  readonly timer: ReturnType<typeof setTimeout>
}
let idle: Idle | null = null

let prepared: Promise<RunningElk> | null = null

/** Starts one for whoever asks next: for a page that knows that it will have something to lay out. */
export function prepareElk(): void {
  if (idle !== null || prepared !== null) return
  const starting = startElk()
  prepared = starting
  const isTaken = () => prepared !== starting
  void starting.then(
    ({ end }) => {
      if (isTaken()) return
      prepared = null
      end()
    },
    () => {
      // Whoever asks for it himself is told why.
      if (!isTaken()) prepared = null
    },
  )
}

/** In a worker, and where there is none (or it does not start) in the page itself; loaded when it is wanted. */
export async function startElk(): Promise<RunningElk> {
  if (idle !== null) {
    const { elk, timer } = idle
    clearTimeout(timer)
    idle = null
    return running(elk)
  }
  if (prepared !== null) {
    const taken = prepared
    prepared = null
    return taken
  }
  // Loaded beside each other.
  const [worker, { default: Elk }] = await Promise.all([startWorker(), import('elkjs/lib/elk-api.js')])
  if (worker !== null) return running(new Elk({ workerFactory: () => worker }))
  const { default: InPage } = await import('elkjs/lib/elk.bundled.js')
  return { elk: new InPage(), end: () => {} }
}

function running(elk: ELK): RunningElk {
  // What it works at, or failed at.
  let undone = 0
  return {
    elk: {
      async layout<Graph extends ElkNode>(graph: Graph) {
        undone += 1
        const laidOut = await elk.layout(graph)
        undone -= 1
        return laidOut
      },
    },
    end: () => {
      if (undone > 0 || idle !== null) elk.terminateWorker()
      else idle = { elk, timer: setTimeout(endIdle, idleTime) }
    },
  }
}

function endIdle(): void {
  idle?.elk.terminateWorker()
  idle = null
}

/** `null`: there is no worker to be had here. */
async function startWorker(): Promise<Worker | null> {
  if (typeof Worker === 'undefined') return null
  try {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })
    await new Promise((hasStarted, fail) => {
      worker.addEventListener('error', fail, { once: true })
      worker.addEventListener('message', hasStarted, { once: true })
      // ELK answers whatever it is asked; this is its cheapest question.
      worker.postMessage({ id: -1, cmd: 'register', algorithms: ['layered'] })
    })
    return worker
  } catch {
    return null
  }
}
