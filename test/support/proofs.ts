import { createHash } from 'node:crypto'
import { calculateJwkThumbprint, EmbeddedJWK, jwtVerify, type JWTPayload } from 'jose'
import { onTestFinished } from 'vitest'

interface ReadProof {
  readonly proof: Readonly<JWTPayload> | null
  /** Thumbprint of the proof's key. */
  readonly key: string | null
  readonly jwk: object | null
}

/** One request as it left this process, with what its proof says. */
export interface SentRequest extends ReadProof {
  readonly url: string
  readonly method: string
  readonly authorization: string | null
  readonly status: number
}

/** What a proof says, once it was verified; at any time, for a test may be about clocks. */
export async function readProof(proof: string | null): Promise<ReadProof> {
  if (proof === null) return { proof, key: null, jwk: null }
  const expected = { typ: 'dpop+jwt', algorithms: ['ES256'], currentDate: new Date(0) }
  const { payload, protectedHeader } = await jwtVerify(proof, EmbeddedJWK, expected)
  const { jwk } = protectedHeader
  if (jwk === undefined) throw new Error('The proof names no key')
  return { proof: payload, key: await calculateJwkThumbprint(jwk), jwk }
}

/** Notes every request of this process until the test is over; each proof is verified. `change` answers in another way. */
export function watchRequests(change: (response: Response) => Response = (response) => response): SentRequest[] {
  const sent: SentRequest[] = []
  const { fetch } = globalThis
  onTestFinished(() => {
    globalThis.fetch = fetch
  })
  globalThis.fetch = async (input, init) => {
    const { url, method, headers } = new Request(input instanceof Request ? input.clone() : input, init)
    const response = await fetch(input, init)
    sent.push({
      url,
      method,
      authorization: headers.get('Authorization'),
      status: response.status,
      ...(await readProof(headers.get('DPoP'))),
    })
    return change(response)
  }
  return sent
}

/** What `ath` has to be. */
export const hashOf = (token: string): string => createHash('sha256').update(token).digest('base64url')

/** An answer as a browser shows it of another origin that exposes none of these headers. */
export function hiding(...names: readonly string[]): (response: Response) => Response {
  return (response) =>
    changed(response, (headers) => {
      for (const name of names) headers.delete(name)
    })
}

export function withHeader(name: string, value: string): (response: Response) => Response {
  return (response) => changed(response, (headers) => headers.set(name, value))
}

function changed(response: Response, change: (headers: Headers) => void): Response {
  const headers = new Headers(response.headers)
  change(headers)
  const { status, statusText } = response
  return new Response(response.body, { status, statusText, headers })
}
