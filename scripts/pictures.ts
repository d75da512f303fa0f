import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { launchBrowser, type LaunchedBrowser } from '../test/support/chromium.ts'
import { root } from './command.ts'
import { startDemo, type DemoOptions } from './demo-server.ts'
import { scenes } from './pictures/scenes.ts'
import type { Scene } from './pictures/stage.ts'

const folder = join(root, 'docs/pictures')

/** In light and dark, wide and narrow. */
const looks = [
  { name: 'light-1280', colorScheme: 'light', width: 1280, height: 860 },
  { name: 'dark-1280', colorScheme: 'dark', width: 1280, height: 860 },
  { name: 'light-390', colorScheme: 'light', width: 390, height: 844 },
  { name: 'dark-390', colorScheme: 'dark', width: 390, height: 844 },
] as const

/** Where a scene needs another demo than the usual one. */
const settings: Readonly<Record<string, Partial<DemoOptions>>> = { 'details-read-only': { metadata: 'claims' } }

/** Takes the pictures in `docs/pictures`: `npm run pictures`, or `npm run pictures -- signed-in` for one scene. */
export async function main(args: readonly string[]): Promise<void> {
  const unknown = args.find((name) => !(name in scenes))
  if (unknown !== undefined)
    throw new Error(`There is no scene "${unknown}". There are: ${Object.keys(scenes).join(', ')}.`)
  await mkdir(folder, { recursive: true })
  const browser = await launchBrowser()
  try {
    for (const [name, scene] of Object.entries(scenes)) {
      if (args.length > 0 && !args.includes(name)) continue
      for (const look of looks) await play(name, scene, look, browser)
      console.log(`taken: ${name}`)
    }
  } finally {
    await browser.close()
  }
}

/** Each scene has a provider of its own, so that none sees what another one did. */
async function play(name: string, scene: Scene, look: (typeof looks)[number], browser: LaunchedBrowser): Promise<void> {
  const demo = await startDemo({ mode: 'built', faults: true, ...settings[name] })
  const { width, height, colorScheme } = look
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme,
    reducedMotion: 'reduce',
    locale: 'en-GB',
  })
  try {
    const page = await context.newPage()
    await page.clock.install()
    const take = async (further = name, of = page): Promise<void> => {
      // The header stays at the top of the window, which is to be the top of the picture.
      await of.evaluate(() => window.scrollTo(0, 0))
      await of.screenshot({ path: join(folder, `${further}-${look.name}.png`), fullPage: true, animations: 'disabled' })
    }
    await scene({ demo, page, take })
  } finally {
    await context.close()
    await demo.stop()
  }
}
