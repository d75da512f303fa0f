import { endpointIn } from './address.ts'
import { wordsOf, type Ask } from './ask.ts'
import { finding, type Finding } from './finding.ts'
import { listIn, type Json } from './json.ts'
import { askAhead, askAsPage, isExposed, isSameOrigin } from './page.ts'
import type { Subject } from './subject.ts'
import { errorIn, wrongExchange } from './tokens.ts'

/** Whether a page may send proofs (RFC 9449): what the document lists is of no use where CORS withholds the header, or the nonce. */
export async function dpopFindings(ask: Ask, subject: Subject, json: Json): Promise<Finding[]> {
  const { authority, origin } = subject
  if (listIn(json, 'dpop_signing_alg_values_supported')?.includes('ES256') !== true)
    return [finding('dpop.supported', 'unknown', 'ES256 is not listed.', { set: 'Leave the option `dpop` off.' })]
  const tokens = endpointIn(json, 'token_endpoint', authority)
  if (tokens === undefined) return []
  const set = (wish: string) => ({ set: `Leave the option \`dpop\` off, or ${wish} (CORS).` })
  const userinfo = endpointIn(json, 'userinfo_endpoint', authority)
  const sent: string[] = []
  for (const ahead of [
    { url: tokens, method: 'POST', headers: ['dpop'] } as const,
    ...(userinfo === undefined ? [] : [{ url: userinfo, method: 'GET', headers: ['authorization', 'dpop'] } as const]),
  ]) {
    const asked = await askAhead(ask, origin, ahead)
    sent.push(...asked.sent)
    if (asked.blocked !== undefined) {
      const where = ahead.method === 'POST' ? 'Token endpoint' : 'Userinfo'
      const rest = { ...set('allow the header DPoP there'), sent }
      return [finding('dpop.supported', 'warning', `ES256 is listed, but: ${where}: ${asked.blocked}`, rest)]
    }
  }
  const headers = { DPoP: await proofFor(tokens) }
  const { answer } = await askAsPage(ask, origin, {
    url: tokens,
    method: 'POST',
    headers,
    form: wrongExchange(subject),
  })
  if (answer.kind === 'failure') return [finding('dpop.supported', 'unknown', answer.seen, { set: answer.set, sent })]
  if (errorIn(answer) === 'invalid_dpop_proof')
    return [
      finding('dpop.supported', 'warning', `A fresh proof is refused: ${wordsOf(answer)}.`, {
        set: 'Leave the option `dpop` off, or see whether clock and public address of the provider are right.',
        sent,
      }),
    ]
  if (answer.headers.has('DPoP-Nonce') && !isExposed(answer, 'DPoP-Nonce', isSameOrigin(tokens, origin)))
    return [
      finding('dpop.supported', 'warning', 'It sends a nonce (DPoP-Nonce), which a page may not read.', {
        ...set('expose the header DPoP-Nonce there'),
        sent,
      }),
    ]
  return [
    finding('dpop.supported', 'ok', 'ES256 is listed, and a page may send proofs: `dpop: true` may be set.', { sent }),
  ]
}

/** A proof by a key that is made for it and forgotten (RFC 9449, section 4.2). */
async function proofFor(url: string): Promise<string> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
  const { privateKey, publicKey } = await crypto.subtle.generateKey(algorithm, false, ['sign', 'verify'])
  const { x, y } = await crypto.subtle.exportKey('jwk', publicKey)
  const { origin, pathname } = new URL(url)
  const claims = {
    jti: crypto.randomUUID(),
    htm: 'POST',
    htu: `${origin}${pathname}`,
    iat: Math.floor(Date.now() / 1000),
  }
  const header = { typ: 'dpop+jwt', alg: 'ES256', jwk: { kty: 'EC', crv: 'P-256', x, y } }
  const signed = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
  const signature = await crypto.subtle.sign(algorithm, privateKey, Buffer.from(signed))
  return `${signed}.${Buffer.from(signature).toString('base64url')}`
}
