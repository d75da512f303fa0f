import type { SigninResponse } from 'oidc-client-ts'
import { SessionError } from '../../machines/errors.ts'
import type { Oidc } from './client.ts'

/** How long after a failure a code is sent again, ms. Codes live a minute or less: a longer wait would be for nothing. */
const pauses = [500, 1_500, 4_000]
const longestPause = 10_000

/**
 * Exchanges a code for tokens (RFC 6749 section 4.1.3). Cut by the network, or refused for now, it is sent again: a code that
 * had got there is refused the second time, and nothing is lost but this login.
 */
export async function exchangeCode(oidc: Oidc, href: string, stateId: string): Promise<SigninResponse> {
  // Taken out of the storage by whoever comes first, so that two windows with the same answer do not both send it.
  const remembered = await oidc.states.get(stateId)
  for (let tries = 1; ; tries += 1) {
    try {
      return await oidc.talk((client) => client.processSigninResponse(href))
    } catch (error) {
      const pause = pauses[tries - 1]
      if (remembered === null || pause === undefined || !mayPass(error)) throw error
      const wanted = Math.max(pause, error.retryAfter ?? 0)
      if (wanted > longestPause) throw error
      await new Promise((resume) => setTimeout(resume, wanted))
      await oidc.states.set(stateId, remembered)
    }
  }
}

/** Not after a `timeout`: what it asked for may still happen. */
const mayPass = (error: unknown): error is SessionError =>
  error instanceof SessionError && ['network', 'offline', 'provider_unavailable'].includes(error.code)
