import { compactVerify, createLocalJWKSet, decodeProtectedHeader, errors } from 'jose'

/** Signatures, by `jose`. */

export type KeySet = ReturnType<typeof createLocalJWKSet>

/** Asymmetric ones alone: a public client shares no secret with its provider, and `none` is no signature. */
export const algorithms: readonly string[] = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
]

/** Throws what is no key set (RFC 7517 section 5). */
export function keySetOf(document: Readonly<Record<string, unknown>>): KeySet {
  // Checked by it, whatever its type says.
  return createLocalJWKSet(document as unknown as Parameters<typeof createLocalJWKSet>[0])
}

/** `alg` of a JWT (RFC 7515 section 4.1.1). Throws what is no JWT. */
export const algorithmOf = (jwt: string): unknown => decodeProtectedHeader(jwt).alg

/** What was signed; `null`: by none of these keys. */
export async function payloadSignedBy(keys: KeySet, jwt: string): Promise<Uint8Array | null> {
  const options = { algorithms: [...algorithms] }
  try {
    return (await compactVerify(jwt, keys, options)).payload
  } catch (error) {
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) return null
    // Without `kid` several keys may have done it.
    for await (const key of error) {
      const verified = await compactVerify(jwt, key, options).catch(() => null)
      if (verified !== null) return verified.payload
    }
    return null
  }
}
