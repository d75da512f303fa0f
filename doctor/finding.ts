/**
 * - `ok`: nothing to do.
 * - `warning`: the session works, with less than it could.
 * - `problem`: people cannot log in, or are thrown out.
 * - `unknown`: cannot be seen from here; what was seen says how to see it.
 */
export type Verdict = 'ok' | 'warning' | 'problem' | 'unknown'

interface Check {
  readonly title: string
  /** Why it matters, in a sentence. */
  readonly why: string
}

/** Every check by its id, which stays as it is: scripts that read `--json` hold on to it. */
export const checks = {
  'authority.address': {
    title: 'Address',
    why: 'Tokens travel to this address, and every other one is found from it.',
  },
  'discovery.document': {
    title: 'Discovery document',
    why: 'All else is read from this document (OpenID Connect Discovery 1.0, section 4).',
  },
  'discovery.issuer': {
    title: 'Issuer',
    why: 'A login is only accepted from the provider that the app names: `issuer` has to be `authority` (Discovery 4.3).',
  },
  'discovery.endpoints': { title: 'Endpoints', why: 'Without these nobody can log in.' },
  'discovery.demands': {
    title: 'Way of logging in',
    why: 'A page logs in by authorization code, and can keep no key that would sign a request for the provider.',
  },
  'keys.set': { title: 'Keys', why: 'ID tokens are checked by these keys; without them every login is refused.' },
  'keys.algorithms': {
    title: 'Signatures',
    why: 'A page has no secret by which it could check the other kinds, so it refuses them.',
  },
  'clock.difference': {
    title: 'Clock',
    why: 'Tokens and DPoP proofs hold times; clocks that disagree make good ones look old, or not yet valid.',
  },
  'client.known': {
    title: 'Client ID',
    why: 'The provider logs people in for clients that are registered, no others.',
  },
  'client.redirect': {
    title: 'Redirect URI',
    why: 'The provider sends people back to registered addresses alone, compared character by character.',
  },
  'client.public': {
    title: 'Public client',
    why: 'A page can keep no secret: whoever loads it can read everything in it.',
  },
  'client.scope': { title: 'Scope', why: 'A scope that the provider refuses ends the login.' },
  'pkce.supported': {
    title: 'PKCE with S256',
    why: 'It makes a stolen code useless; this package sends it with every login (RFC 7636).',
  },
  'pkce.required': {
    title: 'PKCE demanded',
    why: 'A provider that also takes requests without it leaves an attacker the weaker way (RFC 9700, 2.1.1).',
  },
  'cors.discovery': {
    title: 'Discovery document',
    why: 'The page has to read it before it can send anybody to the login.',
  },
  'cors.keys': { title: 'Keys', why: 'The page checks ID tokens by them.' },
  'cors.token': { title: 'Token endpoint', why: 'Codes are exchanged and tokens renewed there, by the page itself.' },
  'cors.userinfo': {
    title: 'Userinfo',
    why: 'The profile is fetched there; where that fails, what the ID token says is all there is.',
  },
  'cors.revocation': {
    title: 'Revocation',
    why: 'The request arrives either way, but the page cannot learn that it did: `logout.finished` tells `failed`.',
  },
  'refresh.grant': {
    title: 'Renewal',
    why: 'Without a refresh token the session ends with its first access token, often within the hour.',
  },
  'refresh.scope': {
    title: 'offline_access',
    why: 'Most providers give a refresh token for this scope alone; others refuse a login that asks for it.',
  },
  'refresh.rotation': {
    title: 'Rotation',
    why: 'A refresh token that was copied is found out when it is used a second time (RFC 9700, 2.2.2).',
  },
  'logout.page': {
    title: 'Logout page',
    why: 'Without it the person stays logged in at the provider, and the next login asks for no password.',
  },
  'logout.revocation': {
    title: 'Revocation',
    why: 'Without it, tokens of a session that has ended stay good until they expire (RFC 7009).',
  },
  userinfo: { title: 'Userinfo', why: 'The profile is fetched there, so that a change is seen without a new login.' },
  'response.iss': {
    title: 'iss in the answer',
    why: 'It keeps the answers of several providers apart (RFC 9207); an app with one provider can do without.',
  },
  dpop: { title: 'DPoP', why: 'Tokens bound to a key of the browser are of no use to whoever copies them (RFC 9449).' },
  'silent.login': {
    title: 'Silent login',
    why: 'Who is signed in at the provider can be signed in to the app without a question (`silentLogin`).',
  },
  'provider.limits': { title: 'This provider', why: 'No setting changes it, so it is better known beforehand.' },
} as const satisfies Record<string, Check>

export type CheckId = keyof typeof checks

export interface Finding {
  readonly id: CheckId
  readonly verdict: Verdict
  readonly title: string
  /** What the provider answered, or did not, in a sentence or two. */
  readonly seen: string
  readonly why: string
  /** What to set. */
  readonly set?: string
  /** Where that is at this provider, if it is one we know. */
  readonly where?: string
  /** The requests that it was seen by, one a line. */
  readonly sent?: readonly string[]
}

type Rest = Pick<Finding, 'set' | 'where' | 'sent'>

export function finding(id: CheckId, verdict: Verdict, seen: string, rest: Rest = {}): Finding {
  return { id, verdict, ...checks[id], seen, ...rest }
}

export interface Section {
  readonly title: string
  readonly findings: readonly Finding[]
}

export const verdictOf = (findings: readonly Finding[], id: CheckId): Verdict | undefined =>
  findings.find((one) => one.id === id)?.verdict
