import { SessionError } from 'sessionchart'
import { renewedFacts, type SessionPlace } from 'sessionchart/testing'
import { expect, test } from 'vitest'
import { show } from './show.tsx'

// Every situation that a person can be in, in one line each.
test.each<readonly [SessionPlace, string]>([
  ['checkingStorage.looking', 'One moment…'],
  ['unauthenticated', 'Please log in.'],
  ['loggedOut', 'You are logged out.'],
  ['authenticating.redirecting', 'One moment…'],
  ['active.access.authenticated', 'alice'],
  ['active.access.refreshing.early', 'alice'],
  ['active.access.refreshing.late', 'Reconnecting…'],
  ['ending.revoking', 'One moment…'],
])('in %s people read “%s”', async (place, words) => {
  const { text } = await show(place)
  expect(text()).toContain(words)
})

test('“Log in” leaves for the provider', async () => {
  const { script, press } = await show('unauthenticated')
  await press('Log in')
  expect(script.calls('redirectToLogin')).toHaveLength(1)
})

test('a login that fails says why, and can be tried again', async () => {
  const { script, happen, press, text } = await show('authenticating.completing')
  await happen(() => script.fail('completeLogin', new SessionError('login_denied', 'You said no.')))
  // Nobody was signed in before.
  await happen(() => script.settle('restoreSession', { outcome: 'empty', reason: 'never' }))
  expect(text()).toContain('You said no.')
  await press('Log in')
  expect(script.isOpen('redirectToLogin')).toBe(true)
})

test('while it reconnects nobody is sent away; once the provider answers, all is as before', async () => {
  const { session, script, happen, text } = await show('active.access.refreshing.late')
  script.answer('recheckVault', { outcome: 'same' })
  script.refuseNext('requestTokens', new SessionError('network', 'The network is gone.'))
  await happen(() => script.grantTurn())
  expect(text()).toContain('Reconnecting…')

  const { facts } = session.getSnapshot().context
  if (facts === null) throw new Error('Nobody is signed in.')
  script.answer('requestTokens', undefined)
  script.answer('commitTokens', { outcome: 'renewed', facts: renewedFacts(facts, session.clock.now()) })
  // Timers wait until the test says that time passes.
  await happen(() => session.advance(1_000))
  await happen(() => script.grantTurn())
  expect(text()).not.toContain('Reconnecting…')
  expect(text()).toContain('alice')
})

test('ahead of the end people are asked, and stay when they answer', async () => {
  const { press, text } = await show('active.access.authenticated', 'active.limits.warned')
  expect(text()).toContain('Are you still there?')
  await press('I am')
  expect(text()).not.toContain('Are you still there?')
})

test('“Log out” ends the session here, whatever the provider says', async () => {
  const { script, happen, press, text } = await show('active.access.authenticated')
  await press('Log out')
  await happen(() => script.settle('clearCredentials', undefined))
  await happen(() => script.fail('revokeTokens', new SessionError('network', 'The network is gone.')))
  expect(text()).toContain('You are logged out.')
})
