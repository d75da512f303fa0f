import { setTimeout as sleep } from 'node:timers/promises'

/** Far longer than anything takes here, ms. */
const patience = 20_000

/** Waits until something holds. Throws, naming what was waited for. */
export async function waitFor(holds: () => boolean, what: string): Promise<void> {
  const end = Date.now() + patience
  for (let pause = 0; !holds(); pause = Math.min(pause + 1, 5)) {
    if (Date.now() > end) throw new Error(`Waited in vain for ${what}.`)
    if (pause === 0) await new Promise((resume) => setImmediate(resume))
    else await sleep(pause)
  }
}
