import type { Fault } from '../../idp/index.ts'
import { launchBrowser } from '../../test/support/chromium.ts'
import { createChance } from '../../scripts/soak/chaos.ts'
import { MovedClock } from '../lab/clock.ts'
import type { Row, Section } from '../lab/figures.ts'
import { gather, type Gathered, type Seat } from '../lab/gather.ts'
import type { Lab, Measure } from '../lab/lab.ts'

const lifetime = 300
const spells = 12
/** After that a person would have gone, ms. */
const patience = 8_000

const at = { endpoint: 'token', grantType: 'refresh_token' } as const

/** As in docs/reliability.md: what happens between an app and its provider on a bad day. `lasting`: for a time, not for one request. */
const faults: readonly { readonly name: string; readonly fault: Fault; readonly lasting: boolean }[] = [
  { name: '503', fault: { ...at, kind: 'status', status: 503 }, lasting: true },
  { name: '429, again in a second', fault: { ...at, kind: 'status', status: 429, retryAfter: 1 }, lasting: true },
  {
    name: '502 of a gateway, in HTML and without CORS',
    fault: { ...at, kind: 'status', status: 502, body: 'html', cors: false },
    lasting: true,
  },
  { name: 'connections cut before anything', fault: { ...at, kind: 'drop' }, lasting: true },
  {
    name: 'one connection cut after the provider rotated',
    fault: { ...at, kind: 'drop', processed: true },
    lasting: false,
  },
  { name: 'one answer breaks off', fault: { ...at, kind: 'invalid_json', processed: true }, lasting: false },
  { name: 'one answer after 3 s', fault: { ...at, kind: 'delay', delay: 3_000, processed: true }, lasting: false },
]

interface Day {
  readonly lost: number
  /** Seconds without a usable token, in all. */
  readonly without: number
  readonly requests: number
}

async function live(clock: MovedClock, { stage, context, page }: Seat, seed: number): Promise<Day> {
  const chance = createChance(seed)
  const day = { lost: 0, without: 0, requests: 0 }
  for (let spell = 0; spell < spells; spell += 1) {
    const drawn = faults[Math.floor(chance() * faults.length)]
    const ms = 500 + chance() * 2_500
    stage.weather(drawn === undefined ? [] : [{ ...drawn.fault, count: drawn.lasting ? 'always' : 1 }])
    stage.provider.requests.clear()
    const waiting = page.evaluate(
      async ([most, before]) => {
        await new Promise((done) => setTimeout(done, before))
        const began = performance.now()
        for (;;) {
          const token = await Promise.race([
            window.bench.client.token().catch(() => null),
            new Promise<null>((done) => setTimeout(() => done(null), most)),
          ])
          const ms = performance.now() - began
          if (token !== null) return { ms, lost: false }
          if (ms >= most) return { ms, lost: true }
          // As an app does that shows "try again": every quarter of a second.
          await new Promise((done) => setTimeout(done, 250))
        }
      },
      [patience, 100] as const,
    )
    await clock.leap([context], (lifetime + 1) * 1000)
    const clearing = setTimeout(() => drawn?.lasting === true && stage.weather([]), 100 + ms)
    const { ms: waited, lost } = await waiting
    clearTimeout(clearing)
    day.requests += stage.provider.requests.count({ endpoint: 'token', grantType: 'refresh_token' })
    day.without += waited / 1000
    stage.weather([])
    if (lost) {
      day.lost += 1
      await page.goto(`${stage.origin}/`)
      await stage.logIn(page)
    }
  }
  return day
}

async function run(lab: Lab): Promise<Section> {
  const browser = await launchBrowser()
  const clock = new MovedClock()
  const days = new Map<string, Day[]>()
  let gathered: Gathered | undefined
  const seeds = Array.from({ length: Math.min(lab.rounds, 3) }, (_, index) => index + 1)
  try {
    gathered = await gather(lab, browser, {
      movable: true,
      tokenLifetime: lifetime,
      // Ten seconds in which a spent refresh token may be used again, as providers recommend.
      provider: { keepAlive: false, reuseWindow: 10 },
    })
    for (const seed of seeds) {
      for (const seat of gathered.seats) {
        const day = await live(clock, seat, seed)
        days.set(seat.stage.name, [...(days.get(seat.stage.name) ?? []), day])
        lab.say(
          `seed ${seed}, ${seat.stage.name}: ${day.lost} lost, ${day.without.toFixed(1)} s without, ${day.requests} requests`,
        )
      }
    }
  } finally {
    clock.restore()
    await browser.close()
    await gathered?.stop()
  }
  const { seats, cannot } = gathered
  return {
    name: 'weather',
    title: 'Bad weather',
    how: `${spells} expiries for each of the seeds ${seeds.join(', ')}. At each, the renewals meet a fault, drawn by the seed and so the same for all, which lasts for half a second to three seconds where it is not said to hit one request: ${faults.map(({ name }) => name).join('; ')}. The provider takes a spent refresh token again for 10 s. The app asks for a token every quarter of a second until it has one, for 8 s; then the session counts as lost, and the person logs in again.`,
    tables: [
      {
        title: `a day of ${spells} expiries`,
        columns: [
          { name: 'sessions lost', unit: '', better: 'less' },
          { name: 'without a usable token', unit: 's', better: 'less' },
          { name: 'token requests', unit: '', better: 'less' },
        ],
        rows: seats.map(({ stage: { name } }): Row => {
          const all = days.get(name) ?? []
          return {
            who: name,
            values: {
              'sessions lost': all.map(({ lost }) => lost),
              'without a usable token': all.map(({ without }) => without),
              'token requests': all.map(({ requests }) => requests),
            },
          }
        }),
      },
    ],
    curves: [],
    cannot,
  }
}

export const weather: Measure = { name: 'weather', run }
