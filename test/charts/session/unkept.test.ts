import { expect, it } from 'vitest'
import { signedInSession, someSession } from '../../../services/memory/index.ts'
import { context, problem, where } from '../../support/charts.ts'

it.each([
  ['login', 'loginInPopup'],
  ['stepUp', 'stepUpInPopup'],
] as const)('P20 a %s that works but cannot be stored is told as such', async (type, port) => {
  const restored =
    type === 'login'
      ? ({ outcome: 'empty', reason: 'never' } as const)
      : ({ outcome: 'found', ...someSession() } as const)
  const session = await signedInSession({ restored })
  session.actor.send({ type, via: 'popup' })
  session.script.settle(port, { ...someSession({ generation: 'login-2' }), problem: problem('vault_unavailable') })
  await session.rest()
  expect(where(session).join()).toContain('active.access.authenticated')
  expect(context(session).problem).toEqual(problem('vault_unavailable'))
  expect(session.facts).toContainEqual({ type: 'session.troubled', problem: problem('vault_unavailable') })
})
