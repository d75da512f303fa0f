import { listIn, short, textIn, wordsOf, type Answer, type Ask, type Json } from './ask.ts'
import { finding, type Finding } from './finding.ts'
import { askAhead, askAsPage } from './page.ts'

export interface Subject {
  /** As given: without its discovery path, if that was pasted. */
  readonly authority: string
  readonly clientId: string
  readonly redirectUri: string
  /** Of the app's page. */
  readonly origin: string
}

const path = '/.well-known/openid-configuration'
const scope = 'openid profile email offline_access'
/** The example of RFC 7636, appendix B. Nobody logs in here, so no code will ever be exchanged for it. */
const challenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'

/** Looks at a provider from outside; logs nobody in and sends no secret. Never rejects. */
export async function examine(ask: Ask, subject: Subject): Promise<Finding[]> {
  const address = addressFinding(subject.authority)
  if (address.verdict === 'problem') return [address]
  const url = `${subject.authority.replace(/\/$/, '')}${path}`
  const answer = await ask({ url })
  if (answer.kind === 'failure')
    return [address, finding('discovery.document', 'problem', answer.seen, { set: answer.set })]
  const { json } = answer
  if (answer.status !== 200 || json === null)
    return [
      address,
      finding('discovery.document', 'problem', `${url} is answered with ${wordsOf(answer)}, not with a JSON object.`, {
        set: 'Give the issuer as --authority, as the provider writes it, with its path.',
      }),
    ]
  return [
    address,
    finding('discovery.document', 'ok', url),
    issuerFinding(subject.authority, json),
    endpointsFinding(json),
    clockFinding(answer),
    pkceFinding(json),
    ...(await keysFindings(ask, subject, json)),
    await corsFinding(ask, subject, url),
    ...(await clientFindings(ask, subject, json)),
    refreshFinding(json),
    listed(json, 'logout.page', 'end_session_endpoint'),
    listed(json, 'logout.revocation', 'revocation_endpoint'),
  ]
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

function issuerFinding(authority: string, json: Json): Finding {
  const issuer = textIn(json, 'issuer')
  if (issuer === authority) return finding('discovery.issuer', 'ok', issuer)
  if (issuer === undefined)
    return finding('discovery.issuer', 'problem', 'The document has no issuer.', { set: 'Look at the provider.' })
  return finding('discovery.issuer', 'problem', `The document says ${short(issuer)}, the app ${authority}.`, {
    set: `authority: '${short(issuer)}', if you trust it`,
  })
}

function endpointsFinding(json: Json): Finding {
  const names = ['authorization_endpoint', 'token_endpoint', 'jwks_uri']
  const missing = names.filter((name) => !URL.canParse(textIn(json, name) ?? ''))
  if (missing.length === 0) return finding('discovery.endpoints', 'ok', 'All three are named.')
  return finding('discovery.endpoints', 'problem', `Not named: ${missing.join(', ')}.`, { set: 'Turn them on there.' })
}

function clockFinding({ headers, at }: Answer): Finding {
  const date = Date.parse(headers.get('Date') ?? '')
  if (Number.isNaN(date)) return finding('clock.difference', 'unknown', 'The answer has no Date.')
  const seconds = Math.round(Math.abs(date - at) / 1000)
  if (seconds <= 30) return finding('clock.difference', 'ok', 'The clocks agree within 30 s.')
  return finding('clock.difference', 'warning', `The clocks are ${seconds} s apart.`, {
    set: 'Set the clock of this machine, or of the provider.',
  })
}

function pkceFinding(json: Json): Finding {
  const methods = listIn(json, 'code_challenge_methods_supported')
  if (methods?.includes('S256') === true) return finding('pkce.supported', 'ok', 'S256 is listed.')
  if (methods === undefined) return finding('pkce.supported', 'unknown', 'The document does not say.')
  return finding('pkce.supported', 'problem', 'S256 is not listed.', { set: 'Turn on PKCE with S256 for this client.' })
}

function refreshFinding(json: Json): Finding {
  const grants = listIn(json, 'grant_types_supported')
  if (grants?.includes('refresh_token') === true) return finding('refresh.grant', 'ok', 'refresh_token is listed.')
  if (grants === undefined) return finding('refresh.grant', 'unknown', 'The document does not say.')
  return finding('refresh.grant', 'warning', 'refresh_token is not among the grant types.', {
    set: 'Allow the grant refresh_token for this client.',
  })
}

function listed(json: Json, id: 'logout.page' | 'logout.revocation', name: string): Finding {
  const url = textIn(json, name)
  return url === undefined
    ? finding(id, 'warning', `The document names no ${name}.`, { set: 'Turn it on there, if it can be.' })
    : finding(id, 'ok', short(url))
}

const allow = (origin: string) => ({ set: `Allow the origin ${origin} (web origins, CORS) at the provider.` })

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
  const keys: unknown = answer.json?.['keys']
  const usable = answer.status === 200 && Array.isArray(keys) && keys.length > 0
  return [
    usable
      ? finding('keys.set', 'ok', `${keys.length} found.`)
      : finding('keys.set', 'problem', `${url}: ${wordsOf(answer)}, no keys.`, { set: 'Look at the provider.' }),
    blocked === undefined
      ? finding('cors.keys', 'ok', `A page of ${origin} may read them.`, { sent })
      : finding('cors.keys', 'problem', blocked, { ...allow(origin), sent }),
  ]
}

async function clientFindings(ask: Ask, subject: Subject, json: Json): Promise<Finding[]> {
  const { clientId, redirectUri, origin } = subject
  const found: Finding[] = []
  const authorization = textIn(json, 'authorization_endpoint') ?? ''
  if (URL.canParse(authorization)) {
    const url = new URL(authorization)
    const asked = { client_id: clientId, redirect_uri: redirectUri, response_type: 'code', scope, state: 'doctor' }
    const all = { ...asked, nonce: 'doctor', code_challenge: challenge, code_challenge_method: 'S256' }
    for (const [name, value] of Object.entries(all)) url.searchParams.set(name, value)
    found.push(redirectFinding(await ask({ url: url.href, headers: { Accept: 'text/html' } }), subject))
  }
  const token = textIn(json, 'token_endpoint') ?? ''
  if (!URL.canParse(token)) return found
  const form = {
    grant_type: 'authorization_code',
    code: 'doctor-wrong-code',
    client_id: clientId,
    redirect_uri: redirectUri,
    code_verifier: 'd'.repeat(43),
  }
  const { answer, blocked, sent } = await askAsPage(ask, origin, { url: token, method: 'POST', form })
  if (answer.kind === 'failure') return [...found, finding('client.public', 'unknown', answer.seen, { sent })]
  const error = textIn(answer.json, 'error')
  found.push(
    error === 'invalid_grant'
      ? finding('client.public', 'ok', 'A wrong code is refused as such, no secret is asked for.')
      : error === 'invalid_client' || error === 'unauthorized_client'
        ? finding('client.public', 'problem', `Refused: ${wordsOf(answer)}. It is unknown, or wants a secret.`, {
            set: 'Register it as a public client (token_endpoint_auth_method none).',
          })
        : finding('client.public', 'unknown', `A wrong code is answered with ${wordsOf(answer)}.`),
    blocked === undefined
      ? finding('cors.token', 'ok', `A page of ${origin} may read the answer.`, { sent })
      : finding('cors.token', 'problem', blocked, { ...allow(origin), sent }),
  )
  const userinfo = textIn(json, 'userinfo_endpoint') ?? ''
  if (!URL.canParse(userinfo)) return found
  const ahead = await askAhead(ask, origin, { url: userinfo, method: 'GET', headers: ['authorization'] })
  found.push(
    ahead.blocked === undefined
      ? finding('cors.userinfo', 'ok', 'The preflight allows authorization.', { sent: ahead.sent })
      : finding('cors.userinfo', 'warning', ahead.blocked, { ...allow(origin), sent: ahead.sent }),
  )
  return found
}

function redirectFinding(answer: Awaited<ReturnType<Ask>>, { redirectUri }: Subject): Finding {
  if (answer.kind === 'failure') return finding('client.redirect', 'unknown', answer.seen)
  const to = answer.headers.get('Location') ?? ''
  const error = /[?&#]error=([^&]+)/.exec(to)?.[1]
  if (answer.status >= 400)
    return finding('client.redirect', 'problem', `The login is refused: ${wordsOf(answer)}.`, {
      set: `Register ${redirectUri} for this client, and check the client ID.`,
    })
  if (error !== undefined)
    return finding('client.redirect', 'problem', `The login is refused: ${short(error)}.`, {
      set: `Check client ID, scope (${scope}) and ${redirectUri}.`,
    })
  return finding('client.redirect', answer.status < 300 ? 'unknown' : 'ok', `The login begins (${answer.status}).`)
}
