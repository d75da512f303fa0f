import { createChance } from '../../scripts/soak/chaos.ts'
import type { Row, Section } from '../lab/figures.ts'
import type { Lab, Measure } from '../lab/lab.ts'
import { dayOf, type Policy } from './fleet/day.ts'
import { policies, spreadBy } from './fleet/policies.ts'

/** Browsers in the simulation; every figure is told for a million. */
const browsers = 1_000_000
const lifetime = 3600
const seed = 20_261_124
const shares = [0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5]

interface Found {
  readonly peakToMean: readonly number[]
  readonly perSecond: Float64Array
  readonly requests: number
  readonly afterOutage: number
}

function measure(policy: Policy): Found {
  const quiet = dayOf({ browsers, lifetime, chance: createChance(seed), policy })
  const broken = dayOf({
    browsers,
    lifetime,
    chance: createChance(seed),
    policy,
    outage: { from: 4 * 3600, to: 4 * 3600 + 300 },
  })
  return {
    peakToMean: quiet.peakToMean,
    perSecond: quiet.perSecond,
    requests: quiet.requests / browsers,
    afterOutage: broken.peakAfterOutage,
  }
}

/** Requests a second, averaged over each minute. */
const byMinute = (perSecond: Float64Array): readonly (readonly [number, number])[] =>
  Array.from({ length: Math.floor(perSecond.length / 60) }, (_, minute) => [
    minute / 60,
    perSecond.subarray(minute * 60, minute * 60 + 60).reduce((sum, value) => sum + value, 0) / 60,
  ])

function run({ say }: Lab): Promise<Section> {
  const found = policies.map((policy) => {
    say(policy.name)
    return { policy, ...measure(policy) }
  })
  const fixed = found.find(({ policy }) => policy.name === '(fixed lead)')
  const curve = shares.map((share) => ({ share, ...measure(spreadBy(share)) }))
  say('the price of spreading')
  const third = (peaks: readonly number[]): number => peaks[2] ?? Number.NaN
  const more = (requests: number): number => (100 * requests) / (fixed?.requests ?? Number.NaN) - 100
  const drawn = found.filter(({ policy }) => ['sessionchart', '(fixed lead)', 'axa-oidc-client'].includes(policy.name))
  return Promise.resolve({
    name: 'fleet',
    title: 'A fleet',
    how: `${browsers.toLocaleString('en-US')} browsers log in within ten minutes at nine, evenly, and stay for eight hours; an access token lives ${lifetime} s. Simulated, second by second, with seed ${seed}: ours by the code that computes when a renewal is due, and by the chart's waits after failures; the others as their documentation and code say (bench/measures/fleet/policies.ts). \`(fixed lead)\` renews 60 s before expiry. Peak to mean: the busiest ten seconds of a lifetime against its mean. After an outage of five minutes, at one: the busiest second that follows, against the mean of the hour before.`,
    tables: [
      {
        title: 'the day',
        columns: [
          { name: 'peak to mean, 1st lifetime', unit: '', better: 'less' },
          { name: '3rd', unit: '', better: 'less' },
          { name: '6th', unit: '', better: 'less' },
          { name: 'requests a browser', unit: '', better: 'less' },
          { name: 'more than a fixed lead', unit: '%', better: 'none' },
          { name: 'peak after an outage', unit: 'times the mean', better: 'less' },
        ],
        rows: found.map(({ policy, peakToMean, requests, afterOutage }): Row => ({
          who: policy.name,
          values: {
            'peak to mean, 1st lifetime': [peakToMean[0] ?? Number.NaN],
            '3rd': [third(peakToMean)],
            '6th': [peakToMean[5] ?? Number.NaN],
            'requests a browser': [requests],
            'more than a fixed lead': [more(requests)],
            'peak after an outage': [afterOutage],
          },
        })),
      },
      {
        title: 'the price of spreading: renewals over this share of the lifetime, before a lead of 60 s',
        columns: [
          { name: 'peak to mean, 3rd lifetime', unit: '', better: 'none' },
          { name: 'against a fixed lead', unit: '', better: 'none' },
          { name: 'more requests', unit: '%', better: 'none' },
          { name: 'peak after an outage', unit: 'times the mean', better: 'none' },
        ],
        rows: curve.map(({ share, peakToMean, requests, afterOutage }): Row => ({
          who: `${Math.round(share * 100)} %`,
          values: {
            'peak to mean, 3rd lifetime': [third(peakToMean)],
            'against a fixed lead': [third(peakToMean) / third(fixed?.peakToMean ?? [])],
            'more requests': [more(requests)],
            'peak after an outage': [afterOutage],
          },
        })),
      },
    ],
    curves: [
      {
        file: 'fleet-day',
        title: 'Token requests of a million browsers',
        across: 'hours after nine',
        up: 'requests a second',
        lines: drawn.map(({ policy, perSecond }) => ({ name: policy.name, points: byMinute(perSecond) })),
      },
      {
        file: 'fleet-spread',
        title: 'Peak to mean in the 3rd lifetime, by the price of it',
        across: 'more requests than with a fixed lead, %',
        up: 'peak to mean',
        lines: [
          {
            name: 'spread',
            points: curve.map(({ requests, peakToMean }) => [more(requests), third(peakToMean)] as const),
          },
        ],
      },
    ],
    cannot: [],
  })
}

export const fleet: Measure = { name: 'fleet', rounds: 1, run }
