import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildDemo } from '../../scripts/demo-server.ts'
import { ensureChromium } from './chromium.ts'

/** Once before the browser suite: the browser is there and the demo is built, so that no test spends its time on that. */
export async function setup(): Promise<() => Promise<void>> {
  await ensureChromium(console.log)
  const folder = await mkdtemp(join(tmpdir(), 'sessionchart-built-'))
  await buildDemo(folder)
  // The workers inherit it, and `startDemo({ mode: 'built' })` serves what it names.
  process.env['SESSIONCHART_BUILT_DEMO'] = folder
  return () => rm(folder, { recursive: true, force: true })
}
