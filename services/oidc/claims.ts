/** The claims of an ID token that was checked when it came; nothing is checked here. None where there is no such token. */
export function claimsOf(idToken: string | undefined): Readonly<Record<string, unknown>> {
  const [, payload] = idToken?.split('.') ?? []
  if (payload === undefined) return {}
  const bytes = Uint8Array.from(atob(payload.replaceAll('-', '+').replaceAll('_', '/')), (byte) => byte.charCodeAt(0))
  const claims: unknown = JSON.parse(new TextDecoder().decode(bytes))
  return typeof claims === 'object' && claims !== null ? (claims as Readonly<Record<string, unknown>>) : {}
}
