/**
 * The answer of the token endpoint with some of its fields changed. What is no good answer, or breaks off, is left to the client as
 * it is.
 */
export async function withFields(
  response: Response,
  change: Readonly<Record<string, (text: string, answer: object) => string>>,
): Promise<Response> {
  if (!response.ok) return response
  const answer = await response
    .clone()
    .json()
    .catch(() => null)
  if (typeof answer !== 'object' || answer === null || !('access_token' in answer)) return response
  const changed = Object.entries(answer).map(([name, value]) => [
    name,
    typeof value === 'string' ? (change[name]?.(value, answer) ?? value) : value,
  ])
  return new Response(JSON.stringify(Object.fromEntries(changed)), {
    status: response.status,
    headers: response.headers,
  })
}

/** Base64url, of a JWT's parts. */
export const encode = (value: object): string =>
  btoa(JSON.stringify(value)).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')

/** The claims of a JWT. */
export const claimsOf = (jwt: string): Record<string, unknown> =>
  JSON.parse(atob((jwt.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/'))) as Record<string, unknown>
