import { describe, expect, it } from 'vitest'
import { createScript, renewedFacts, scriptedRenewal, someFacts, testNow } from '../../../services/memory/index.ts'
import { error, problem, renew, untilRequest, where, type ScriptedRenewal } from '../../support/charts.ts'

const output = ({ actor }: ScriptedRenewal) => actor.getSnapshot().output
const context = ({ actor }: ScriptedRenewal) => actor.getSnapshot().context
const newer = () => renewedFacts(someFacts(), testNow)

const requesting = async () => {
  const renewal = scriptedRenewal()
  await untilRequest(renewal)
  return renewal
}
const confirming = async (code: 'invalid_grant' | 'invalid_client' | 'login_required' = 'invalid_grant') => {
  const renewal = await requesting()
  renewal.script.fail('requestTokens', error(code))
  await renewal.rest()
  return renewal
}
const committing = async () => {
  const renewal = await requesting()
  renewal.script.settle('requestTokens', undefined)
  await renewal.rest()
  return renewal
}

describe('a renewal that goes well', () => {
  it('asks for the turn, looks again, spends the refresh token, and writes, in this order', async () => {
    const renewal = scriptedRenewal()
    expect(where(renewal)).toEqual(['takingTurn.waiting'])
    const facts = await renew(renewal)
    expect(renewal.script.calls().map(({ port }) => port)).toEqual([
      'watchConditions',
      'holdTurn',
      'recheckVault',
      'requestTokens',
      'commitTokens',
    ])
    expect(renewal.script.calls().map(({ input }) => input)).toEqual(Array(5).fill({ facts: someFacts() }))
    expect(where(renewal)).toEqual(['renewed'])
    expect(output(renewal)).toEqual({ outcome: 'renewed', facts })
  })

  it('P4 is told of only when it is written', async () => {
    const renewal = await committing()
    expect(where(renewal)).toEqual(['takingTurn.committing'])
    expect(renewal.actor.getSnapshot().status).toBe('active')
  })

  it('P10 has its turn until it is written, and then gives it back', async () => {
    const renewal = await committing()
    expect(renewal.script.isOpen('holdTurn')).toBe(true)
    renewal.script.settle('commitTokens', { outcome: 'renewed', facts: newer() })
    await renewal.rest()
    expect(renewal.script.calls().filter(({ state }) => state === 'listening')).toEqual([])
    expect(renewal.waits()).toEqual([])
  })
})

describe('the turn', () => {
  it('P10 is waited for: no request before it comes', async () => {
    const renewal = scriptedRenewal()
    await renewal.advance(14_999)
    expect(renewal.script.calls('recheckVault')).toEqual([])
    expect(where(renewal)).toEqual(['takingTurn.waiting'])
  })

  it('P10 is not waited for for ever: it is given up, and asked for again', async () => {
    const renewal = scriptedRenewal()
    await renewal.advance(15_000)
    expect(where(renewal)).toEqual(['backingOff'])
    expect(renewal.script.calls('holdTurn').map(({ state }) => state)).toEqual(['disposed'])
    expect(context(renewal)).toMatchObject({ attempts: 1, problem: { code: 'timeout' } })
    await renewal.advance(750)
    expect(where(renewal)).toEqual(['takingTurn.waiting'])
    expect(renewal.script.calls('holdTurn').map(({ state }) => state)).toEqual(['disposed', 'listening'])
  })

  it('is asked for again when it is refused', async () => {
    const renewal = scriptedRenewal()
    renewal.script.say('holdTurn', { type: 'turn.refused' })
    expect(where(renewal)).toEqual(['backingOff'])
    expect(context(renewal)).toMatchObject({ attempts: 1, problem: null })
  })

  it('is given back when it is taken away in the middle of a request, which goes on by itself', async () => {
    const renewal = await requesting()
    renewal.script.say('holdTurn', { type: 'turn.refused' })
    expect(where(renewal)).toEqual(['backingOff'])
    expect(renewal.script.calls('requestTokens')[0]?.state).toBe('left')
  })

  it('is asked for again when asking fails', async () => {
    const script = createScript()
    script.refuse('holdTurn', error('unexpected'))
    const next = scriptedRenewal({ script })
    expect(where(next)).toEqual(['backingOff'])
    expect(context(next)).toMatchObject({ attempts: 1, problem: problem('unexpected') })
    script.hold('holdTurn')
    await next.advance(750)
    expect(where(next)).toEqual(['takingTurn.waiting'])
  })

  it('P10 is not needed any more once another tab has renewed', async () => {
    const renewal = scriptedRenewal()
    renewal.script.say('watchConditions', { type: 'sibling.renewed', facts: newer() })
    expect(where(renewal)).toEqual(['adopted'])
    expect(output(renewal)).toEqual({ outcome: 'adopted', facts: newer() })
    expect(renewal.script.calls('holdTurn')[0]?.state).toBe('disposed')
  })

  it('is still needed when what another tab wrote is not newer, or another login', async () => {
    const renewal = scriptedRenewal()
    renewal.script.say('watchConditions', { type: 'sibling.renewed', facts: someFacts() })
    renewal.script.say('watchConditions', { type: 'sibling.renewed', facts: { ...newer(), generation: 'login-2' } })
    expect(where(renewal)).toEqual(['takingTurn.waiting'])
  })

  it('can be had without a watch', async () => {
    const script = createScript()
    script.refuse('watchConditions', error('unexpected'))
    const next = scriptedRenewal({ script })
    await renew(next)
    expect(where(next)).toEqual(['renewed'])
  })
})

describe('looking again once it is our turn', () => {
  it.each([
    ['another tab has renewed', { outcome: 'adopted', facts: newer() }],
    ['the vault holds another login, or none', { outcome: 'discarded' }],
  ] as const)('P10 spends no refresh token when %s', async (_name, result) => {
    const renewal = scriptedRenewal()
    renewal.script.grantTurn()
    await renewal.rest()
    renewal.script.settle('recheckVault', result)
    await renewal.rest()
    expect(where(renewal)).toEqual([result.outcome])
    expect(output(renewal)).toEqual(result)
    expect(renewal.script.calls('requestTokens')).toEqual([])
  })

  it('P20 is tried again when the vault cannot be read', async () => {
    const renewal = scriptedRenewal()
    renewal.script.grantTurn()
    await renewal.rest()
    renewal.script.fail('recheckVault', error('vault_unreadable'))
    await renewal.rest()
    expect(where(renewal)).toEqual(['backingOff'])
    expect(context(renewal)).toMatchObject({ attempts: 1, problem: problem('vault_unreadable') })
  })

  it('is tried again when the vault does not answer', async () => {
    const renewal = scriptedRenewal()
    renewal.script.grantTurn()
    await renewal.advance(3_000)
    expect(where(renewal)).toEqual(['backingOff'])
    expect(context(renewal)).toMatchObject({ attempts: 1, problem: { code: 'timeout' } })
    expect(renewal.script.calls('recheckVault')[0]?.state).toBe('left')
  })
})

describe('the request', () => {
  it.each([
    'network',
    'timeout',
    'provider_unavailable',
    'invalid_response',
    'issuer_mismatch',
    'unexpected',
    'session_ended',
  ] as const)('P8 is tried again, and ends nothing: %s', async (code) => {
    const renewal = await requesting()
    renewal.script.fail('requestTokens', error(code))
    await renewal.rest()
    expect(where(renewal)).toEqual(['backingOff'])
    expect(context(renewal)).toMatchObject({ attempts: 1, problem: problem(code) })
    expect(renewal.script.calls('confirmVerdict')).toEqual([])
    expect(renewal.script.isOpen('holdTurn')).toBe(false)
  })

  it('P8 is tried again when a service throws something else altogether', async () => {
    const renewal = await requesting()
    renewal.script.fail('requestTokens', 'eyJ0b2tlbg')
    await renewal.rest()
    expect(where(renewal)).toEqual(['backingOff'])
    expect(JSON.stringify(renewal.actor.getPersistedSnapshot())).not.toContain('eyJ0b2tlbg')
  })

  it('P8 waits for the network when the browser says that it is offline', async () => {
    const renewal = await requesting()
    renewal.script.fail('requestTokens', error('offline'))
    await renewal.rest()
    expect(where(renewal)).toEqual(['waitingForNetwork'])
    expect(context(renewal)).toMatchObject({ attempts: 1, problem: problem('offline') })
    expect(renewal.script.isOpen('holdTurn')).toBe(false)
  })

  it('is given up after a time; it goes on by itself, and its answer is found at the next turn', async () => {
    const renewal = await requesting()
    await renewal.advance(45_000)
    expect(where(renewal)).toEqual(['backingOff'])
    expect(context(renewal)).toMatchObject({ attempts: 1, problem: { code: 'timeout' } })
    await renewal.advance(750)
    renewal.script.grantTurn()
    await renewal.rest()
    renewal.script.settle('recheckVault', { outcome: 'adopted', facts: newer() })
    await renewal.rest()
    expect(output(renewal)).toEqual({ outcome: 'adopted', facts: newer() })
    expect(renewal.script.calls('requestTokens')).toHaveLength(1)
  })
})

describe('a verdict of the provider', () => {
  it.each(['invalid_grant', 'invalid_client', 'login_required'] as const)(
    'P8 counts only when the vault confirms that it meant this session: %s',
    async (code) => {
      const renewal = await confirming(code)
      expect(where(renewal)).toEqual(['takingTurn.confirming'])
      expect(renewal.script.lastInput('confirmVerdict')).toEqual({ facts: someFacts(), problem: problem(code) })
      renewal.script.settle('confirmVerdict', { outcome: 'rejected', problem: problem(code) })
      await renewal.rest()
      expect(where(renewal)).toEqual(['rejected'])
      expect(output(renewal)).toEqual({ outcome: 'rejected', problem: problem(code) })
    },
  )

  it('P10 was about the old refresh token when another tab has renewed', async () => {
    const renewal = await confirming()
    renewal.script.settle('confirmVerdict', { outcome: 'adopted', facts: newer() })
    await renewal.rest()
    expect(where(renewal)).toEqual(['adopted'])
    expect(output(renewal)).toEqual({ outcome: 'adopted', facts: newer() })
  })

  it('P12 is not about another login', async () => {
    const renewal = await confirming()
    renewal.script.settle('confirmVerdict', { outcome: 'discarded' })
    await renewal.rest()
    expect(where(renewal)).toEqual(['discarded'])
    expect(output(renewal)).toEqual({ outcome: 'discarded' })
  })

  it('P20 counts for nothing while the vault cannot be asked', async () => {
    const renewal = await confirming()
    renewal.script.fail('confirmVerdict', error('vault_unreadable'))
    await renewal.rest()
    expect(where(renewal)).toEqual(['backingOff'])
    expect(context(renewal)).toMatchObject({ attempts: 1, problem: problem('vault_unreadable') })
  })

  it('counts for nothing while the vault does not answer', async () => {
    const renewal = await confirming()
    await renewal.advance(3_000)
    expect(where(renewal)).toEqual(['backingOff'])
    expect(context(renewal)).toMatchObject({ attempts: 1, problem: { code: 'timeout' } })
  })
})

describe('the write', () => {
  it('P5 that fails leaves credentials that are usable', async () => {
    const renewal = await committing()
    renewal.script.settle('commitTokens', { outcome: 'unsaved', facts: newer() })
    await renewal.rest()
    expect(where(renewal)).toEqual(['unsaved'])
    expect(output(renewal)).toEqual({ outcome: 'unsaved', facts: newer() })
  })

  it('P12 does not happen after a logout or a new login', async () => {
    const renewal = await committing()
    renewal.script.settle('commitTokens', { outcome: 'discarded' })
    await renewal.rest()
    expect(where(renewal)).toEqual(['discarded'])
    expect(output(renewal)).toEqual({ outcome: 'discarded' })
  })

  it.each(['fails', 'hangs'] as const)('that %s in an unforeseen way is looked for at the next turn', async (how) => {
    const renewal = await committing()
    if (how === 'fails') renewal.script.fail('commitTokens', error('unexpected'))
    await renewal.rest()
    if (how === 'hangs') await renewal.advance(3_000)
    expect(where(renewal)).toEqual(['backingOff'])
    expect(context(renewal)).toMatchObject({
      attempts: 1,
      problem: { code: how === 'fails' ? 'unexpected' : 'timeout' },
    })
  })
})
