import { SessionError } from '../../machines/errors.ts'
import { isPassingStatus, passingProblem, readJson } from '../answers.ts'
import { request, type HttpTools } from '../http.ts'
import { algorithmOf, algorithms, keySetOf, payloadSignedBy, type KeySet } from './signature.ts'

/** A JWT (RFC 7519) whose signature was checked. */
export interface VerifiedJwt {
  readonly algorithm: string
  readonly claims: Readonly<Record<string, unknown>>
}

/** The provider's public keys (JWKS, RFC 7517). */
export interface ProviderKeys {
  /** Loads them, ahead of a request whose answer must not wait for them. Rejects with the codes of a request. */
  prepare(): Promise<void>
  /**
   * Checks the signature (RFC 7515) of a JWT by the provider's keys, which it may have changed a moment ago; `what` names the
   * JWT in messages. Throws `invalid_id_token` for what is no JWT, `algorithm_refused`, `signature_invalid`; and the codes of
   * a request, where the keys cannot be had.
   */
  verify(jwt: string, what: string): Promise<VerifiedJwt>
}

export interface KeysParts {
  readonly authority: string
  readonly tools: HttpTools
  /** `jwks_uri` of the discovery document. */
  address(): Promise<string>
}

/** Keys are asked for again after this long, so that one which was withdrawn is not trusted for ever, ms. */
const keysGood = 10 * 60_000

export function createProviderKeys({ authority, tools, address }: KeysParts): ProviderKeys {
  const provider = `The provider ${authority}`
  let known: { readonly keys: KeySet; readonly at: number } | null = null
  let loading: Promise<KeySet> | null = null

  const load = async (): Promise<KeySet> => {
    const document = await fetchKeys()
    try {
      const keys = keySetOf(document)
      known = { keys, at: tools.clock.now() }
      return keys
    } catch {
      throw new SessionError('invalid_response', `${provider} publishes no key set where its "jwks_uri" points.`)
    }
  }
  const fetchKeys = async (): Promise<Readonly<Record<string, unknown>>> => {
    const init: RequestInit = { credentials: 'omit', headers: { Accept: 'application/json' } }
    const response = await request(tools, provider, await address(), init)
    if (isPassingStatus(response.status)) throw passingProblem(provider, response, tools.clock)
    if (response.ok) return readJson(provider, response)
    throw new SessionError('invalid_response', `${provider} answered ${response.status} where its keys should be.`, {
      status: response.status,
    })
  }
  /** Whoever asks meanwhile gets the same. */
  const reload = (): Promise<KeySet> => {
    loading ??= load().finally(() => {
      loading = null
    })
    return loading
  }
  const fresh = (): KeySet | null =>
    known !== null && Math.abs(tools.clock.now() - known.at) < keysGood ? known.keys : null

  return {
    async prepare() {
      if (fresh() === null) await reload()
    },
    async verify(jwt, what) {
      const refuse = (code: 'invalid_id_token' | 'algorithm_refused' | 'signature_invalid', problem: string) =>
        new SessionError(code, `${provider} sent ${what} that ${problem}. It was refused.`)
      const algorithm = attempt(() => algorithmOf(jwt), null)
      if (algorithm === null) throw refuse('invalid_id_token', 'is not a JWT')
      if (typeof algorithm !== 'string' || !algorithms.includes(algorithm)) {
        const named = typeof algorithm === 'string' ? `"${algorithm.slice(0, 20)}"` : 'no algorithm'
        throw refuse(
          'algorithm_refused',
          `is signed with ${named}, where a public key must be (RS256, ES256, EdDSA, …)`,
        )
      }
      const keys = known?.keys
      let payload = keys === undefined ? null : await payloadSignedBy(keys, jwt)
      // By none that was known: the provider may have changed its keys since.
      payload ??= await payloadSignedBy(await reload(), jwt)
      if (payload === null) throw refuse('signature_invalid', "is not signed by one of the provider's keys")
      const claims = attempt<unknown>(() => JSON.parse(new TextDecoder().decode(payload)), null)
      if (typeof claims !== 'object' || claims === null || Array.isArray(claims))
        throw refuse('invalid_id_token', 'holds no claims')
      return { algorithm, claims: claims as Readonly<Record<string, unknown>> }
    },
  }
}

function attempt<T>(work: () => T, otherwise: T): T {
  try {
    return work()
  } catch {
    return otherwise
  }
}
