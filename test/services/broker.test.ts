import { expect, test } from 'vitest'
import { createBroker, type ChartView } from '../../services/broker.ts'
import { entryOf } from './samples.ts'

test('P12 gives no token from the moment at which the chart lets nobody have one, though the vault’s entry is still there', async () => {
  const entry = entryOf('a')
  let mayHaveToken = true
  const chart: ChartView = {
    ready: Promise.resolve(),
    mayHaveToken: () => mayHaveToken,
    endedBecause: () => 'no_credentials',
    isIdle: () => true,
    requireToken: () => {},
    refuseToken: () => {},
    onChange: () => () => {},
  }
  const clock = { now: () => entry.facts.storedAt, chance: () => 0.5 }
  const broker = createBroker({ chart, current: () => entry, clock, lead: 1_000 })
  await expect(broker.getAccessToken()).resolves.toBe(entry.tokens.accessToken)
  // There is one to be had at once now.
  await expect(broker.getAccessToken()).resolves.toBe(entry.tokens.accessToken)
  mayHaveToken = false
  await expect(broker.getAccessToken()).rejects.toMatchObject({ code: 'no_credentials' })
  expect(broker.hasValid()).toBe(false)
})
