import { describe, expect, it, vi } from 'vitest'
import { watchClaims } from '../support/claims.ts'
import { report } from '../support/report.ts'
import { charts, chartNames } from './charts/index.ts'
import { allOfChart, countInWords, countsOf, missing } from './coverage.ts'
import { runLevel1 } from './level1.ts'

/** Every pair of successive transitions as well, in `npm run test:all`. */
const pairs = process.env['SESSIONCHART_ALL'] === '1'

describe.each(chartNames)('every way through the chart %s', (name) => {
  it('is taken by the real one: each transition, both sides of each guard, each event in each configuration', async () => {
    // XState warns of events for an account that broke, which is one of the ways.
    vi.spyOn(console, 'warn').mockImplementation(() => {})
    const { taken, total, paths, steps, faults } = await runLevel1(charts[name], { pairs, watch: watchClaims })
    const all = { ...total, ...allOfChart(charts[name].machine()) }
    const counts = countsOf(all, taken)
    report(
      `Level 1, ${name}: ${countInWords(counts.transitions)} transitions, ${countInWords(counts.guards)} guard sides, ` +
        `${countInWords(counts.configurationEvents)} events in configurations, ${countInWords(counts.pairs)} pairs; ` +
        `${paths} paths, ${steps} steps`,
    )
    expect(faults).toEqual([])
    expect({
      transitions: missing(all.transitions, taken.transitions),
      guards: missing(all.guards, taken.guards),
      events: missing(all.configurationEvents, taken.configurationEvents),
      pairs: pairs ? missing(all.pairs, taken.pairs) : [],
    }).toEqual({ transitions: [], guards: [], events: [], pairs: [] })
  }, 600_000)
})
