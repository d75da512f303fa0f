import type { Problem } from '../errors.ts'
import type { CompletedLogin, SessionContext, SessionFact } from './types.ts'

/** What is told of a login, put together from what the context says by then. */
export const completedFact = ({ returnTo }: CompletedLogin): SessionFact =>
  returnTo === undefined ? { type: 'login.completed' } : { type: 'login.completed', returnTo }
const returnOf = ({ login }: SessionContext): { readonly returnTo?: string } =>
  login?.request.returnTo === undefined ? {} : { returnTo: login.request.returnTo }
export const loginFailedFact = ({ context }: { context: SessionContext }): SessionFact => ({
  type: 'login.failed',
  problem: context.problem ?? { code: 'unexpected', message: 'The login failed.' },
  ...returnOf(context),
})
export const silentEndedFact = (context: SessionContext, problem?: Problem): SessionFact => ({
  type: 'silentLogin.ended',
  ...(problem === undefined ? {} : { problem }),
  ...returnOf(context),
})
