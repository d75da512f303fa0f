import {
  InMemoryWebStorage,
  WebStorageStateStore,
  type OidcClient,
  type OidcMetadata,
  type StateStore,
} from 'oidc-client-ts'
import { SessionError } from '../../machines/errors.ts'
import type { Platform } from '../browser/platform.ts'
import type { Dpop } from '../dpop/dpop.ts'
import { inTime, type HttpTools } from '../http.ts'
import { stateKeyPrefix, stateStorageOf } from '../login/address.ts'
import type { Settings } from '../options.ts'
import { toOidcError } from './errors.ts'
import { createProviderKeys, type ProviderKeys } from './keys.ts'
import { createClient } from './library.ts'

/** The provider, as the services below talk to it. */
export interface Oidc extends HttpTools {
  readonly authority: string
  readonly settings: Settings
  /** Where a login is remembered while the person is at the provider. */
  readonly states: StateStore
  readonly keys: ProviderKeys
  /** `null`: tokens are bearer tokens. */
  readonly dpop: Dpop | null
  /** Whatever is done with the client, with our error codes. */
  talk<T>(work: (client: OidcClient) => Promise<T>): Promise<T>
  /** The discovery document (OpenID Connect Discovery 1.0), of this issuer and no other; fetched once, again after a failure. */
  metadata(): Promise<OidcMetadata>
  endpoint(name: 'userinfo_endpoint' | 'revocation_endpoint' | 'end_session_endpoint'): Promise<string | undefined>
  /** Resolves once no discovery is waited for, at the latest after `timeout`: oidc-client-ts cannot abort one. */
  settled(): Promise<void>
}

export function createOidc(settings: Settings, platform: Platform, tools: HttpTools, dpop: Dpop | null): Oidc {
  const states = new WebStorageStateStore({
    prefix: stateKeyPrefix,
    // Where the browser gives no storage, a login in this page (by popup) still works.
    store: stateStorageOf(platform) ?? new InMemoryWebStorage(),
  })
  const { authority } = settings
  const { client, tokenEndpoint } = createClient({ settings, platform, dpop, states })
  const keys = createProviderKeys({
    authority,
    tools,
    async address() {
      const { jwks_uri: address } = await oidc.metadata()
      if (typeof address === 'string' && URL.canParse(address)) return address
      throw new SessionError('invalid_response', `The discovery document of ${authority} names no "jwks_uri".`)
    },
  })
  const discoveries = new Set<Promise<unknown>>()
  const track = <T>(work: Promise<T>): Promise<T> => {
    const settled = work.then(
      () => void discoveries.delete(settled),
      () => void discoveries.delete(settled),
    )
    discoveries.add(settled)
    return work
  }

  const oidc: Oidc = {
    ...tools,
    authority,
    settings,
    states,
    keys,
    dpop,
    async talk(work) {
      tokenEndpoint.forget()
      try {
        return await work(client)
      } catch (error) {
        throw toOidcError(oidc, error, tokenEndpoint.lastAnswer())
      }
    },
    async metadata() {
      let metadata: Partial<OidcMetadata>
      try {
        metadata = await track(inTime(tools, `The provider ${authority}`, client.metadataService.getMetadata()))
      } catch (error) {
        throw asDiscoveryError(oidc, error)
      }
      if (metadata.issuer?.replace(/\/$/, '') !== settings.authority.replace(/\/$/, '')) {
        throw new SessionError(
          'issuer_mismatch',
          `The discovery document of ${settings.authority} names another issuer, "${metadata.issuer ?? ''}". ` +
            'Set "authority" to exactly what the provider calls itself.',
        )
      }
      // oidc-client-ts types it as Partial; what is needed of it is asked for by name.
      return metadata as OidcMetadata
    },
    endpoint: async (name) => (await oidc.metadata())[name],
    async settled() {
      while (discoveries.size > 0) await Promise.all(discoveries)
    },
  }
  return oidc
}

function asDiscoveryError(oidc: Oidc, error: unknown): SessionError {
  const known = toOidcError(oidc, error)
  if (known.code !== 'invalid_response') return known
  return new SessionError(
    'invalid_response',
    `There is no OpenID provider at ${oidc.authority}: its /.well-known/openid-configuration is not a discovery document. Check "authority".`,
    known.status === undefined ? {} : { status: known.status },
  )
}
