import { fromBase64Url } from '../base64url.ts'

/** The claims of an ID token that was checked when it came; nothing is checked here. None where there is no such token. */
export function claimsOf(idToken: string | undefined): Readonly<Record<string, unknown>> {
  const [, payload] = idToken?.split('.') ?? []
  if (payload === undefined) return {}
  const claims: unknown = JSON.parse(new TextDecoder().decode(fromBase64Url(payload)))
  return typeof claims === 'object' && claims !== null ? (claims as Readonly<Record<string, unknown>>) : {}
}
