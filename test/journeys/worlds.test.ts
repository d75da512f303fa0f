import { describe, expect, it } from 'vitest'
import { Life, playStory } from '../properties/life.ts'
import type { WorldStep } from '../properties/steps.ts'

/**
 * A life in several tabs with the real services, as a failing property prints it; after each step the model is asked. Other tabs hear
 * of an end or a login at once, and may tell it before the tab where it happened.
 */
interface WorldJourney {
  /** Begins with the number of the promise. */
  readonly name: string
  readonly story: readonly WorldStep[]
  /** Who is in, in each tab, or why nobody is. */
  readonly seats: readonly string[]
  /** The facts, in order; the tabs are numbered as they were opened. */
  readonly told: readonly string[]
  /** How many refresh tokens were spent. */
  readonly renewals: number
}

const minute = 60_000
const login = (tab: number, person: 'alice' | 'bob' = 'alice'): WorldStep => ({ do: 'login', tab, person })
const open: WorldStep = { do: 'open' }
/** Access tokens last 100 s. */
const pass = (ms: number): WorldStep => ({ do: 'pass', ms })
const inTabs = (what: string, ...tabs: number[]): string[] => tabs.map((tab) => `tab ${tab}: ${what}`)
const loginIn = (tab: number): string[] => [`tab ${tab}: login.completed`, `tab ${tab}: session.started`]

const journeys: readonly WorldJourney[] = [
  {
    name: 'P10 three tabs, ten expiries, ten requests: each renewal is made once and told in all of them',
    story: [login(0), open, open, ...Array.from({ length: 10 }, () => pass(74_000))],
    seats: ['alice', 'alice', 'alice'],
    told: [
      ...loginIn(1),
      ...inTabs('session.started', 2, 3),
      ...Array.from({ length: 10 }, () => inTabs('session.renewed', 1, 2, 3)).flat(),
    ],
    renewals: 10,
  },
  {
    name: 'P1 all tabs are closed and opened again: in at once, without a request; after a logout out',
    story: [
      login(0),
      open,
      { do: 'close', tab: 1 },
      { do: 'close', tab: 0 },
      open,
      { do: 'reload', tab: 0 },
      { do: 'logout', tab: 0 },
      { do: 'reload', tab: 0 },
    ],
    seats: ['logout'],
    told: [
      ...loginIn(1),
      ...inTabs('session.started', 2, 3, 4),
      ...['session.ended (logout)', 'logout.finished'].flatMap((what) => inTabs(what, 4)),
    ],
    renewals: 0,
  },
  {
    name: 'P8 the provider is down through an expiry: both tabs reconnect, and are in by themselves, by one request',
    story: [
      login(0),
      open,
      { do: 'provider', is: 'busy' },
      pass(10 * minute),
      { do: 'provider', is: 'well' },
      pass(minute),
    ],
    seats: ['alice', 'alice'],
    told: [
      ...loginIn(1),
      ...inTabs('session.started', 2),
      ...inTabs('session.reconnecting', 1, 2),
      ...inTabs('session.renewed', 1, 2),
    ],
    renewals: 1,
  },
  {
    name: 'P6 all tabs sleep for a night, wake up at once, and renew once',
    story: [login(0), open, open, { do: 'sleep', ms: 480 * minute }],
    seats: ['alice', 'alice', 'alice'],
    told: [
      ...loginIn(1),
      ...inTabs('session.started', 2, 3),
      ...inTabs('session.reconnecting', 1, 2, 3),
      ...inTabs('session.renewed', 1, 2, 3),
    ],
    renewals: 1,
  },
  {
    name: 'P8 the provider ends the session: found out by one tab at the next renewal, told in both, and a login brings both back',
    story: [login(0), open, { do: 'revoke' }, pass(minute), { do: 'need', tab: 1 }, login(0)],
    seats: ['alice', 'alice'],
    told: [
      ...loginIn(1),
      ...inTabs('session.started', 2),
      ...inTabs('session.ended (revoked)', 2, 1),
      ...loginIn(1),
      ...inTabs('session.started', 2),
    ],
    renewals: 0,
  },
  {
    name: 'P12 a logout in another tab while the request is on its way: the answer that comes later changes nothing',
    story: [
      login(0),
      open,
      { do: 'provider', is: 'slow' },
      { do: 'need', tab: 0 },
      pass(5_000),
      { do: 'logout', tab: 1 },
      pass(10 * minute),
    ],
    seats: ['logout', 'logout'],
    told: [
      ...loginIn(1),
      ...inTabs('session.started', 2),
      ...inTabs('session.ended (logout)', 1, 2),
      ...inTabs('logout.finished', 2),
    ],
    renewals: 0,
  },
  {
    name: 'P13 another person in another tab: out here, in after a reload, and a step-up of the first one’s is refused',
    story: [
      login(0),
      open,
      login(1, 'bob'),
      { do: 'stepUp', tab: 1, person: 'alice' },
      { do: 'reload', tab: 0 },
      { do: 'logout', tab: 1 },
    ],
    seats: ['logout', 'logout'],
    told: [
      ...loginIn(1),
      ...inTabs('session.started', 2),
      ...inTabs('session.ended (subject_changed)', 1),
      ...loginIn(2),
      ...inTabs('login.failed', 2),
      ...inTabs('session.started', 3),
      ...inTabs('session.ended (logout)', 3, 2),
      ...inTabs('logout.finished', 2),
    ],
    renewals: 0,
  },
  {
    name: 'P14 a step-up replaces the credentials in all tabs, and one that comes to nothing replaces none',
    story: [
      login(0),
      open,
      { do: 'failStepUp', tab: 0, code: 'popup_closed' },
      { do: 'stepUp', tab: 1, person: 'alice' },
      pass(85_000),
    ],
    seats: ['alice', 'alice'],
    told: [
      ...loginIn(1),
      ...inTabs('session.started', 2),
      ...inTabs('login.failed', 1),
      ...inTabs('login.completed', 2),
      ...inTabs('session.renewed', 1, 2),
    ],
    renewals: 1,
  },
  {
    name: 'P16 a login that fails leaves the session of both tabs, also while the device is offline',
    story: [
      login(0),
      open,
      { do: 'offline', tab: 0 },
      { do: 'failLogin', tab: 0, code: 'login_denied' },
      pass(101_000),
      { do: 'online', tab: 0 },
    ],
    seats: ['alice', 'alice'],
    told: [
      ...loginIn(1),
      ...inTabs('session.started', 2),
      ...inTabs('login.failed', 1),
      ...inTabs('session.started', 1),
      ...inTabs('session.renewed', 2, 1),
    ],
    renewals: 1,
  },
  {
    name: 'P19 typed while the API is away, the tab closed, opened again: saved, once',
    story: [
      login(0),
      { do: 'api', is: 'away' },
      { do: 'type', tab: 0, key: 'city', value: 1 },
      { do: 'type', tab: 0, key: 'city', value: 2 },
      { do: 'close', tab: 0 },
      { do: 'api', is: 'well' },
      open,
      pass(minute),
    ],
    seats: ['alice'],
    told: [...loginIn(1), ...inTabs('session.started', 2), ...inTabs('metadata.saved', 2)],
    renewals: 0,
  },
]

describe('journeys: several tabs with the real services', () => {
  it.each(journeys.map((journey) => [journey.name, journey] as const))('%s', async (_name, journey) => {
    const { story, seats, told, renewals } = journey
    const life = new Life()
    const faults = await playStory(life, story)
    expect({ faults, seats: life.seats, told: life.told, renewals: life.renewals }).toEqual({
      faults: [],
      seats,
      told,
      renewals,
    })
    expect(await life.end()).toEqual([])
  })
})
