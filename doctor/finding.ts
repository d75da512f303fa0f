import { plain } from './text.ts'

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
const checks = {
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
  'keys.set': { title: 'Keys', why: 'ID tokens are checked by these keys; without them every login is refused.' },
  'clock.difference': {
    title: 'Clock',
    why: 'Tokens and DPoP proofs hold times; clocks that disagree make good ones look old, or not yet valid.',
  },
  'client.redirect': {
    title: 'Redirect URI',
    why: 'The provider sends people back to registered addresses alone, compared character by character.',
  },
  'client.public': {
    title: 'Public client',
    why: 'A page can keep no secret: whoever loads it can read everything in it.',
  },
  'client.known': { title: 'Client ID', why: 'The provider knows the app by it.' },
  'login.issuer': {
    title: 'Issuer in answers',
    why: 'It tells answers of one provider from those of another (RFC 9207); a wrong one is refused.',
  },
  'login.silent': {
    title: 'Silent login',
    why: '`silentLogin` asks by `prompt=none` who is logged in at the provider.',
  },
  'login.pushed': {
    title: 'Pushed requests',
    why: 'Where they are required (RFC 9126), a login by address is refused.',
  },
  'dpop.supported': {
    title: 'DPoP',
    why: 'It binds tokens to the browser, so that stolen ones are of no use (RFC 9449).',
  },
  'keys.signing': {
    title: 'Signatures',
    why: 'A page has no secret to check signatures by, so ID tokens have to be signed with a key pair.',
  },
  'pkce.demanded': {
    title: 'PKCE demanded',
    why: 'Where it may be left out, somebody else can leave it out (RFC 9700, section 2.1.1).',
  },
  'pkce.supported': {
    title: 'PKCE with S256',
    why: 'It makes a stolen code useless; this package sends it with every login (RFC 7636).',
  },
  'cors.discovery': {
    title: 'Discovery document, CORS',
    why: 'The page has to read it before it can send anybody to the login.',
  },
  'cors.keys': { title: 'Keys, CORS', why: 'The page checks ID tokens by them.' },
  'cors.token': {
    title: 'Token endpoint, CORS',
    why: 'Codes are exchanged and tokens renewed there, by the page itself.',
  },
  'cors.userinfo': {
    title: 'Userinfo, CORS',
    why: 'The profile is fetched there; where that fails, what the ID token says is all there is.',
  },
  'cors.revocation': {
    title: 'Revocation, CORS',
    why: 'Where the page may not read the answer, a logout cannot tell whether tokens were revoked.',
  },
  'refresh.scope': {
    title: 'Scope',
    why: 'Many providers give a refresh token only for offline_access; others refuse it.',
  },
  'refresh.grant': {
    title: 'Renewal',
    why: 'Without a refresh token the session ends with its first access token, often within the hour.',
  },
  'logout.page': {
    title: 'Logout page',
    why: 'Without it the person stays logged in at the provider, and the next login asks for no password.',
  },
  'logout.redirect': {
    title: 'After the logout',
    why: 'Where the address is not registered, people end on a page of the provider after a logout.',
  },
  'logout.revocation': {
    title: 'Revocation',
    why: 'Without it, tokens of a session that has ended stay good until they expire (RFC 7009).',
  },
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
  /** The requests that it was seen by, one a line. */
  readonly sent?: readonly string[]
}

type Rest = Pick<Finding, 'set' | 'sent'>

/** Texts of the provider may be in it: they are made plain here, whoever prints them. */
export function finding(id: CheckId, verdict: Verdict, seen: string, { set, sent }: Rest = {}): Finding {
  return {
    id,
    verdict,
    ...checks[id],
    seen: plain(seen),
    ...(set === undefined ? {} : { set: plain(set) }),
    ...(sent === undefined ? {} : { sent }),
  }
}

const order: readonly Verdict[] = ['problem', 'warning', 'unknown', 'ok']

export const countOf = (findings: readonly Finding[]): Readonly<Record<Verdict, number>> => {
  const many = (verdict: Verdict) => findings.filter((one) => one.verdict === verdict).length
  return { problem: many('problem'), warning: many('warning'), unknown: many('unknown'), ok: many('ok') }
}

/** Within a verdict as they were. */
export function worstFirst(findings: readonly Finding[]): Finding[] {
  return findings.toSorted((one, other) => order.indexOf(one.verdict) - order.indexOf(other.verdict))
}
