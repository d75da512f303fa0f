import { endpointIn } from './address.ts'
import { wordsOf, type Answer, type Ask } from './ask.ts'
import { finding, type Finding } from './finding.ts'
import { textIn, type Json } from './json.ts'
import { isSameOrigin } from './page.ts'
import type { Subject } from './subject.ts'
import { short } from './text.ts'

/** The example of RFC 7636, appendix B. Nobody logs in here, so no code will ever be exchanged for it. */
const challenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'
export const nobody = 'sessionchart-doctor-nobody'

type Words = Readonly<Record<string, string | undefined>>

/** How an authorization request was answered. */
interface Reply {
  /** `back`: at the redirect URI; `refused`: by an error of the provider's own; `page`: something else, such as a login page. */
  readonly kind: 'back' | 'refused' | 'page' | 'failure'
  readonly words: string
  readonly error?: string
  readonly issuer?: string
}

/** OpenID Connect Core 3.1.2.6: who is not logged in is told so, once all else about the request was found good. */
const askedToLogIn = ['login_required', 'interaction_required', 'consent_required', 'account_selection_required']
const isTaken = ({ kind, error }: Reply): boolean =>
  kind === 'back' && (error === undefined || askedToLogIn.includes(error))

/**
 * Begins logins by `prompt=none`, which no provider answers with a page, so that none is begun there: as the app does, and with
 * one thing changed each, since "taken" says something only where what is wrong is refused.
 */
export async function loginFindings(ask: Ask, subject: Subject, json: Json): Promise<Finding[]> {
  const { clientId, redirectUri, scope } = subject
  const endpoint = endpointIn(json, 'authorization_endpoint', subject.authority)
  if (endpoint === undefined) return []
  const asked = { client_id: clientId, redirect_uri: redirectUri, response_type: 'code', scope, state: 'doctor' }
  const all = { ...asked, nonce: 'doctor', prompt: 'none', code_challenge: challenge, code_challenge_method: 'S256' }
  const begin = async (change: Words): Promise<Reply> => {
    const url = new URL(endpoint)
    const words: Words = { ...all, ...change }
    for (const [name, value] of Object.entries(words)) if (value !== undefined) url.searchParams.set(name, value)
    const answer = await ask({ url: url.href, headers: { Accept: 'text/html,*/*;q=0.1' } })
    return replyTo(answer, url, words['redirect_uri'] ?? '')
  }
  const real = await begin({})
  if (real.kind === 'failure') return [finding('client.redirect', 'unknown', real.words)]
  const strange = await begin({ client_id: nobody })
  const found = [clientFinding(real, strange, subject)]
  const elsewhere = await begin({ redirect_uri: new URL('/sessionchart-doctor/not-registered', redirectUri).href })
  found.push(redirectFinding(real, elsewhere, subject))
  if (!isTaken(real)) return found
  const bare = await begin({ code_challenge: undefined, code_challenge_method: undefined })
  return [...found, demandFinding(bare), issuerFinding(real, json), silentFinding(real, endpoint, subject)]
}

function replyTo(answer: Awaited<ReturnType<Ask>>, asked: URL, redirectUri: string): Reply {
  if (answer.kind === 'failure') return { kind: 'failure', words: answer.seen }
  const to = addressIn(answer)
  if (to === undefined || !URL.canParse(to, asked.href)) {
    const said = textIn(answer.json, 'error')
    const kind = answer.status >= 400 ? 'refused' : 'page'
    return { kind, words: wordsOf(answer), ...(said === undefined ? {} : { error: short(said) }) }
  }
  const url = new URL(to, asked)
  const back = new URL(redirectUri)
  const told = new URLSearchParams(url.search === '' ? url.hash.slice(1) : url.search)
  const error = told.get('error') ?? undefined
  const issuer = told.get('iss') ?? undefined
  const words = [error ?? `${answer.status}`, told.get('error_description') ?? ''].map((one) => short(one))
  const isBack = url.origin === back.origin && url.pathname === back.pathname
  return {
    kind: isBack ? 'back' : error === undefined ? 'page' : 'refused',
    words: words[1] === '' ? `${words[0]}` : `${words[0]} ("${words[1]}")`,
    ...(error === undefined ? {} : { error: short(error) }),
    ...(issuer === undefined ? {} : { issuer: short(issuer) }),
  }
}

/** Where the browser is sent. better-auth answers scripts, by what Node's `fetch` says of itself, with JSON that names it. */
function addressIn({ headers, status, json }: Answer): string | undefined {
  const location = headers.get('Location')
  if (location !== null) return location
  return status === 200 && json?.['redirect'] === true ? textIn(json, 'url') : undefined
}

function clientFinding(real: Reply, strange: Reply, { clientId }: Subject): Finding {
  const set = `Compare "${short(clientId)}" with the client ID that the provider shows.`
  if (real.kind === 'back' && strange.kind !== 'back')
    return finding('client.known', 'ok', 'It is told from an invented client ID, which is refused.')
  if (real.error === 'unauthorized_client' || real.error === 'invalid_client')
    return finding('client.known', 'problem', `Refused: ${real.words}.`, { set })
  return finding('client.known', 'unknown', `An invented client ID gets the like: ${strange.words}.`, { set })
}

function redirectFinding(real: Reply, elsewhere: Reply, { redirectUri, scope }: Subject): Finding {
  if (isTaken(real))
    return elsewhere.kind === 'back'
      ? finding('client.redirect', 'warning', 'An invented address of the same host is taken, too.', {
          set: `Register ${redirectUri} exactly, without a star.`,
        })
      : finding('client.redirect', 'ok', `${redirectUri} is taken, an invented address is not.`)
  if (real.kind === 'back')
    return finding('client.redirect', 'problem', `The address is taken, the login refused: ${real.words}.`, {
      set:
        real.error === 'invalid_scope' ? `Allow the scopes "${scope}", or ask for fewer (--scope).` : 'See its words.',
    })
  if (real.kind === 'refused')
    return finding('client.redirect', 'problem', `The login is refused: ${real.words}.`, {
      set: `Register ${redirectUri} for this client, and check the client ID.`,
    })
  const alike = elsewhere.kind === 'page' ? ' An invented address gets the like.' : ''
  return finding('client.redirect', 'unknown', `It answers with a page (${real.words}).${alike}`, {
    set: `Compare ${redirectUri} with what is registered, character by character.`,
  })
}

function silentFinding({ words }: Reply, endpoint: string, { origin }: Subject): Finding {
  const isFramed = isSameOrigin(endpoint, origin) || new URL(endpoint).hostname === new URL(origin).hostname
  const frames = isFramed
    ? "The app is on the same host: 'iframe' works, too."
    : `On another site than ${origin} browsers withhold its cookies in frames: silentLogin: 'redirect'.`
  return finding('login.silent', 'ok', `prompt=none is answered at once: ${words}. ${frames}`)
}

function demandFinding(bare: Reply): Finding {
  if (bare.kind === 'failure') return finding('pkce.demanded', 'unknown', bare.words)
  if (!isTaken(bare)) return finding('pkce.demanded', 'ok', `A login without it is refused: ${bare.words}.`)
  return finding('pkce.demanded', 'unknown', 'A login without it is not refused at once; perhaps it is later.', {
    set: 'Demand PKCE for this client, where the provider has such a setting.',
  })
}

/** RFC 9207, section 2.4: what is promised has to come, and what comes has to be the issuer. */
function issuerFinding({ issuer }: Reply, json: Json): Finding {
  const promised = json['authorization_response_iss_parameter_supported'] === true
  if (issuer !== undefined)
    return issuer === textIn(json, 'issuer')
      ? finding('login.issuer', 'ok', `Answers say iss=${issuer}.`)
      : finding('login.issuer', 'problem', `Answers say iss=${issuer}, another one than the discovery document.`, {
          set: 'Have the provider use one issuer; its host behind a proxy may be set wrong.',
        })
  if (promised)
    return finding('login.issuer', 'problem', 'The document promises iss in answers, and it does not come.', {
      set: 'Turn it on there, or its promise off: logins are refused as they are.',
    })
  return finding('login.issuer', 'ok', 'Neither promised nor sent. With one provider per redirect URI that is fine.')
}
