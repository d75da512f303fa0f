import type { IncomingMessage } from 'node:http'
import { createHash } from 'node:crypto'
import { calculateJwkThumbprint, EmbeddedJWK, jwtVerify } from 'jose'
import type Provider from 'oidc-provider'
import { unauthorized } from './errors.ts'

export interface Bearer {
  subject: string
  scopes: ReadonlySet<string>
}

/** Whoever the access token of a request speaks for. Any reason to refuse it is an ApiError with 401. */
export async function bearerOf(provider: Provider, audience: string, req: IncomingMessage): Promise<Bearer> {
  const [scheme = '', value, ...rest] = (req.headers.authorization ?? '').split(' ')
  const isDpop = scheme.toLowerCase() === 'dpop'
  if (!value || rest.length > 0 || !(isDpop || scheme.toLowerCase() === 'bearer')) {
    throw unauthorized('Missing authentication')
  }
  const token = await provider.AccessToken.find(value)
  const grant = token?.grantId === undefined ? undefined : await provider.Grant.find(token.grantId)
  if (!token || !grant || token.isExpired) throw unauthorized('Invalid token')
  if (token.extra?.['audience'] !== audience && token.aud !== audience) {
    throw unauthorized(`Bad audience: this token is not for ${audience}`)
  }
  if (isDpop !== (token.jkt !== undefined)) {
    throw unauthorized(isDpop ? 'This token is not bound to a DPoP key' : 'This token is bound to a DPoP key')
  }
  if (token.jkt !== undefined) {
    const path = new URL(req.url ?? '', provider.issuer).pathname
    await verifyProof(req, value, token.jkt, new URL(path, provider.issuer).href)
  }
  return { subject: token.accountId, scopes: token.scopes }
}

/** RFC 9449, section 4.3; a proof that is seen twice is not noticed (oidc-provider does so at its own endpoints). */
async function verifyProof(req: IncomingMessage, token: string, thumbprint: string, target: string) {
  const proof = req.headers['dpop']
  if (typeof proof !== 'string') throw unauthorized('DPoP proof is missing')
  try {
    const { payload, protectedHeader } = await jwtVerify(proof, EmbeddedJWK, { typ: 'dpop+jwt', maxTokenAge: 300 })
    const hash = createHash('sha256').update(token).digest('base64url')
    const fits =
      payload['htm'] === req.method &&
      payload['htu'] === target &&
      payload['ath'] === hash &&
      protectedHeader.jwk !== undefined &&
      (await calculateJwkThumbprint(protectedHeader.jwk)) === thumbprint
    if (fits) return
  } catch {
    // Falls through to the one answer that there is for any bad proof.
  }
  throw unauthorized('DPoP proof is invalid')
}
