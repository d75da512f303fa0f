import type { OidcClient } from 'oidc-client-ts'
import { SessionError } from '../../machines/errors.ts'
import type { TokenAnswer } from '../credentials/facts.ts'
import type { VaultEntry } from '../vault/types.ts'
import { readTokenAnswer } from './answers.ts'
import type { Oidc } from './client.ts'
import { checkRenewedIdToken } from './id-token.ts'

/** How long a renewal may take, s. Long: one that is given up may still have rotated the refresh token. */
const renewalTimeout = 60

type RefreshState = Parameters<OidcClient['useRefreshToken']>[0]['state']

/**
 * Spends the refresh token of an entry (RFC 6749 section 6). `beforeSpending` may throw: then it is not spent. Throws our codes;
 * a verdict is one of the provider's.
 */
export async function renewTokens(
  oidc: Oidc,
  { facts, tokens }: VaultEntry,
  beforeSpending: () => void,
): Promise<TokenAnswer> {
  if (tokens.refreshToken === undefined)
    throw new SessionError('no_refresh_token', 'There is no refresh token to renew with.')
  const { issuer } = await oidc.metadata()
  // Once the refresh token is spent, nothing may have to wait. Without keys it goes on all the same.
  await oidc.keys.prepare().catch(() => {})
  beforeSpending()
  const response = await oidc.talk((client) =>
    client.useRefreshToken({
      // A plain record: oidc-client-ts does not export its class, nor need it. Of the profile only the subject is compared.
      state: {
        refresh_token: tokens.refreshToken,
        ...(tokens.idToken === undefined ? {} : { id_token: tokens.idToken }),
        session_state: null,
        scope: facts.scope,
        profile: { sub: facts.subject },
      } as RefreshState,
      timeoutInSeconds: renewalTimeout,
    }),
  )
  const answer = readTokenAnswer(oidc, response)
  const { idToken, accessToken } = answer
  // oidc-client-ts fills in the old one where none came.
  if (idToken !== undefined && idToken !== tokens.idToken)
    await checkRenewedIdToken(oidc, { idToken, accessToken, issuer, subject: facts.subject })
  return answer
}
