import { endpointIn, holdsSecret, isWebAddress } from './address.ts'
import { wordsOf, type Ask } from './ask.ts'
import { documentFindings, scopeFor } from './document.ts'
import { dpopFindings } from './dpop.ts'
import { finding, worstFirst, type Finding } from './finding.ts'
import { withHints } from './hints.ts'
import { textIn, type Json } from './json.ts'
import { loginFindings } from './login.ts'
import { logoutFindings } from './logout.ts'
import { askAsPage } from './page.ts'
import type { Subject } from './subject.ts'
import { short } from './text.ts'
import { allow, exchangeFindings, revocationFindings, userinfoFindings } from './tokens.ts'

const path = '/.well-known/openid-configuration'

export interface Examination {
  /** The worst first. */
  readonly findings: readonly Finding[]
  /** Which provider this is, as far as it is known. */
  readonly provider?: string
  /** What is worth knowing there besides, that cannot be seen from outside. */
  readonly notes: readonly string[]
  /** Of what was asked for, what the provider has. */
  readonly scope: string
  /** How many requests were sent. */
  readonly requests: number
}

/** Looks at a provider from outside; logs nobody in and sends no secret. Never rejects. */
export async function examine(send: Ask, subject: Subject): Promise<Examination> {
  const { authority, origin, scope } = subject
  let requests = 0
  const ask: Ask = (question) => {
    requests += 1
    return send(question)
  }
  const end = (...findings: readonly Finding[]): Examination => ({
    findings: worstFirst(findings),
    notes: [],
    scope,
    requests,
  })
  const address = addressFinding(authority)
  if (address.verdict === 'problem') return end(address)
  const url = `${authority.replace(/\/$/, '')}${path}`
  const { answer, blocked, sent } = await askAsPage(ask, origin, { url })
  const missing = (seen: string, set: string) =>
    end(address, finding('discovery.document', 'problem', seen, { set, sent }))
  if (answer.kind === 'failure') return missing(answer.seen, answer.set)
  const { json } = answer
  if (answer.status !== 200 || json === null)
    return missing(
      `${url} is answered with ${wordsOf(answer)}, not with a JSON object.`,
      'Give the issuer as --authority, as the provider writes it, with its path.',
    )
  const asked = { ...subject, scope: scopeFor(subject, json) }
  const looks = [
    keysFindings,
    loginFindings,
    exchangeFindings,
    userinfoFindings,
    revocationFindings,
    dpopFindings,
    logoutFindings,
  ]
  const found = await Promise.all(looks.map((look) => look(ask, asked, json)))
  const findings = [
    address,
    finding('discovery.document', 'ok', url),
    ...documentFindings(subject, json, answer),
    blocked === undefined
      ? finding('cors.discovery', 'ok', `A page of ${origin} may read it.`, { sent })
      : finding('cors.discovery', 'problem', blocked, { ...allow(origin), sent }),
    ...found.flat(),
  ]
  return { ...withHints(worstFirst(findings), json), scope: asked.scope, requests }
}

function addressFinding(authority: string): Finding {
  const told = (seen: string, set: string) => finding('authority.address', 'problem', seen, { set })
  if (holdsSecret(authority))
    return told('It holds a user name or a password.', 'Leave them out: a page keeps no secret.')
  if (!URL.canParse(authority)) return told(`"${short(authority)}" is no URL.`, 'Begin it with https://.')
  if (!isWebAddress(authority)) return told(`${short(authority)} is neither https nor on this machine.`, 'Use https.')
  if (/[?#]/.test(authority)) return told(`${short(authority)} holds a query or a fragment.`, 'Leave it out.')
  return finding('authority.address', 'ok', authority)
}

async function keysFindings(ask: Ask, { authority, origin }: Subject, json: Json): Promise<Finding[]> {
  const url = endpointIn(json, 'jwks_uri', authority)
  if (url === undefined) return []
  const { answer, blocked, sent } = await askAsPage(ask, origin, { url })
  if (answer.kind === 'failure') return [finding('keys.set', 'problem', answer.seen, { set: answer.set, sent })]
  const keys: unknown = answer.status === 200 ? answer.json?.['keys'] : undefined
  const kinds = Array.isArray(keys) ? keys.map(kindOf) : []
  const good = kinds.filter((kind) => !kind.startsWith('unusable'))
  return [
    good.length > 0
      ? finding('keys.set', 'ok', `${short([...new Set(kinds)].join(', '))}.`)
      : finding('keys.set', 'problem', `${short(url)}: ${wordsOf(answer)}, ${short(kinds.join(', ')) || 'no keys'}.`, {
          set: 'Have the provider sign with RS256 (2048 bits or more) or ES256, and show its public keys there.',
        }),
    blocked === undefined
      ? finding('cors.keys', 'ok', `A page of ${origin} may read them.`, { sent })
      : finding('cors.keys', 'problem', blocked, { ...allow(origin), sent }),
  ]
}

/** `RSA 2048 bits`, `EC P-256`: what ID tokens can be checked by; others are called unusable. */
function kindOf(key: unknown): string {
  const json = typeof key === 'object' && key !== null ? (key as Json) : null
  const kind = textIn(json, 'kty') ?? 'without kty'
  if (kind === 'EC' || kind === 'OKP') return `${kind} ${short(textIn(json, 'crv') ?? '', 20)}`
  if (kind !== 'RSA') return `unusable ${short(kind, 20)}`
  const bits = Buffer.from(textIn(json, 'n') ?? '', 'base64url').length * 8
  // RFC 7518, section 3.3: a key of 2048 bits or more; jose refuses others.
  return bits >= 2048 ? `RSA ${bits} bits` : `unusable RSA ${bits} bits`
}
