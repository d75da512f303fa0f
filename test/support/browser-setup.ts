import { ensureChromium } from './chromium.ts'

/** Before the browser suite: the browser is there, so that no test spends its time on installing one. */
export async function setup(): Promise<void> {
  await ensureChromium(console.log)
}
