import { launchBrowser } from '../../test/support/chromium.ts'
import { MovedClock } from '../lab/clock.ts'
import type { Row, Section } from '../lab/figures.ts'
import { gather, logInAgain, type Gathered } from '../lab/gather.ts'
import type { Lab, Measure } from '../lab/lab.ts'

const crowds = [1, 100, 10_000] as const
const lifetime = 300

interface Burst {
  readonly requests: number
  readonly ms: number
  readonly failed: number
}

async function run(lab: Lab): Promise<Section> {
  const browser = await launchBrowser()
  const clock = new MovedClock()
  const bursts = new Map<string, Burst[]>()
  let gathered: Gathered | undefined
  try {
    gathered = await gather(lab, browser, { movable: true, tokenLifetime: lifetime })
    for (let round = 0; round < lab.rounds; round += 1) {
      lab.say(`round ${round + 1} of ${lab.rounds}`)
      for (const crowd of crowds) {
        for (const seat of gathered.seats) {
          const { stage, context, page } = seat
          await page.bringToFront()
          stage.provider.requests.clear()
          // Past its expiry in one step, as after a sleep: whoever calls now meets a token that is dead.
          const answered = await clock.leapAsking(context, (lifetime + 1) * 1000, [page], crowd)
          await new Promise((done) => setTimeout(done, 300))
          const requests = stage.provider.requests.count({ endpoint: 'token' })
          const key = `${crowd} ${stage.name}`
          bursts.set(key, [...(bursts.get(key) ?? []), ...answered.map((answer) => ({ requests, ...answer }))])
          // A client whose session did not outlive it begins anew.
          if ((await page.evaluate(() => window.bench.client.token()).catch(() => null)) === null)
            await logInAgain(seat)
        }
      }
    }
  } finally {
    clock.restore()
    await browser.close()
    await gathered?.stop()
  }
  const { seats, cannot } = gathered
  return {
    name: 'burst',
    title: 'Burst at expiry',
    how: 'The clocks of page and provider go past the expiry of the access token; then so many callers in one tab ask for a token at once. The provider rotates refresh tokens and ends the family of one that is used again.',
    tables: crowds.map((crowd) => ({
      title: `${crowd.toLocaleString('en-US')} caller${crowd === 1 ? '' : 's'}`,
      columns: [
        { name: 'token requests', unit: '', better: 'less' },
        { name: 'last answer', unit: 'ms', better: 'less' },
        { name: 'callers without a token', unit: '', better: 'less' },
      ],
      rows: seats.map(({ stage: { name } }): Row => {
        const all = bursts.get(`${crowd} ${name}`) ?? []
        return {
          who: name,
          values: {
            'token requests': all.map(({ requests }) => requests),
            // Not where the page was sent away.
            'last answer': all.map(({ ms }) => ms).filter(Number.isFinite),
            'callers without a token': all.map(({ failed }) => failed),
          },
        }
      }),
    })),
    curves: [],
    cannot,
  }
}

export const burst: Measure = { name: 'burst', rounds: 3, run }
