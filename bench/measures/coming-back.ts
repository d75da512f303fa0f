import type { BrowserContext } from 'playwright-core'
import { launchBrowser } from '../../test/support/chromium.ts'
import type { Row, Section } from '../lab/figures.ts'
import { gather, type Gathered } from '../lab/gather.ts'
import type { Lab, Measure } from '../lab/lab.ts'
import { openedOf, type Stage } from '../lab/stage.ts'

const modes = ['warm', 'cold', 'slow'] as const
type Mode = (typeof modes)[number]

const title: Readonly<Record<Mode, string>> = {
  warm: 'warm cache',
  cold: 'empty cache',
  slow: 'warm cache, CPU slowed 4 times',
}

interface Visit {
  readonly creation: number
  readonly navigation: number
  /** To the provider, until the person was known. */
  readonly before: number
  /** To the provider, in the second after that. */
  readonly after: number
}

async function visit(context: BrowserContext, stage: Stage, mode: Mode): Promise<Visit> {
  const page = await context.newPage()
  const control = await context.newCDPSession(page)
  if (mode === 'cold') await control.send('Network.clearBrowserCache')
  if (mode === 'slow') await control.send('Emulation.setCPUThrottlingRate', { rate: 4 })
  stage.provider.requests.clear()
  await page.goto(`${stage.origin}/`)
  const { user, sinceCreation, sinceNavigation, requests: before } = await openedOf(page)
  await new Promise((done) => setTimeout(done, 1000))
  const after = stage.provider.requests.count() - before
  await page.close()
  if (stage.name !== 'field' && user === null) throw new Error('nobody was signed in any more')
  return { creation: sinceCreation, navigation: sinceNavigation, before, after }
}

async function run(lab: Lab): Promise<Section> {
  const browser = await launchBrowser()
  const visits = new Map<string, Visit[]>()
  let gathered: Gathered | undefined
  try {
    gathered = await gather(lab, browser, { fieldToo: true, tokenLifetime: 24 * 3600 })
    const { seats } = gathered
    // The first visit of all compiles what every later one finds compiled.
    for (const { stage, context } of seats) await visit(context, stage, 'warm')
    const { rounds, say } = lab
    for (let round = 0; round < rounds; round += 1) {
      say(`round ${round + 1} of ${rounds}`)
      for (const mode of modes) {
        for (const { stage, context } of seats) {
          const key = `${mode} ${stage.name}`
          visits.set(key, [...(visits.get(key) ?? []), await visit(context, stage, mode)])
        }
      }
    }
  } finally {
    await browser.close()
    await gathered?.stop()
  }
  const { seats, cannot } = gathered
  return {
    name: 'coming-back',
    title: 'Coming back',
    how: 'A page is opened by a person who is signed in, with credentials that are good for hours. Until the client has said who it is: from the beginning of the navigation, and from just before the client was created. `(field)` is the same page with no client at all.',
    tables: modes.map((mode) => ({
      title: title[mode],
      columns: [
        { name: 'from creation', unit: 'ms', better: 'less' },
        { name: 'from navigation', unit: 'ms', better: 'less' },
        { name: 'requests until then', unit: '', better: 'less' },
        { name: 'in the second after', unit: '', better: 'less' },
      ],
      rows: seats.map(({ stage: { name } }): Row => {
        const all = visits.get(`${mode} ${name}`) ?? []
        return {
          who: name === 'field' ? '(field)' : name,
          values: {
            'from creation': all.map(({ creation }) => creation),
            'from navigation': all.map(({ navigation }) => navigation),
            'requests until then': all.map(({ before }) => before),
            'in the second after': all.map(({ after }) => after),
          },
        }
      }),
    })),
    curves: [],
    cannot,
  }
}

export const comingBack: Measure = { name: 'coming-back', run }
