import type { ELK } from 'elkjs/lib/elk-api.js'

/** An ELK that can be ended in the middle of its work, where there are workers. */
export interface RunningElk {
  readonly elk: ELK
  readonly end: () => void
}

/** In a worker, and where there is none (or it does not start) in the page itself; loaded when it is wanted. */
export async function startElk(): Promise<RunningElk> {
  const worker = await startWorker()
  if (worker === null) {
    const { default: Elk } = await import('elkjs/lib/elk.bundled.js')
    return { elk: new Elk(), end: () => {} }
  }
  const { default: Elk } = await import('elkjs/lib/elk-api.js')
  return { elk: new Elk({ workerFactory: () => worker }), end: () => worker.terminate() }
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
