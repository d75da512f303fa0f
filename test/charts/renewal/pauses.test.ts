import { describe, expect, it } from 'vitest'
import { renewedFacts, scriptedRenewal, someFacts, testNow, testPolicy } from '../../../services/memory/index.ts'
import { error, untilRequest, where, type ScriptedRenewal } from '../../support/charts.ts'

const newer = () => renewedFacts(someFacts(), testNow)
const context = ({ actor }: ScriptedRenewal) => actor.getSnapshot().context

async function failOnce(renewal: ScriptedRenewal, ...[code, retryAfter]: Parameters<typeof error>) {
  await untilRequest(renewal)
  renewal.script.fail('requestTokens', error(code, retryAfter))
  await renewal.rest()
}

async function pausing(...failure: Parameters<typeof error>) {
  const renewal = scriptedRenewal()
  await failOnce(renewal, ...failure)
  return renewal
}

/** How long each pause lasts, when every try fails. */
async function pauses(chance: number, tries: number, expiresAt?: number) {
  const facts = someFacts(expiresAt === undefined ? {} : { expiresAt })
  const renewal = scriptedRenewal({ chance, input: { facts } })
  const { script } = renewal
  script.greet('holdTurn', { type: 'turn.granted' })
  script.answer('recheckVault', { outcome: 'same' })
  script.refuse('requestTokens', error('network'))
  renewal.script.grantTurn()
  await renewal.rest()
  const waits: number[] = []
  for (let i = 0; i < tries; i += 1) {
    const wait = renewal.waits()[0] ?? Number.NaN
    waits.push(wait)
    await renewal.advance(wait)
  }
  return { waits, renewal }
}

describe('the pause after a failure', () => {
  it('P8 doubles from failure to failure, up to the longest', async () => {
    const { waits } = await pauses(0.999_999, 9)
    expect(waits.map((wait) => Math.round(wait / 1_000))).toEqual([1, 2, 4, 8, 16, 32, 64, 64, 64])
  })

  it.each([0, 0.5, 0.999])(
    'is spread by chance over the second half of that while the old token works: %d',
    async (chance) => {
      const { waits } = await pauses(chance, 4)
      expect(waits).toEqual([1_000, 2_000, 4_000, 8_000].map((ms) => ms * (0.5 + chance / 2)))
    },
  )

  it('grows to a quarter of what is left of the old token, so that a fleet does not come back all at once', async () => {
    const hour = 3_600_000
    const { waits } = await pauses(0.999_999, 12, testNow + hour)
    expect(waits.map((wait) => Math.round(wait / 1_000)).slice(5, 9)).toEqual([32, 64, 128, 256])
    let left = hour
    for (const wait of waits) {
      expect(wait).toBeLessThanOrEqual(Math.max(testPolicy.renewal.backoffMost, left / 4))
      left -= wait
    }
  })

  it.each([0.01, 0.5, 0.25])(
    'is a quarter of it, spread over all (full jitter), once that has expired: %d',
    async (chance) => {
      const { waits } = await pauses(chance, 4, testNow - 1)
      expect(waits).toEqual([250, 500, 1_000, 2_000].map((ms) => ms * chance))
    },
  )

  it('is at least as long as the old token works, where that is less than half of it', async () => {
    const { waits } = await pauses(0.01, 1, testNow + 200)
    expect(waits).toEqual([208])
  })

  it('counts failures only as far as they matter', async () => {
    const { renewal } = await pauses(0.5, 25, testNow)
    expect(context(renewal).attempts).toBe(16)
    expect(renewal.waits()).toEqual([32_000])
  })

  it('is as long as the provider asks for, when that is longer', async () => {
    const renewal = await pausing('provider_unavailable', 90_000)
    expect(renewal.waits()).toEqual([90_000])
    expect(context(renewal).problem?.retryAfter).toBe(90_000)
  })

  it('is not shorter than its own measure when the provider asks for less', async () => {
    const renewal = await pausing('provider_unavailable', 10)
    expect(renewal.waits()).toEqual([750])
  })

  it.each([Number.POSITIVE_INFINITY, 2 ** 40])('is never longer than a timer can be (%d)', async (retryAfter) => {
    const renewal = await pausing('provider_unavailable', retryAfter)
    expect(renewal.waits()).toEqual([2 ** 31 - 1])
  })

  it('P8 does not last as long as the provider once asked for after a failure that is not the provider’s', async () => {
    const renewal = await pausing('provider_unavailable', 90_000)
    await renewal.advance(90_000)
    renewal.script.say('holdTurn', { type: 'turn.refused' })
    expect(where(renewal)).toEqual(['backingOff'])
    expect(renewal.waits()).toEqual([1_500])
    expect(context(renewal).problem).toEqual({ code: 'provider_unavailable', message: expect.any(String) as string })
  })

  it('P10 leaves the turn to other tabs', async () => {
    const renewal = await pausing('network')
    expect(renewal.script.isOpen('holdTurn')).toBe(false)
    await renewal.advance(750)
    expect(renewal.script.isOpen('holdTurn')).toBe(true)
  })
})

describe.each([
  ['after a failure', 'network', 'backingOff'],
  ['without a network', 'offline', 'waitingForNetwork'],
] as const)('a pause %s', (_name, code, state) => {
  it.each(['network.online', 'page.resumed'] as const)('ends at %s', async (type) => {
    const renewal = await pausing(code)
    expect(where(renewal)).toEqual([state])
    renewal.script.say('watchConditions', { type })
    expect(where(renewal)).toEqual(['takingTurn.waiting'])
    expect(context(renewal).attempts).toBe(1)
  })

  it('ends when the person asks for it', async () => {
    const renewal = await pausing(code)
    renewal.actor.send({ type: 'renewal.retry' })
    expect(where(renewal)).toEqual(['takingTurn.waiting'])
  })

  it('P10 ends the renewal when another tab has renewed', async () => {
    const renewal = await pausing(code)
    renewal.script.say('watchConditions', { type: 'sibling.renewed', facts: newer() })
    expect(where(renewal)).toEqual(['adopted'])
    expect(renewal.actor.getSnapshot().output).toEqual({ outcome: 'adopted', facts: newer() })
  })

  it('goes on when what another tab wrote is not newer', async () => {
    const renewal = await pausing(code)
    renewal.script.say('watchConditions', { type: 'sibling.renewed', facts: someFacts() })
    expect(where(renewal)).toEqual([state])
  })

  it('ends by itself, whatever the browser says', async () => {
    const renewal = await pausing(code)
    const wait = state === 'backingOff' ? 750 : testPolicy.renewal.offlineDoubt
    await renewal.advance(wait - 1)
    expect(where(renewal)).toEqual([state])
    await renewal.advance(1)
    expect(where(renewal)).toEqual(['takingTurn.waiting'])
  })
})

describe('a pause that the provider asked for', () => {
  it.each(['network.online', 'page.resumed'] as const)('is not cut short by %s', async (type) => {
    const renewal = await pausing('provider_unavailable', 90_000)
    renewal.script.say('watchConditions', { type })
    await renewal.advance(89_999)
    renewal.script.say('watchConditions', { type })
    expect(where(renewal)).toEqual(['backingOff'])
    await renewal.advance(1)
    expect(where(renewal)).toEqual(['takingTurn.waiting'])
  })

  it('is over for who comes back after a sleep in which no timer ran', async () => {
    const renewal = await pausing('provider_unavailable', 90_000)
    renewal.shiftClock(90_000)
    renewal.script.say('watchConditions', { type: 'page.resumed' })
    expect(where(renewal)).toEqual(['takingTurn.waiting'])
  })

  it('is cut short when the person asks for it', async () => {
    const renewal = await pausing('provider_unavailable', 90_000)
    renewal.actor.send({ type: 'renewal.retry' })
    expect(where(renewal)).toEqual(['takingTurn.waiting'])
  })

  it('binds no longer once another failure names no time', async () => {
    const renewal = await pausing('provider_unavailable', 90_000)
    renewal.actor.send({ type: 'renewal.retry' })
    await failOnce(renewal, 'network')
    renewal.script.say('watchConditions', { type: 'page.resumed' })
    expect(where(renewal)).toEqual(['takingTurn.waiting'])
  })
})

describe('what happens elsewhere during a try', () => {
  it.each(['network.online', 'page.resumed'] as const)('does not disturb it: %s', async (type) => {
    const renewal = scriptedRenewal()
    await untilRequest(renewal)
    renewal.script.say('watchConditions', { type })
    expect(where(renewal)).toEqual(['takingTurn.requesting'])
    expect(renewal.script.calls('requestTokens')).toHaveLength(1)
  })
})
