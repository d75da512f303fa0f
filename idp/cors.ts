import type { IncomingMessage, ServerResponse } from 'node:http'

const exposed = [
  'WWW-Authenticate',
  'DPoP-Nonce',
  'ETag',
  // A device whose clock is wrong learns by it why its DPoP proof was refused.
  'Date',
  'Retry-After',
  'X-RateLimit-Limit',
  'X-RateLimit-Remaining',
  'X-RateLimit-Reset',
].join(', ')

/**
 * For everything that is served here, so that faults and the user API follow the same rule: the apps' origins and no other.
 * Another origin gets no header; oidc-provider then refuses it where a client is known, and leaves only discovery and keys
 * open, as they are everywhere. True: it was a preflight, and is answered.
 */
export function applyCors(req: IncomingMessage, res: ServerResponse, apps: readonly string[]): boolean {
  const { origin } = req.headers
  res.setHeader('Vary', 'Origin')
  const allowed = origin !== undefined && apps.includes(origin)
  if (allowed) {
    res.setHeader('Access-Control-Allow-Origin', origin)
    res.setHeader('Access-Control-Expose-Headers', exposed)
  }
  if (req.method !== 'OPTIONS' || req.headers['access-control-request-method'] === undefined) return false
  if (allowed) {
    res.setHeader('Access-Control-Allow-Methods', 'GET, POST, PATCH, DELETE')
    res.setHeader('Access-Control-Allow-Headers', 'Authorization, Content-Type, DPoP, If-Match')
    res.setHeader('Access-Control-Max-Age', '600')
  }
  res.statusCode = allowed ? 204 : 403
  res.end()
  return true
}
