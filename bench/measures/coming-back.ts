import { launchBrowser } from '../../test/support/chromium.ts'
import type { Row, Section } from '../lab/figures.ts'
import { gather, type Gathered, type Seat } from '../lab/gather.ts'
import type { Lab, Measure } from '../lab/lab.ts'
import { vaultNames, yardstickNames, type SeatName } from '../lab/pages.ts'
import { openedOf } from '../lab/stage.ts'

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
  /** To the provider, sent before the person was known. */
  readonly before: number
  /** To the provider, in the second after that. */
  readonly after: number
}

/** In the tab in which the person logged in, because what is kept for one tab is found nowhere else. */
async function visit({ stage, page, context }: Seat, mode: Mode): Promise<Visit> {
  await page.goto('about:blank')
  const control = await context.newCDPSession(page)
  if (mode === 'cold') await control.send('Network.clearBrowserCache')
  if (mode === 'slow') await control.send('Emulation.setCPUThrottlingRate', { rate: 4 })
  stage.provider.requests.clear()
  await page.goto(`${stage.origin}/`)
  const { user, sinceCreation, sinceNavigation } = await openedOf(page)
  await new Promise((done) => setTimeout(done, 1000))
  const { sent, origin } = await page.evaluate(() => ({ sent: window.bench.sent, origin: performance.timeOrigin }))
  const log = stage.provider.requests.list()
  // What a hidden frame asks for is found in the provider's log alone; what was sent and has not arrived, in the page alone.
  const before = Math.max(
    sent.filter(({ at }) => at <= sinceNavigation).length,
    log.filter(({ at }) => at <= origin + sinceNavigation).length,
  )
  const after = log.length - before
  await control.send('Emulation.setCPUThrottlingRate', { rate: 1 })
  await control.detach()
  if (user === null) throw new Error(`${stage.name}: nobody was signed in any more`)
  return { creation: sinceCreation, navigation: sinceNavigation, before, after }
}

const others: Partial<Record<SeatName, string>> = {
  'sessionchart-local': 'sessionchart (local)',
  'sessionchart-session': 'sessionchart (session)',
  field: '(the page alone)',
  indexeddb: '(opening IndexedDB)',
}

const whoOf = (name: SeatName): string => others[name] ?? name

async function run(lab: Lab): Promise<Section> {
  const browser = await launchBrowser()
  const visits = new Map<string, Visit[]>()
  let gathered: Gathered | undefined
  try {
    gathered = await gather(lab, browser, { more: [...vaultNames, ...yardstickNames], tokenLifetime: 24 * 3600 })
    const { seats } = gathered
    // The first visit of all compiles what every later one finds compiled.
    for (const seat of seats) await visit(seat, 'warm')
    const { rounds, say } = lab
    for (let round = 0; round < rounds; round += 1) {
      say(`round ${round + 1} of ${rounds}`)
      for (const mode of modes) {
        for (const seat of seats) {
          const key = `${mode} ${seat.stage.name}`
          visits.set(key, [...(visits.get(key) ?? []), await visit(seat, mode)])
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
    how: 'A page is opened by a person who is signed in, with credentials that are good for hours. Until the client has said who it is: from the beginning of the navigation, and from just before the client was created. The provider is asked: what was sent by then, and what in the second after, which nobody waits for. `(the page alone)` is the same page with no client at all; `(opening IndexedDB)` opens a database, gets one entry and opens it by AES-GCM, which is the least for a client with a sealed vault. `sessionchart (local)` keeps its credentials where the peers do, in plain text.',
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
          who: whoOf(name),
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

export const comingBack: Measure = { name: 'coming-back', rounds: 5, run }
