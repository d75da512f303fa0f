import { isFitting } from './address.ts'
import type { Answer } from './ask.ts'
import { finding, type Finding } from './finding.ts'
import { listIn, textIn, type Json } from './json.ts'
import type { Subject } from './subject.ts'
import { short } from './text.ts'

/** What the discovery document says by itself. */
export function documentFindings(subject: Subject, json: Json, answer: Answer): Finding[] {
  return [
    issuerFinding(subject.authority, json),
    endpointsFinding(subject, json),
    clockFinding(answer),
    pkceFinding(json),
    signingFinding(json),
    offlineFinding(subject, json),
    pushedFinding(json),
  ]
}

function issuerFinding(authority: string, json: Json): Finding {
  const issuer = textIn(json, 'issuer')
  if (issuer === authority) return finding('discovery.issuer', 'ok', issuer)
  // The session takes both (services/oidc/client.ts); Auth0's issuer ends in a slash, which its addresses are mostly given without.
  if (issuer?.replace(/\/$/, '') === authority.replace(/\/$/, ''))
    return finding('discovery.issuer', 'ok', `${short(issuer ?? '')}, but for the slash at the end, which may differ.`)
  if (issuer === undefined)
    return finding('discovery.issuer', 'problem', 'The document has no issuer.', { set: 'Look at the provider.' })
  return finding('discovery.issuer', 'problem', `The document says ${short(issuer)}, the app ${authority}.`, {
    set: `authority: '${short(issuer)}', if you trust it.`,
  })
}

const needed = ['authorization_endpoint', 'token_endpoint', 'jwks_uri']
const others = ['userinfo_endpoint', 'revocation_endpoint', 'end_session_endpoint']

function endpointsFinding({ authority }: Subject, json: Json): Finding {
  const missing = needed.filter((name) => textIn(json, name) === undefined)
  const unfit = [...needed, ...others]
    .map((name) => [name, textIn(json, name)] as const)
    .filter(([, url]) => url !== undefined && !isFitting(url, authority))
    .map(([name, url]) => `${name} (${short(url ?? '', 60)})`)
  if (missing.length === 0 && unfit.length === 0) return finding('discovery.endpoints', 'ok', 'All three are named.')
  const seen = [
    missing.length === 0 ? '' : `Not named: ${missing.join(', ')}.`,
    unfit.length === 0 ? '' : `Not https, or on another machine's loopback: ${unfit.join(', ')}.`,
  ]
  return finding('discovery.endpoints', 'problem', seen.join(' ').trim(), {
    set: 'Turn them on there; behind a proxy, tell the provider its public address.',
  })
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
  if (methods === undefined)
    return finding('pkce.supported', 'unknown', 'The document does not say.', {
      set: 'Look at the provider whether it takes PKCE with S256; nearly all do.',
    })
  return finding('pkce.supported', 'problem', 'S256 is not listed.', { set: 'Turn on PKCE with S256 for this client.' })
}

function signingFinding(json: Json): Finding {
  const algorithms = listIn(json, 'id_token_signing_alg_values_supported')
  if (algorithms === undefined) return finding('keys.signing', 'unknown', 'The document does not say.')
  const listed = short(algorithms.join(', '))
  if (algorithms.some((one) => /^(?:[RPE]S(?:256|384|512)|EdDSA|Ed25519)$/.test(one)))
    return finding('keys.signing', 'ok', `Listed: ${listed}.`)
  return finding('keys.signing', 'problem', `None with a key pair is listed, but ${listed || 'nothing'}.`, {
    set: 'Sign ID tokens with RS256 or ES256.',
  })
}

function offlineFinding({ scope }: Subject, json: Json): Finding {
  if (!scope.split(' ').includes('offline_access'))
    return finding('refresh.scope', 'ok', 'offline_access is not asked for.')
  const scopes = listIn(json, 'scopes_supported')
  if (scopes === undefined) return finding('refresh.scope', 'unknown', 'The document lists no scopes.')
  return scopes.includes('offline_access')
    ? finding('refresh.scope', 'ok', 'offline_access is listed.')
    : finding('refresh.scope', 'warning', 'offline_access is not among the scopes, and was not asked for here.', {
        set: `scope: '${withoutOffline(scope)}', or allow offline_access there.`,
      })
}

const withoutOffline = (scope: string): string =>
  scope
    .split(' ')
    .filter((one) => one !== 'offline_access')
    .join(' ')

/** What to ask for: some providers refuse a login for a scope that they do not know. */
export function scopeFor({ scope }: Subject, json: Json): string {
  const scopes = listIn(json, 'scopes_supported')
  return scopes === undefined || scopes.includes('offline_access') ? scope : withoutOffline(scope)
}

function pushedFinding(json: Json): Finding {
  return json['require_pushed_authorization_requests'] === true
    ? finding('login.pushed', 'problem', 'Requests have to be pushed (PAR), which this package does not do.', {
        set: 'Do not require pushed authorization requests for this client.',
      })
    : finding('login.pushed', 'ok', 'Not required.')
}
