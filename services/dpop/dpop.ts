import type { Clock } from '../../machines/facts.ts'
import type { ProofKeys } from './keys.ts'
import { makeProof, thumbprintOf, type ProofKey } from './proof.ts'

/** A request that a proof goes with. */
export interface ProvenRequest {
  readonly url: string
  readonly method: string
  /** `login` and `renewal` at the token endpoint, `resource` with an access token. */
  readonly purpose: 'login' | 'renewal' | 'resource'
  readonly accessToken?: string
}

/** Demonstrating Proof of Possession (RFC 9449): tokens that are of no use without this browser's key. */
export interface Dpop {
  /** For `dpop_jkt` (section 10); absent where the key does not last until the answer to such a login. */
  thumbprint(via: 'redirect' | 'popup'): Promise<string | undefined>
  /**
   * Sends a request with its proof, and once more if the other side does not take it for its nonce (sections 8 and 9) or for
   * its time. A request whose proof is refused was not processed.
   */
  send(request: ProvenRequest, transmit: (proof: string) => Promise<Response>): Promise<Response>
}

/** What another origin said of proofs. */
interface Known {
  readonly nonce?: string
  /** ms that its clock is ahead of ours. */
  readonly ahead?: number
}

/** HTTP dates are whole seconds, and so is `iat`: less of a difference is none, s. */
const leastDifference = 2

interface DpopParts {
  readonly keys: ProofKeys
  readonly clock: Clock
  readonly randomId: () => string
}

export function createDpop({ keys, clock, randomId }: DpopParts): Dpop {
  const origins = new Map<string, Known>()

  /** One try. `retry`: there is something to do better, if the proof was what the answer is about. */
  const attempt = async (
    key: ProofKey,
    { url, method, accessToken }: ProvenRequest,
    transmit: (proof: string) => Promise<Response>,
  ): Promise<{ readonly response: Response; readonly learn: () => boolean }> => {
    const { origin } = new URL(url)
    const { nonce, ahead = 0 } = origins.get(origin) ?? {}
    const issuedAt = Math.floor((clock.now() + ahead) / 1000)
    const response = await transmit(await makeProof(key, { url, method, id: randomId(), issuedAt, accessToken, nonce }))
    const note = (more: Known): void => void origins.set(origin, { ...origins.get(origin), ...more })
    const given = response.headers.get('DPoP-Nonce')
    if (given !== null) note({ nonce: given })

    const learn = (): boolean => {
      // Only of a refusal: an answer from a cache has an old date. A browser shows it where the other side exposes it (CORS).
      const date = Date.parse(response.headers.get('Date') ?? '')
      const isOff = Number.isFinite(date) && Math.abs(date / 1000 - issuedAt) >= leastDifference
      if (isOff) note({ ahead: date - clock.now() })
      return isOff || (given !== null && given !== nonce)
    }
    return { response, learn }
  }

  return {
    async thumbprint(via) {
      const key = await keys.load(true)
      return via === 'popup' || keys.outlivesPage() ? thumbprintOf(key) : undefined
    },
    async send(request, transmit) {
      const { purpose } = request
      const key = purpose === 'resource' ? await keys.known() : await keys.load(purpose === 'login')
      const { response, learn } = await attempt(key, request, transmit)
      const isRefused = purpose === 'resource' ? response.status === 401 : await isProofRefused(response)
      if (!isRefused || !learn()) return response
      await response.body?.cancel()
      return (await attempt(key, request, transmit)).response
    },
  }
}

/** At the token endpoint: any other refusal may have cost the code or the refresh token, and is final. */
async function isProofRefused(response: Response): Promise<boolean> {
  if (response.status !== 400 && response.status !== 401) return false
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => null)
  const error = typeof body === 'object' && body !== null && 'error' in body ? body.error : undefined
  return error === 'use_dpop_nonce' || error === 'invalid_dpop_proof'
}
