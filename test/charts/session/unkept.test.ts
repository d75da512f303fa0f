import { expect, it } from 'vitest'
import { scriptedSession, someSession } from '../../../services/memory/index.ts'
import { context, problem, where } from '../../support/charts.ts'

const nobody = { outcome: 'empty', reason: 'never' } as const
const answer = { outcome: 'loginResponse' } as const

it.each([
  ['login in a window', nobody, 'login', 'loginInPopup'],
  ['login by redirect', answer, undefined, 'completeLogin'],
  ['step-up', { outcome: 'found', ...someSession() }, 'stepUp', 'stepUpInPopup'],
  ['silent login in a frame', nobody, undefined, 'loginInFrame'],
  ['silent login by redirect', { ...answer, isSilent: true }, undefined, 'completeLogin'],
] as const)('P20 a %s that works but cannot be stored is told as such', async (_name, restored, type, port) => {
  const session = scriptedSession({ restored, policy: port === 'loginInFrame' ? { silentLogin: 'iframe' } : {} })
  await session.rest()
  if (type !== undefined) session.actor.send({ type, via: 'popup' })
  session.script.settle(port, { ...someSession({ generation: 'login-2' }), problem: problem('vault_unavailable') })
  await session.rest()
  expect(where(session).join()).toContain('active.access.authenticated')
  expect(context(session).problem).toEqual(problem('vault_unavailable'))
  expect(session.facts).toContainEqual({ type: 'session.troubled', problem: problem('vault_unavailable') })
})
