import fc from 'fast-check'
import type { Mood } from './provider.ts'

/** What people and the world do, one after the other; the scheduler decides what happens in between. */
export type Step =
  | { readonly do: 'let'; readonly steps: number }
  /** Time goes by, and nothing reaches anyone. */
  | { readonly do: 'wait'; readonly ms: number }
  /** Time goes by, and with it up to `pace` things happen every half second. */
  | { readonly do: 'pass'; readonly ms: number; readonly pace: number }
  | { readonly do: 'open' | 'revoke' }
  | { readonly do: 'provider'; readonly mood: Mood }
  | StepInTab
export type StepInTab =
  | { readonly do: (typeof inTabs)[number]; readonly tab: number }
  | { readonly do: 'login'; readonly tab: number; readonly person: string }

const inTabs = ['need', 'look', 'kill', 'logout', 'freeze', 'thaw', 'offline', 'online'] as const

/** By its place; this one is whichever has the turn. */
export const turnHolder = 4
const tab = fc.constantFrom(0, 1, 2, 3, turnHolder, turnHolder)

const inTab = (...acts: (typeof inTabs)[number][]) => fc.record({ do: fc.constantFrom(...acts), tab })

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('let' as const), steps: fc.integer({ min: 1, max: 8 }) }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(500, 5_000, 78_000, 101_000) }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('pass' as const),
      ms: fc.constantFrom(500, 3_000, 8_000, 14_000, 84_000),
      pace: fc.constantFrom(1, 3, 1_000),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'open' as const }) },
  { weight: 1, arbitrary: fc.constant({ do: 'revoke' as const }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('provider' as const),
      mood: fc.constantFrom<Mood>('well', 'slow', 'slow', 'busy', 'losing'),
    }),
  },
  { weight: 4, arbitrary: inTab('need', 'look') },
  { weight: 2, arbitrary: inTab('kill', 'logout') },
  { weight: 3, arbitrary: inTab('freeze', 'freeze', 'thaw', 'offline', 'online') },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('login' as const),
      tab,
      person: fc.constantFrom('alice', 'alice', 'bob'),
    }),
  },
)

/** How a story may begin: at once, or when all tabs have just begun to renew at a provider that takes its time. */
const beginnings: Step[][] = [
  [],
  [
    { do: 'provider', mood: 'slow' },
    { do: 'pass', ms: 84_000, pace: 3 },
  ],
]

export const steps = (most: number): fc.Arbitrary<Step[]> =>
  fc
    .tuple(fc.constantFrom(...beginnings), fc.array(step, { maxLength: most, size: 'max' }))
    .map(([beginning, rest]) => [...beginning, ...rest])

/** As plain words, for whoever reads a failure. */
export const inWords = (all: readonly Step[]): string =>
  all
    .map((one) => {
      switch (one.do) {
        case 'let':
          return `let ${one.steps} things happen`
        case 'wait':
          return `${one.ms / 1000} s of silence`
        case 'pass':
          return `${one.ms / 1000} s pass with up to ${one.pace} things every half second`
        case 'open':
          return 'a tab is opened'
        case 'revoke':
          return 'the provider ends every session'
        case 'provider':
          return `the provider is ${one.mood}`
        case 'login':
          return `${one.person} logs in in tab ${one.tab}`
        default:
          return `${one.do} in ${one.tab === turnHolder ? 'the tab that has the turn' : `tab ${one.tab}`}`
      }
    })
    .join(', ')
