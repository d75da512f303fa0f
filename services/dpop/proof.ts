import { toBase64Url } from '../base64url.ts'

/** The public half of an ES256 key (RFC 7518 section 6.2.1), and nothing else of it. */
interface PublicJwk {
  readonly crv: 'P-256'
  readonly kty: 'EC'
  readonly x: string
  readonly y: string
}

export interface ProofKey {
  readonly pair: CryptoKeyPair
  readonly jwk: PublicJwk
}

export interface ProofClaims {
  readonly url: string
  readonly method: string
  /** Random, of this proof alone. */
  readonly id: string
  /** Epoch s. */
  readonly issuedAt: number
  /** The access token that goes with it, to a resource server. */
  readonly accessToken?: string | undefined
  readonly nonce?: string | undefined
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256' } as const

/** A fresh key for ES256, whose private half no script can read out. */
export async function makeKeyPair(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey(algorithm, false, ['sign', 'verify'])
}

/** Anything may lie in a database; what could be read out is no key of ours either. */
export function isKeyPair(found: unknown): found is CryptoKeyPair {
  const { privateKey, publicKey } = (typeof found === 'object' && found !== null ? found : {}) as Partial<CryptoKeyPair>
  return (
    privateKey instanceof CryptoKey &&
    publicKey instanceof CryptoKey &&
    privateKey.algorithm.name === algorithm.name &&
    publicKey.algorithm.name === algorithm.name &&
    !privateKey.extractable &&
    privateKey.usages.includes('sign')
  )
}

export async function readKey(pair: CryptoKeyPair): Promise<ProofKey> {
  const { x = '', y = '' } = await crypto.subtle.exportKey('jwk', pair.publicKey)
  return { pair, jwk: { crv: 'P-256', kty: 'EC', x, y } }
}

/** A DPoP proof (RFC 9449 section 4.2) for one request. */
export async function makeProof({ pair, jwk }: ProofKey, claims: ProofClaims): Promise<string> {
  const { url, method, id, issuedAt, accessToken, nonce } = claims
  const { origin, pathname } = new URL(url)
  const payload = {
    jti: id,
    htm: method,
    // Without query and fragment.
    htu: `${origin}${pathname}`,
    iat: issuedAt,
    ...(accessToken === undefined ? {} : { ath: await sha256(accessToken) }),
    ...(nonce === undefined ? {} : { nonce }),
  }
  const signed = `${toBase64Url(text({ typ: 'dpop+jwt', alg: 'ES256', jwk }))}.${toBase64Url(text(payload))}`
  const signature = await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, pair.privateKey, bytes(signed))
  return `${signed}.${toBase64Url(new Uint8Array(signature))}`
}

/** The JWK thumbprint (RFC 7638): `jwk` has its members in the order that is demanded there, and no others. */
export const thumbprintOf = ({ jwk }: ProofKey): Promise<string> => sha256(JSON.stringify(jwk))

const bytes = (value: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(value)
const text = (value: object): Uint8Array => bytes(JSON.stringify(value))

async function sha256(value: string): Promise<string> {
  return toBase64Url(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes(value))))
}
