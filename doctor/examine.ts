import { short, wordsOf, textIn, type Ask, type Json } from './ask.ts'
import { documentFindings, scopeFor } from './document.ts'
import { finding, worstFirst, type Finding } from './finding.ts'
import { withHints } from './hints.ts'
import { loginFindings } from './login.ts'
import { askAsPage } from './page.ts'
import type { Subject } from './subject.ts'
import { allow, tokenFindings } from './tokens.ts'

const path = '/.well-known/openid-configuration'

export interface Examination {
  /** The worst first. */
  readonly findings: readonly Finding[]
  /** Which provider this is, as far as it is known. */
  readonly provider?: string
  /** Of what was asked for, what the provider has. */
  readonly scope: string
}

/** Looks at a provider from outside; logs nobody in and sends no secret. Never rejects. */
export async function examine(ask: Ask, subject: Subject): Promise<Examination> {
  const { authority, scope } = subject
  const address = addressFinding(authority)
  if (address.verdict === 'problem') return { findings: [address], scope }
  const end = (last: Finding): Examination => ({ findings: worstFirst([address, last]), scope })
  const url = `${authority.replace(/\/$/, '')}${path}`
  const answer = await ask({ url })
  if (answer.kind === 'failure') return end(finding('discovery.document', 'problem', answer.seen, { set: answer.set }))
  const { json } = answer
  if (answer.status !== 200 || json === null)
    return end(
      finding('discovery.document', 'problem', `${url} is answered with ${wordsOf(answer)}, not with a JSON object.`, {
        set: 'Give the issuer as --authority, as the provider writes it, with its path.',
      }),
    )
  const asked = { ...subject, scope: scopeFor(subject, json) }
  const findings = [
    address,
    finding('discovery.document', 'ok', url),
    ...documentFindings(subject, json, answer),
    await corsFinding(ask, subject, url),
    ...(await keysFindings(ask, subject, json)),
    ...(await loginFindings(ask, asked, json)),
    ...(await tokenFindings(ask, asked, json)),
  ]
  return { ...withHints(worstFirst(findings), json), scope: asked.scope }
}

function addressFinding(authority: string): Finding {
  if (!URL.canParse(authority))
    return finding('authority.address', 'problem', `"${short(authority)}" is no URL.`, {
      set: 'Begin it with https://.',
    })
  const { protocol, hostname } = new URL(authority)
  const loopback = ['localhost', '127.0.0.1', '[::1]'].includes(hostname)
  if (protocol === 'https:' || (protocol === 'http:' && loopback)) return finding('authority.address', 'ok', authority)
  return finding('authority.address', 'problem', `${authority} is neither https nor on this machine.`, {
    set: 'Use https.',
  })
}

async function corsFinding(ask: Ask, { origin }: Subject, url: string): Promise<Finding> {
  const { blocked, sent } = await askAsPage(ask, origin, { url })
  return blocked === undefined
    ? finding('cors.discovery', 'ok', `A page of ${origin} may read it.`, { sent })
    : finding('cors.discovery', 'problem', blocked, { ...allow(origin), sent })
}

async function keysFindings(ask: Ask, { origin }: Subject, json: Json): Promise<Finding[]> {
  const url = textIn(json, 'jwks_uri') ?? ''
  if (!URL.canParse(url)) return []
  const { answer, blocked, sent } = await askAsPage(ask, origin, { url })
  if (answer.kind === 'failure') return [finding('keys.set', 'problem', answer.seen, { set: answer.set, sent })]
  const keys: unknown = answer.status === 200 ? answer.json?.['keys'] : undefined
  const kinds = Array.isArray(keys) ? keys.map(kindOf) : []
  const good = kinds.filter((kind) => !kind.startsWith('unusable'))
  return [
    good.length > 0
      ? finding('keys.set', 'ok', `${short([...new Set(kinds)].join(', '))}.`)
      : finding('keys.set', 'problem', `${short(url)}: ${wordsOf(answer)}, ${kinds.join(', ') || 'no keys'}.`, {
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
