import { exportJWK, generateKeyPair, type JWK } from 'jose'
import { expect } from 'vitest'
import type { Fault } from '../../idp/index.ts'
import type { LoginRequest, Session, SessionErrorCode } from '../../services/index.ts'
import { completeAuthorization } from '../support/sign-in-by-http.ts'
import { alice, expectStatus, patience, type World } from './world.ts'

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never
/** What becomes of an ID token on its way; see `idp/faults.ts`. */
export type Tampering = DistributiveOmit<Extract<Fault, { kind: 'id_token' }>, 'kind' | 'endpoint'>

export interface Case {
  readonly what: string
  /** Of the OpenID Foundation's relying party tests, where there is one. */
  readonly module?: string
  /** Asked of the provider. */
  readonly request?: LoginRequest
  /** Armed when the person is back from the provider. */
  readonly faults: (world: World) => Fault[]
  /** The login response, before it arrives. */
  readonly response?: (callback: URL) => void
  readonly code: SessionErrorCode
}

/** A private key as the provider could have it, or a stranger; `publish` gives what a key set shows of it. */
export async function makeKey(alg: string, kid?: string): Promise<JWK> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true })
  return { ...(await exportJWK(privateKey)), alg, ...(kid === undefined ? {} : { kid }) }
}
export function publish({ kty, crv, x, y, n, e, alg, kid }: JWK): JWK {
  const members = { kty, crv, x, y, n, e, alg, kid, use: 'sig' }
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as JWK
}

/** Of the provider as it is. */
export async function publishedKeys({ provider }: World): Promise<JWK[]> {
  const response = await fetch(`${provider.issuer}/.well-known/jwks.json`)
  return ((await response.json()) as { readonly keys: JWK[] }).keys
}

export const epochSeconds = (fromNow = 0): number => Math.floor(Date.now() / 1000) + fromNow

/** Logs in once more from within a session; says how that ended. */
export async function logInAgain(
  world: World,
  { request = {}, faults, response = () => {} }: Pick<Case, 'request' | 'response'> & { readonly faults: Fault[] },
): Promise<{ readonly ended: 'completed' | SessionErrorCode; readonly message: string; readonly session: Session }> {
  const tab = world.tab()
  const before = world.open(tab)
  await expectStatus(before, 'signedIn')
  before.send({ type: 'login', ...request })
  await expect.poll(() => tab.visited.length, patience).toBe(1)
  const callback = new URL(await completeAuthorization(tab.visited[0] ?? '', alice))
  response(callback)
  await world.leave(before)
  world.provider.faults.add(...faults)
  tab.arrive(callback.href)
  const session = world.open(tab)
  const told: { ended: 'completed' | SessionErrorCode; message: string }[] = []
  session.on('login.completed', () => told.push({ ended: 'completed', message: '' }))
  session.on('login.failed', ({ problem }) => told.push({ ended: problem.code, message: problem.message }))
  await expect.poll(() => told.length, patience).toBe(1)
  return { ...(told[0] ?? { ended: 'unexpected', message: '' }), session }
}
