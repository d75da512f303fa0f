import { endpointIn } from './address.ts'
import { wordsOf, type Answer, type Ask } from './ask.ts'
import { finding, type Finding } from './finding.ts'
import type { Json } from './json.ts'
import type { Subject } from './subject.ts'
import { short } from './text.ts'

/**
 * The logout page, as a browser that is logged in nowhere would open it: no cookie and no ID token goes with it, so that nobody is
 * logged out. Where people return to is asked about with an invented address beside it, as in logins.
 */
export async function logoutFindings(ask: Ask, subject: Subject, json: Json): Promise<Finding[]> {
  const endpoint = endpointIn(json, 'end_session_endpoint', subject.authority)
  if (endpoint === undefined)
    return [
      finding('logout.page', 'warning', 'The document names no end_session_endpoint.', {
        set: 'Turn it on there, or name a page with the option `logoutPage`.',
      }),
    ]
  const page = finding('logout.page', 'ok', short(endpoint, 300))
  const { clientId, postLogoutRedirectUri: wanted } = subject
  if (wanted === undefined) return [page]
  const leave = (to: string | undefined) => {
    const url = new URL(endpoint)
    url.searchParams.set('client_id', clientId)
    if (to !== undefined) url.searchParams.set('post_logout_redirect_uri', to)
    return ask({ url: url.href, headers: { Accept: 'text/html,*/*;q=0.1' } })
  }
  const real = await leave(wanted)
  if (real.kind === 'failure') return [page, finding('logout.redirect', 'unknown', real.seen, { set: real.set })]
  // What is told of an address says something only where another one is told otherwise.
  const other = await leave(isTaken(real) ? new URL('/sessionchart-doctor/not-registered', wanted).href : undefined)
  return [page, redirectFinding(real, other.kind === 'answer' && isTaken(other), wanted)]
}

function redirectFinding(real: Answer, isOtherTaken: boolean, wanted: string): Finding {
  const set = `Register ${wanted} as post-logout redirect URI, character by character.`
  const words = wordsOf(real)
  if (isTaken(real))
    return isOtherTaken
      ? finding('logout.redirect', 'unknown', `Any address is answered with ${words}, an invented one too.`, { set })
      : finding('logout.redirect', 'ok', `${wanted} is taken, an invented address is not.`)
  return isOtherTaken
    ? finding('logout.redirect', 'warning', `Refused: ${words}. A logout without this address is taken.`, { set })
    : finding('logout.redirect', 'unknown', `Without an ID token every logout is refused: ${words}.`, { set })
}

const isTaken = ({ status, headers }: Answer): boolean =>
  status < 400 && !/[?&#]error=/.test(headers.get('Location') ?? '')
