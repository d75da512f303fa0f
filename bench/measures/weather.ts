import { launchBrowser } from '../../test/support/chromium.ts'
import { createChance, faults } from '../../scripts/soak/chaos.ts'
import { MovedClock } from '../lab/clock.ts'
import type { Row, Section } from '../lab/figures.ts'
import { gather, logInAgain, type Gathered, type Seat } from '../lab/gather.ts'
import type { Lab, Measure } from '../lab/lab.ts'
import { spellsOf, type Spell } from './weather/spells.ts'

const lifetime = 300
/** After that a person would have gone, ms. */
const patience = 8_000

/** What one client went through in the weather of one seed. */
interface Day {
  lost: number
  /** Seconds without a usable token, in all. */
  without: number
  requests: number
}

/** Asks as an app does that shows "try again": every quarter of a second. False: there was none until `most` ms had passed. */
const untilToken = ({ page }: Seat, most: number, expired: string | null): Promise<boolean> =>
  page
    .evaluate(
      async ([ms, old]) => {
        const began = performance.now()
        for (;;) {
          const left = ms - (performance.now() - began)
          const { client } = window.bench
          // One that is expired is none, whatever the client says: an API refuses it, and the app asks for another one.
          const usable = async () => {
            const token = await client.token()
            return (token === old ? await client.renewed() : token) !== old
          }
          const found = await Promise.race([
            usable().catch(() => false),
            new Promise<boolean>((done) => setTimeout(() => done(false), left)),
          ])
          if (found) return true
          if (performance.now() - began >= ms) return false
          await new Promise((done) => setTimeout(done, 250))
        }
      },
      [most, expired] as const,
    )
    // The page went away: the client itself went to the provider.
    .catch(() => false)

const tokenOf = ({ page }: Seat): Promise<string | null> =>
  page.evaluate(() => window.bench.client.token()).catch(() => null)

/** All clients at once, each with a provider of its own: the same weather for all, from the same moment on. */
class Weather {
  readonly days = new Map<string, Day[]>()
  readonly findings = new Map<string, string[]>()
  readonly #clock: MovedClock
  readonly #seats: readonly Seat[]

  constructor(clock: MovedClock, seats: readonly Seat[]) {
    this.#clock = clock
    this.#seats = seats
  }

  async live(spells: readonly Spell[], say: (line: string) => void): Promise<void> {
    const today = this.#seats.map((seat) => {
      const day: Day = { lost: 0, without: 0, requests: 0 }
      const { name, provider } = seat.stage
      this.days.set(name, [...(this.days.get(name) ?? []), day])
      provider.requests.clear()
      return { seat, day }
    })
    for (const [index, spell] of spells.entries()) {
      if (index % 5 === 0) say(`expiry ${index + 1} of ${spells.length}`)
      await this.#expire(spell, today)
    }
    for (const { seat, day } of today)
      day.requests = seat.stage.provider.requests.count({ endpoint: 'token', grantType: 'refresh_token' })
  }

  async #expire({ fault, ms }: Spell, today: readonly { readonly seat: Seat; readonly day: Day }[]): Promise<void> {
    const expired = await Promise.all(this.#seats.map(tokenOf))
    for (const { stage } of this.#seats) stage.weather([fault])
    await this.#clock.leap(
      this.#seats.map(({ context }) => context),
      (lifetime + 1) * 1000,
    )
    const began = performance.now()
    const clearing = setTimeout(() => this.#seats.forEach(({ stage }) => stage.weather([])), ms)
    await Promise.all(
      today.map(async ({ seat, day }, index) => {
        const found = await untilToken(seat, patience, expired[index] ?? null)
        day.without += found ? (performance.now() - began) / 1000 : patience / 1000
        if (found) return
        day.lost += 1
        // Those who wait for longer than the weather lasts meet it no more.
        const problem = await logInAgain(seat)
        if (problem !== null) this.#note(seat.stage.name, `after ${fault.kind}: ${problem}`)
      }),
    )
    clearTimeout(clearing)
    for (const { stage } of this.#seats) stage.weather([])
  }

  #note(name: string, finding: string): void {
    this.findings.set(name, [...(this.findings.get(name) ?? []), finding])
  }
}

async function run(lab: Lab): Promise<Section> {
  const browser = await launchBrowser()
  const clock = new MovedClock()
  const seeds = Array.from({ length: lab.rounds }, (_, index) => index + 1)
  const all = seeds.map((seed) => spellsOf(faults, createChance(seed)))
  let gathered: Gathered | undefined
  let weather: Weather | undefined
  try {
    gathered = await gather(lab, browser, {
      movable: true,
      tokenLifetime: lifetime,
      // Ten seconds in which a spent refresh token may be used again, as providers recommend.
      provider: { keepAlive: false, reuseWindow: 10 },
    })
    weather = new Weather(clock, gathered.seats)
    for (const [index, spells] of all.entries()) {
      await weather.live(spells, (line) => lab.say(`seed ${seeds[index]}: ${line}`))
    }
  } finally {
    clock.restore()
    await browser.close()
    await gathered?.stop()
  }
  const floors = all.map((spells) => spells.reduce((sum, { floor }) => sum + floor, 0) / 1000)
  const { days, findings } = weather
  const rows = [...days].map(([who, lived]): Row => ({
    who,
    values: {
      'sessions lost': lived.map(({ lost }) => lost),
      'without a usable token': lived.map(({ without }) => without),
      'beyond the weather': lived.map(({ without }, index) => without - (floors[index] ?? 0)),
      'token requests': lived.map(({ requests }) => requests),
    },
  }))
  const floor: Row = {
    who: '(the weather itself)',
    values: { 'sessions lost': [0], 'without a usable token': floors, 'beyond the weather': [0], 'token requests': '' },
  }
  return {
    name: 'weather',
    title: 'Bad weather',
    how: `${faults.length} expiries for each of the seeds ${seeds.join(', ')}, each with one fault of the reliability run (scripts/soak/chaos.ts), in an order and for a time (half a second to three) drawn by the seed, and so the same for all. A provider that refuses, cuts or hangs does so for that time; what spoils an answer after it was processed, or delays it, hits one request. The clocks go past the expiry in one step for all clients at once, and the seconds count from there. The app asks for a token every quarter of a second, by force where it got the expired one, until it has another, for ${patience / 1000} s; then the session counts as lost, and the person logs in again. The provider takes a spent refresh token again for 10 s. \`(the weather itself)\`: for how long nobody could have a token, because what was asked at the expiry was refused or not answered; who sees it end at once is without one for no longer.`,
    tables: [
      {
        title: 'a day of bad weather',
        columns: [
          { name: 'sessions lost', unit: '', better: 'less' },
          { name: 'without a usable token', unit: 's', better: 'less' },
          { name: 'beyond the weather', unit: 's', better: 'less' },
          { name: 'token requests', unit: '', better: 'less' },
        ],
        rows: [...rows, floor],
      },
    ],
    curves: [],
    cannot: [
      ...gathered.cannot,
      ...[...findings].map(
        ([name, found]) =>
          `${name} could not log in again, ${found.length === 1 ? 'once' : `${found.length} times`}, until its storage and cookies were cleared: ${[...new Set(found)].join('; ')}.`,
      ),
    ],
  }
}

export const weather: Measure = { name: 'weather', rounds: 2, run }
