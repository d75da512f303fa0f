import { describe, expect, it, vi } from 'vitest'
import { createScript, renewedFacts, someFacts, someSession } from '../../../services/memory/index.ts'
import { access, context, error, followAccess, quietSession, renew, told, where } from '../../support/charts.ts'

/** Renewed at 240 s, and not written. */
async function unsavedSession(changes = {}) {
  const session = await quietSession()
  await session.advance(240_000)
  const facts = await renew(session, someFacts(changes), 'unsaved')
  return { session, facts }
}

describe('credentials that could not be written', () => {
  it('P5 are used all the same, the app is told, and writing is tried again', async () => {
    const { session, facts } = await unsavedSession()
    expect(access(session)).toBe('unsaved.writing')
    expect([...session.actor.getSnapshot().tags].toSorted()).toEqual(['signedIn', 'usable'])
    expect(context(session).facts).toEqual(facts)
    expect(told(session)).toEqual(['session.started', 'session.renewed', 'session.troubled'])
    expect(session.facts.at(-1)).toMatchObject({ problem: { code: 'store_failed' } })
    expect(session.script.lastInput('saveCredentials')).toEqual({ facts })
  })

  it('P5 are tried again after a pause, until they are written', async () => {
    const { session, facts } = await unsavedSession()
    session.script.fail('saveCredentials', error('store_failed'))
    await session.rest()
    expect(access(session)).toBe('unsaved.pausing')
    await session.advance(20_000)
    expect(access(session)).toBe('unsaved.writing')
    session.script.settle('saveCredentials', { outcome: 'stored', facts: { ...facts, revision: 3 } })
    await session.rest()
    expect(access(session)).toBe('authenticated')
    expect(context(session).facts?.revision).toBe(3)
    expect(told(session)).toEqual(['session.started', 'session.renewed', 'session.troubled'])
  })

  it('are tried again when the storage does not answer', async () => {
    const { session } = await unsavedSession()
    await session.advance(5_000)
    expect(access(session)).toBe('unsaved.pausing')
    expect(session.script.calls('saveCredentials')[0]?.state).toBe('left')
  })

  it('are tried again when the person comes back to this page', async () => {
    const { session } = await unsavedSession()
    session.script.fail('saveCredentials', error('store_failed'))
    await session.rest()
    session.script.say('watchPage', { type: 'page.resumed' })
    expect(access(session)).toBe('unsaved.writing')
    expect(session.script.calls('saveCredentials')).toHaveLength(2)
  })

  it('P12 are thrown away when the vault holds another login by then', async () => {
    const { session } = await unsavedSession()
    session.script.settle('saveCredentials', { outcome: 'discarded' })
    await session.rest()
    expect(where(session)).toEqual(['checkingStorage.looking'])
  })

  it.each([
    ['due', 240_000, 'refreshing.early'],
    ['expired', 300_000, 'refreshing.late'],
  ] as const)('are renewed when they are %s, written or not', async (_name, ms, step) => {
    const { session } = await unsavedSession()
    session.script.refuse('saveCredentials', error('store_failed'))
    session.script.fail('saveCredentials', error('store_failed'))
    await session.rest()
    if (step === 'refreshing.late') session.shiftClock(ms)
    const passed = followAccess(session)
    await session.advance(ms)
    expect(passed.filter((state) => !state?.startsWith('unsaved'))).toEqual([step])
    expect(session.script.lastInput('holdTurn').facts.revision).toBe(2)
  })

  it('P2 are renewed when someone needs a token that lasts longer', async () => {
    const { session } = await unsavedSession()
    session.actor.send({ type: 'token.required' })
    expect(access(session)).toBe('refreshing.early')
  })

  it('are renewed when someone needs a token after they expired', async () => {
    const { session } = await unsavedSession()
    session.shiftClock(300_000)
    session.actor.send({ type: 'token.required' })
    expect(access(session)).toBe('refreshing.late')
  })

  it.each([0, 300_000])('P2 ask for no turn without a refresh token, %i ms later', async (ms) => {
    const { session } = await unsavedSession({ renewable: false })
    session.shiftClock(ms)
    session.actor.send({ type: 'token.required' })
    expect(access(session)).toBe('unsaved.writing')
    expect(session.script.calls('holdTurn')).toHaveLength(1)
  })

  it.each([
    [2, 'refreshing.late'],
    [1, 'unsaved.writing'],
  ])('when revision %i of theirs is refused, are %s', async (revision, state) => {
    const { session } = await unsavedSession()
    session.actor.send({ type: 'token.refused', revision })
    expect(access(session)).toBe(state)
  })

  it('end when they expire and cannot be renewed', async () => {
    const { session } = await unsavedSession({ renewable: false })
    await session.advance(300_000)
    expect(where(session)[0]).toMatch(/^ending/)
    expect(session.script.lastInput('clearCredentials').reason).toBe('expired')
  })

  it('P6 wait on where the timer came before the clock', async () => {
    const { session } = await unsavedSession()
    session.shiftClock(-1_000)
    await session.advance(240_000)
    expect(access(session)).toMatch(/^unsaved/)
    await session.advance(1_000)
    expect(access(session)).toBe('refreshing.early')
  })

  it('give way to a new login of the same person', async () => {
    const { session } = await unsavedSession()
    const other = someSession({ generation: 'login-2', storedAt: session.clock.now() })
    session.script.say('watchSiblings', { type: 'sibling.loggedIn', ...other })
    expect(access(session)).toBe('authenticated')
    expect(session.script.calls('saveCredentials')[0]?.state).toBe('left')
  })
})

/** A renewal that broke: a service did not keep to what its port promises. */
async function recoveringSession(changes = {}, ms = 240_000) {
  const session = await quietSession(changes)
  await session.advance(ms)
  session.script.grantTurn()
  await session.rest()
  session.script.settle('recheckVault', undefined as never)
  await session.rest()
  expect(access(session)).toBe('recovering')
  return session
}

describe('something unforeseen in a renewal', () => {
  it('throws nothing away, says so, and is tried again after a pause', async () => {
    const session = await recoveringSession()
    expect(context(session)).toMatchObject({ facts: someFacts(), problem: { code: 'unexpected' } })
    expect(session.actor.getSnapshot().hasTag('reconnecting')).toBe(true)
    await session.advance(19_999)
    expect(access(session)).toBe('recovering')
    const passed = followAccess(session)
    await session.advance(1)
    expect(passed).toEqual(['refreshing.early'])
  })

  it('is forgotten once it is over', async () => {
    // XState leaves the children of a machine that broke running, and warns when they speak.
    vi.spyOn(console, 'warn').mockImplementation(() => {})
    const session = await recoveringSession()
    await session.advance(20_000)
    expect(context(session).problem).toBeNull()
    await renew(session)
    expect(access(session)).toBe('authenticated')
    expect(told(session)).toEqual(['session.started', 'session.renewed'])
  })

  it.each(['page.resumed', 'token.required'] as const)('is tried again at once at %s', async (type) => {
    const session = await recoveringSession()
    session.actor.send({ type })
    expect(access(session)).toBe('refreshing.early')
  })

  it.each(['page.resumed', 'token.required', 'the end of the pause'] as const)(
    'is late after the expiry, at %s',
    async (type) => {
      const session = await recoveringSession()
      session.shiftClock(60_000)
      const passed = followAccess(session)
      if (type === 'the end of the pause') await session.advance(20_000)
      else session.actor.send({ type })
      expect(passed, 'the old token is not taken for usable once more').toEqual(['refreshing.late'])
    },
  )

  it.each(['page.resumed', 'token.required', 'the end of the pause'] as const)(
    'P8 ends a session whose last credentials came expired and cannot be renewed, at %s',
    async (type) => {
      const session = await quietSession()
      await session.advance(240_000)
      session.script.answer('requestTokens', undefined)
      const now = session.clock.now()
      const facts = { ...someFacts(), revision: 2, renewable: false, storedAt: now, expiresAt: now }
      session.script.answer('commitTokens', { outcome: 'renewed', facts })
      session.script.answer('recheckVault', { outcome: 'same' })
      session.script.grantTurn()
      await session.rest()
      expect(access(session)).toBe('recovering')
      if (type === 'the end of the pause') await session.advance(20_000)
      else session.actor.send({ type })
      await session.advance(0)
      expect(where(session)).toEqual(['ending.clearing'])
      expect(session.script.lastInput('clearCredentials').reason).toBe('expired')
    },
  )

  it('P10 takes over what another tab has renewed', async () => {
    const session = await recoveringSession()
    const facts = renewedFacts(someFacts(), session.clock.now())
    session.script.say('watchSiblings', { type: 'sibling.renewed', facts })
    expect(access(session)).toBe('authenticated')
    expect(context(session)).toMatchObject({ facts, problem: null })
    expect(session.facts.at(-1)).toEqual({ type: 'session.renewed', expiresAt: facts.expiresAt })
  })

  it('does not take over what is not newer', async () => {
    const session = await recoveringSession()
    session.script.say('watchSiblings', { type: 'sibling.renewed', facts: someFacts() })
    expect(access(session)).toBe('recovering')
  })

  it('does not stop the session when the account chart breaks', async () => {
    const script = createScript()
    const session = await quietSession({}, { script })
    const { account } = session.actor.getSnapshot().children
    script.hold('loadMetadata')
    session.actor.send({ type: 'metadata.reload' })
    script.settle('loadMetadata', undefined as never)
    await session.rest()
    expect(account?.getSnapshot().status).toBe('error')
    expect(access(session)).toBe('authenticated')
    expect(session.actor.getSnapshot().status).toBe('active')
  })
})
