import { endpointIn } from './address.ts'
import { wordsOf, type Answer, type Ask } from './ask.ts'
import { finding, type Finding } from './finding.ts'
import { listIn, textIn, type Json } from './json.ts'
import { nobody } from './login.ts'
import { askAhead, askAsPage } from './page.ts'
import type { Subject } from './subject.ts'

export const allow = (origin: string) => ({ set: `Allow the origin ${origin} (web origins, CORS) at the provider.` })

type Form = Readonly<Record<string, string>>

const unknownClient = ['invalid_client', 'unauthorized_client']
export const errorIn = (answer: Answer | { readonly kind: 'failure' }): string | undefined =>
  answer.kind === 'failure' ? undefined : textIn(answer.json, 'error')
const isRefused = (error: string | undefined): boolean => error !== undefined && unknownClient.includes(error)

/** A code that no provider has given, exchanged as the app would. */
export const wrongExchange = ({ clientId, redirectUri }: Subject): Form => ({
  grant_type: 'authorization_code',
  code: 'doctor-wrong-code',
  redirect_uri: redirectUri,
  code_verifier: 'd'.repeat(43),
  client_id: clientId,
})

/** The token endpoint, asked with an invented code, once more in the name of a client that nobody knows, and with an invented refresh token. */
export async function exchangeFindings(ask: Ask, subject: Subject, json: Json): Promise<Finding[]> {
  const { authority, clientId, origin } = subject
  const url = endpointIn(json, 'token_endpoint', authority)
  if (url === undefined) return []
  const post = (form: Form) => askAsPage(ask, origin, { url, method: 'POST', form })
  const { answer, blocked, sent } = await post(wrongExchange(subject))
  if (answer.kind === 'failure')
    return [
      finding('client.public', 'unknown', answer.seen, { sent }),
      finding('cors.token', 'problem', answer.seen, { set: answer.set }),
    ]
  const strange = await post(wrongExchange({ ...subject, clientId: nobody }))
  const renewal = await post({ grant_type: 'refresh_token', refresh_token: 'doctor-wrong', client_id: clientId })
  // Many providers look up the client's own list of origins.
  const perhaps = isRefused(errorIn(answer)) ? ' Perhaps only because it does not know the client.' : ''
  return [
    publicFinding(answer, isRefused(errorIn(strange.answer))),
    blocked === undefined
      ? finding('cors.token', 'ok', `A page of ${origin} may read the answer.`, { sent })
      : finding('cors.token', 'problem', `${blocked}${perhaps}`, { ...allow(origin), sent }),
    refreshFinding(json, errorIn(renewal.answer)),
  ]
}

function publicFinding(answer: Answer, othersAreRefused: boolean): Finding {
  const error = errorIn(answer)
  if (isRefused(error))
    return finding('client.public', 'problem', `Refused: ${wordsOf(answer)}. It is unknown, or wants a secret.`, {
      set: 'Register it as a public client (token_endpoint_auth_method none).',
    })
  if (error === 'invalid_grant' && othersAreRefused)
    return finding('client.public', 'ok', 'No secret is asked for; an invented client ID is refused.')
  const set = 'See at the provider that this client is public: without a secret.'
  return error === 'invalid_grant'
    ? finding('client.public', 'unknown', 'Any client ID gets the same answer, an invented one too.', { set })
    : finding('client.public', 'unknown', `A wrong code is answered with ${wordsOf(answer)}.`, { set })
}

function refreshFinding(json: Json, error: string | undefined): Finding {
  const set = 'Allow the grant refresh_token for this client.'
  if (error === 'unauthorized_client' || error === 'unsupported_grant_type')
    return finding('refresh.grant', 'warning', `A renewal is refused: ${error}.`, { set })
  const grants = listIn(json, 'grant_types_supported')
  if (grants?.includes('refresh_token') === true) return finding('refresh.grant', 'ok', 'refresh_token is listed.')
  if (grants !== undefined)
    return finding('refresh.grant', 'warning', 'refresh_token is not among the grant types.', { set })
  return finding('refresh.grant', 'unknown', 'The document does not say.', { set })
}

/** Asks ahead, and with an invented token: where a page cannot read that refusal, it cannot know that its token is spent. */
export async function userinfoFindings(ask: Ask, { authority, origin }: Subject, json: Json): Promise<Finding[]> {
  const url = endpointIn(json, 'userinfo_endpoint', authority)
  if (url === undefined)
    return [
      finding('cors.userinfo', 'warning', 'The document names no userinfo_endpoint.', {
        set: 'Have the ID token hold what the app shows of a person.',
      }),
    ]
  const ahead = await askAhead(ask, origin, { url, method: 'GET', headers: ['authorization'] })
  if (ahead.blocked !== undefined)
    return [finding('cors.userinfo', 'warning', ahead.blocked, { ...allow(origin), sent: ahead.sent })]
  const refused = await askAsPage(ask, origin, { url, headers: { Authorization: 'Bearer doctor-wrong' } })
  const sent = [...ahead.sent, ...refused.sent]
  if (refused.blocked === undefined)
    return [finding('cors.userinfo', 'ok', 'The preflight allows authorization, and refusals can be read.', { sent })]
  const seen = `An invented token is refused unreadably: ${refused.blocked}`
  return [finding('cors.userinfo', 'warning', seen, { ...allow(origin), sent })]
}

export async function revocationFindings(ask: Ask, subject: Subject, json: Json): Promise<Finding[]> {
  const { authority, clientId, origin } = subject
  const url = endpointIn(json, 'revocation_endpoint', authority)
  if (url === undefined)
    return [
      finding('logout.revocation', 'warning', 'The document names no revocation_endpoint.', {
        set: 'Turn it on there, if it can be; else keep the lifetimes of tokens short.',
      }),
    ]
  const form = { token: 'doctor-wrong', token_type_hint: 'refresh_token', client_id: clientId }
  const { answer, blocked, sent } = await askAsPage(ask, origin, { url, method: 'POST', form })
  if (answer.kind === 'failure')
    return [finding('logout.revocation', 'warning', answer.seen, { set: answer.set, sent })]
  return [
    // RFC 7009, section 2.2: an unknown token is answered with 200; better-auth says 400 invalid_request.
    isRefused(errorIn(answer)) || answer.status === 401 || answer.status === 403
      ? finding('logout.revocation', 'warning', `The client is refused: ${wordsOf(answer)}.`, {
          set: 'Let public clients revoke their tokens there (authentication method none).',
        })
      : finding('logout.revocation', 'ok', `An invented token is answered with ${wordsOf(answer)}.`),
    blocked === undefined
      ? finding('cors.revocation', 'ok', `A page of ${origin} may read the answer.`, { sent })
      : finding('cors.revocation', 'warning', blocked, { ...allow(origin), sent }),
  ]
}
