import { createHash } from 'node:crypto'
import { base64url, CompactSign, decodeJwt, decodeProtectedHeader, importJWK, type JWK } from 'jose'
import type { IdTokenFault } from './faults.ts'
import { isRecord } from './json.ts'

/** The JSON of a token response, with its ID token made anew as `fault` says; as it is, where there is none. */
export async function withOtherIdToken(body: string, fault: IdTokenFault, signing: JWK): Promise<string> {
  const answer: unknown = JSON.parse(body)
  if (!isRecord(answer) || typeof answer['id_token'] !== 'string') return body
  const { id_token: before, access_token: accessToken } = answer
  const after = fault.text ?? (await remake(before, String(accessToken), fault, signing))
  return JSON.stringify({ ...answer, id_token: after })
}

async function remake(idToken: string, accessToken: string, fault: IdTokenFault, signing: JWK): Promise<string> {
  const { set = {}, remove = [], header = {}, key = 'provider' } = fault
  const jwk: JWK = typeof key === 'object' ? key : signing
  const { kid = decodeProtectedHeader(idToken).kid, alg = 'RS256' } = jwk
  const claims = { ...decodeJwt(idToken), at_hash: accessTokenHash(alg, accessToken), ...set }
  const payload = without(claims, remove)
  const members = { alg: key === 'none' ? 'none' : alg, kid, ...header }
  const head = without(
    members,
    Object.keys(header).filter((name) => header[name] === null),
  )
  if (key === 'none') return `${encode(head)}.${encode(payload)}.`
  const signed = await new CompactSign(new TextEncoder().encode(JSON.stringify(payload)))
    .setProtectedHeader({ alg, ...head })
    .sign(await importJWK(jwk, alg))
  return key === 'broken' ? spoil(signed) : signed
}

const encode = (value: object) => base64url.encode(JSON.stringify(value))

const without = (record: Record<string, unknown>, names: string[]) =>
  Object.fromEntries(Object.entries(record).filter(([name]) => !names.includes(name)))

/** Another signature of the same length. */
function spoil(jws: string): string {
  const at = jws.lastIndexOf('.') + 1
  return jws.slice(0, at) + (jws[at] === 'A' ? 'B' : 'A') + jws.slice(at + 1)
}

/** OpenID Connect Core 3.1.3.6. */
function accessTokenHash(alg: string, accessToken: string): string {
  const size = /(256|384|512)$/.exec(alg)?.[1] ?? '512'
  const digest = createHash(`sha${size}`).update(accessToken).digest()
  return digest.subarray(0, digest.length / 2).toString('base64url')
}
