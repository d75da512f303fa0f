import type { IncomingMessage } from 'node:http'

/**
 * Whose access token came with the request: the `sub` of the person, or `null` (answer 401). It asks the provider's userinfo
 * endpoint, which works with every provider and kind of token. In production, check what says that a token was made for
 * *your* API: its `aud` if it is a JWT (jose's `jwtVerify`), or by introspection (RFC 7662).
 */
export async function whoAsks(request: IncomingMessage, authority: string): Promise<string | null> {
  const { authorization } = request.headers
  if (authorization === undefined) return null
  const discovery = await fetch(`${authority.replace(/\/$/, '')}/.well-known/openid-configuration`)
  const { userinfo_endpoint: userinfo } = (await discovery.json()) as { userinfo_endpoint: string }
  const answer = await fetch(userinfo, { headers: { authorization } })
  if (!answer.ok) return null
  const { sub } = (await answer.json()) as { sub: string }
  return sub
}

export async function bodyOf(request: IncomingMessage): Promise<unknown> {
  let text = ''
  for await (const chunk of request.setEncoding('utf8')) text += String(chunk)
  return text === '' ? null : (JSON.parse(text) as unknown)
}
