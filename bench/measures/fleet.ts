import { createChance } from '../../scripts/soak/chaos.ts'
import type { Row, Section } from '../lab/figures.ts'
import type { Lab, Measure } from '../lab/lab.ts'
import { dayOf, type Policy } from './fleet/day.ts'
import { policies, spreadBy } from './fleet/policies.ts'

/** Browsers in the simulation; every figure is told for a million. */
const browsers = 1_000_000
const lifetime = 3600
const seed = 20_261_124
/** Five minutes, begun at six moments of an hour: whoever comes in waves is hit at the height of one. */
const outages = [0, 10, 20, 30, 40, 50]
  .map((minute) => 4 * 3600 + minute * 60)
  .map((from) => ({ from, to: from + 300 }))
/** Browsers in each of them; told for a million. */
const browsersInOutage = 250_000
const shares = [0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5]

interface Found {
  readonly peakToMean: readonly number[]
  readonly perSecond: Float64Array
  readonly requests: number
  readonly afterOutage: number
  /** By it, %. */
  readonly signedOut: number
  /** The worst of them. */
  readonly outage: { readonly from: number; readonly to: number; readonly perSecond: Float64Array }
}

function measure(policy: Policy): Found {
  const quiet = dayOf({ browsers, lifetime, chance: createChance(seed), policy })
  const broken = outages.map((outage) => ({
    outage,
    day: dayOf({ browsers: browsersInOutage, lifetime, chance: createChance(seed), policy, outage }),
  }))
  const worst = broken.toSorted((a, b) => b.day.peakAfterOutage - a.day.peakAfterOutage)[0]
  if (worst === undefined) throw new Error('there is no outage')
  const { outage, day } = worst
  return {
    peakToMean: quiet.peakToMean,
    perSecond: quiet.perSecond,
    requests: quiet.requests / browsers,
    afterOutage: day.peakAfterOutage,
    signedOut: (100 * day.signedOut) / browsersInOutage,
    outage: { ...outage, perSecond: day.perSecond.map((value) => (value * browsers) / browsersInOutage) },
  }
}

/** Requests a second, averaged over each so many seconds. */
const averaged = (perSecond: Float64Array, span: number): readonly (readonly [number, number])[] =>
  Array.from({ length: Math.floor(perSecond.length / span) }, (_, place) => [
    (place * span) / 3600,
    perSecond.subarray(place * span, (place + 1) * span).reduce((sum, value) => sum + value, 0) / span,
  ])

/** From five minutes before `moment` to 25 minutes after it, in minutes. */
const around = (points: readonly (readonly [number, number])[], moment: number) =>
  points.map(([hour, value]) => [hour * 60 - moment / 60, value] as const).filter(([at]) => at >= -5 && at <= 25)

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
  const hours = found[0]?.peakToMean.map((_, index) => index + 1) ?? []
  const drawn = found.filter(({ policy }) => ['sessionchart', '(fixed lead)', 'axa-oidc-client'].includes(policy.name))
  return Promise.resolve({
    name: 'fleet',
    title: 'A fleet',
    how: `${browsers.toLocaleString('en-US')} browsers log in within ten minutes at nine, evenly, and stay for eight hours; an access token lives ${lifetime} s. Simulated, second by second, with seed ${seed}: ours by the code that computes when a renewal is due, and by the chart's waits after failures; the others as their documentation and code say (bench/measures/fleet/policies.ts). \`(fixed lead)\` renews 60 s before expiry. Peak to mean: the busiest ten seconds of a lifetime against its mean. After an outage of five minutes: the busiest second that follows, against the mean of the hour before; the worst of six that begin every ten minutes from one on, with ${browsersInOutage.toLocaleString('en-US')} browsers, told for a million.`,
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
          { name: 'signed out by it', unit: '%', better: 'less' },
        ],
        rows: found.map(({ policy, peakToMean, requests, afterOutage, signedOut }): Row => ({
          who: policy.name,
          values: {
            'peak to mean, 1st lifetime': [peakToMean[0] ?? Number.NaN],
            '3rd': [third(peakToMean)],
            '6th': [peakToMean[5] ?? Number.NaN],
            'requests a browser': [requests],
            'more than a fixed lead': [more(requests)],
            'peak after an outage': [afterOutage],
            'signed out by it': [signedOut],
          },
        })),
      },
      {
        title: 'peak to mean by the hour',
        columns: hours.map((hour) => ({ name: `hour ${hour}`, unit: '', better: 'less' as const })),
        rows: found.map(({ policy, peakToMean }): Row => ({
          who: policy.name,
          values: Object.fromEntries(hours.map((hour, index) => [`hour ${hour}`, [peakToMean[index] ?? Number.NaN]])),
        })),
      },
      {
        title: 'requests a second at the provider',
        columns: [
          { name: 'mean of the day', unit: '', better: 'none' },
          { name: 'busiest ten seconds', unit: '', better: 'less' },
          { name: 'busiest second after an outage', unit: '', better: 'less' },
        ],
        rows: found.map(({ policy, perSecond, requests, outage }): Row => ({
          who: policy.name,
          values: {
            'mean of the day': [(requests * browsers) / perSecond.length],
            'busiest ten seconds': [Math.max(...averaged(perSecond, 10).map(([, value]) => value))],
            'busiest second after an outage': [
              outage.perSecond.subarray(outage.to).reduce((a, b) => Math.max(a, b), 0),
            ],
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
        lines: drawn.map(({ policy, perSecond }) => ({ name: policy.name, points: averaged(perSecond, 60) })),
      },
      {
        file: 'fleet-hours',
        title: 'Peak to mean by the hour',
        across: 'hour after nine',
        up: 'peak to mean',
        lines: found.map(({ policy, peakToMean }) => ({
          name: policy.name,
          points: peakToMean.map((value, index) => [index + 1, value] as const),
        })),
      },
      {
        file: 'fleet-outage',
        title: 'The provider is away for five minutes, at each one’s worst moment',
        across: 'minutes after it went away',
        up: 'requests a second',
        logarithmic: true,
        lines: drawn.map(({ policy, outage }) => ({
          name: policy.name,
          points: around(averaged(outage.perSecond, 10), outage.from),
        })),
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
          ...found
            .filter(({ policy }) => policy.name === 'sessionchart')
            .map(({ requests, peakToMean }) => ({
              name: 'our default',
              points: [[more(requests), third(peakToMean)] as const],
            })),
        ],
      },
    ],
    cannot: [],
  })
}

export const fleet: Measure = { name: 'fleet', rounds: 1, run }
