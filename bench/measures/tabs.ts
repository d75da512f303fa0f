import type { Page } from 'playwright-core'
import { launchBrowser } from '../../test/support/chromium.ts'
import { MovedClock } from '../lab/clock.ts'
import type { Row, Section } from '../lab/figures.ts'
import { gather, logInAgain, type Gathered, type Seat } from '../lab/gather.ts'
import type { Lab, Measure } from '../lab/lab.ts'
import { openedOf } from '../lab/stage.ts'

const expiries = 10
const lifetime = 300
/** For timers that come later than the callers, ms. */
const settling = 700

interface Run {
  readonly requests: number
  readonly refused: number
  readonly lost: number
}

/** Two tries, for a token that another tab was just renewing. */
const hasToken = (page: Page): Promise<boolean> =>
  page
    .evaluate(async () => {
      const ask = () => window.bench.client.token().then(Boolean, () => false)
      if (await ask()) return true
      await new Promise((done) => setTimeout(done, 300))
      return ask()
    })
    .catch(() => false)

/** So many tabs outlive ten access tokens, all of them asking at once when one is over. */
async function outlive(clock: MovedClock, seat: Seat, count: number): Promise<Run> {
  const { stage, context, page } = seat
  // It waited while others had their turn, with its clock where it was: now it is as late as its provider, with a fresh token.
  await clock.leap([context], 0)
  const isFresh = await page.evaluate(() => window.bench.client.renewed()).catch(() => null)
  if (isFresh === null) await logInAgain(seat)
  const tabs = [page]
  while (tabs.length < count) tabs.push(await stage.open(context))
  for (const tab of tabs) await openedOf(tab).catch(() => {})
  const run = { requests: 0, refused: 0, lost: 0 }
  const { requests } = stage.provider
  for (let expiry = 0; expiry < expiries; expiry += 1) {
    requests.clear()
    await clock.leapAsking(context, (lifetime + 1) * 1000, tabs, 1)
    await new Promise((done) => setTimeout(done, settling))
    const alive = await Promise.all(tabs.map(hasToken))
    run.requests += requests.count({ endpoint: 'token', grantType: 'refresh_token' })
    run.refused += requests.count({ endpoint: 'token', error: 'invalid_grant' })
    if (alive.every(Boolean)) continue
    run.lost += 1
    await logInAgain(seat)
    for (const tab of tabs.slice(1)) {
      await tab.goto(`${stage.origin}/`)
      await openedOf(tab).catch(() => {})
    }
  }
  for (const tab of tabs.slice(1)) await tab.close()
  return run
}

async function run(lab: Lab): Promise<Section> {
  const counts = [...new Set([1, 2, 5, 10, ...lab.moreTabs])].toSorted((a, b) => a - b)
  const browser = await launchBrowser()
  const clock = new MovedClock()
  const runs = new Map<string, Run>()
  let gathered: Gathered | undefined
  try {
    // With keep-alive Chromium sends a POST again when its connection dies: a replay that no client can prevent.
    gathered = await gather(lab, browser, { movable: true, tokenLifetime: lifetime, provider: { keepAlive: false } })
    for (const count of counts) {
      for (const seat of gathered.seats) {
        const { name } = seat.stage
        const found = await outlive(clock, seat, count)
        runs.set(`${count} ${name}`, found)
        lab.say(`${count} tabs, ${name}: ${found.requests} token requests, ${found.lost} sessions lost`)
      }
    }
  } finally {
    clock.restore()
    await browser.close()
    await gathered?.stop()
  }
  const { seats, cannot } = gathered
  const names = seats.map(({ stage }) => stage.name)
  const of = (count: number, name: string): Run => runs.get(`${count} ${name}`) ?? { requests: 0, refused: 0, lost: 0 }
  return {
    name: 'tabs',
    title: 'Tabs',
    how: `So many tabs of one browser outlive ${expiries} access tokens. Each time all clocks go past the expiry in one step, as after a sleep, and every tab asks for a token at once. A session is lost when a tab gets none any more; then the person logs in again. The provider rotates, and ends the family of a refresh token that is used again.`,
    tables: counts.map((count) => ({
      title: `${count} tab${count === 1 ? '' : 's'}`,
      columns: [
        { name: 'token requests an expiry', unit: '', better: 'less' },
        { name: 'answered invalid_grant', unit: '', better: 'less' },
        { name: `sessions lost in ${expiries} expiries`, unit: '', better: 'less' },
      ],
      rows: names.map((name): Row => {
        const { requests, refused, lost } = of(count, name)
        return {
          who: name,
          values: {
            'token requests an expiry': [requests / expiries],
            'answered invalid_grant': [refused],
            [`sessions lost in ${expiries} expiries`]: [lost],
          },
        }
      }),
    })),
    curves: [
      {
        file: 'tabs-requests',
        title: 'Token requests per expiry',
        across: 'tabs',
        up: 'requests',
        lines: names.map((name) => ({
          name,
          points: counts.map((count) => [count, of(count, name).requests / expiries] as const),
        })),
      },
      {
        file: 'tabs-lost',
        title: `Sessions lost in ${expiries} expiries`,
        across: 'tabs',
        up: 'sessions lost',
        lines: names.map((name) => ({ name, points: counts.map((count) => [count, of(count, name).lost] as const) })),
      },
    ],
    cannot,
  }
}

export const tabs: Measure = { name: 'tabs', rounds: 1, run }
