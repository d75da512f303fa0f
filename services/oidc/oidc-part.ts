import type { Platform } from '../browser/platform.ts'
import { createDpop, type Dpop } from '../dpop/dpop.ts'
import { openProofKeys } from '../dpop/keys.ts'
import type { AuthorizedFetch } from '../fetch.ts'
import type { HttpTools } from '../http.ts'
import type { Settings } from '../options.ts'
import type { Provider } from '../provider.ts'
import { createOidc } from './client.ts'
import { createLogins, type Logins } from './logins.ts'
import { createOidcProvider } from './provider.ts'

/**
 * All that talks to the provider, and what only that takes. It lies in a chunk of its own with `services/dpop`: nothing else of
 * `services/` imports more than types of the two, or they would be loaded with the app.
 */
export interface OidcPart {
  readonly provider: Provider
  readonly logins: Logins
  readonly dpop: Dpop
  userinfoEndpoint(): Promise<string | undefined>
  settled(): Promise<void>
}

interface PartParts {
  readonly settings: Settings
  readonly platform: Platform
  readonly tools: HttpTools
  /** Of the DPoP key in the database; `null`: it goes with the page. */
  readonly proofKey: string | null
  readonly fetchWithToken: AuthorizedFetch
}

export function createOidcPart({ settings, platform, tools, proofKey, fetchWithToken }: PartParts): OidcPart {
  const { clock, randomId } = platform
  // Without the option it is never asked for a key, and makes none.
  const dpop = createDpop({ keys: openProofKeys(proofKey), clock, randomId })
  const oidc = createOidc(settings, platform, tools, settings.dpop ? dpop : null)
  return {
    provider: createOidcProvider(oidc, platform, fetchWithToken),
    logins: createLogins(oidc, platform),
    dpop,
    userinfoEndpoint: () => oidc.endpoint('userinfo_endpoint'),
    settled: oidc.settled,
  }
}
