import type { IncomingMessage, ServerResponse } from 'node:http'
import type Provider from 'oidc-provider'
import { describe, errorPage } from './pages/error.ts'
import { loginPage, type LoginView } from './pages/login.ts'
import { sendPage } from './pages/page.ts'
import { personOfName, personOfSubject } from './people.ts'
import { knownMethods, signInMethods } from './policy.ts'

/** `GET` and `POST /interaction/{uid}` and `POST /interaction/{uid}/cancel`: the login page. */
export async function handleInteraction(
  provider: Provider,
  apps: readonly string[],
  req: IncomingMessage,
  res: ServerResponse,
  body: Buffer,
) {
  const [, , uid, step] = new URL(req.url ?? '', provider.issuer).pathname.split('/')
  const interaction = await provider.interactionDetails(req, res).catch(() => undefined)
  if (!interaction || interaction.uid !== uid) {
    return sendPage(res, 400, errorPage(describe({ error: 'session_not_found' }, apps)), apps)
  }
  const { prompt, params, session } = interaction
  const posted = req.method === 'POST'

  if (posted && step === 'cancel') {
    const result = { error: 'access_denied', error_description: 'The sign-in was cancelled' }
    return provider.interactionFinished(req, res, result, { mergeWithLastSubmission: false })
  }
  // Everything is granted without asking (see `loadExistingGrant`), also to an app that insists on `prompt=consent`.
  if (prompt.name === 'consent') {
    return provider.interactionFinished(req, res, { consent: {} }, { mergeWithLastSubmission: true })
  }

  const form = new URLSearchParams(posted ? body.toString('utf8') : '')
  const person = personOfName(form.get('username') ?? undefined)
  if (posted && person && person.password === form.get('password')) {
    const login = {
      accountId: person.subject,
      acr: knownMethods(params['acr_values'])[0] ?? signInMethods[0] ?? '',
      amr: ['pwd'],
    }
    const result = { login, ...(prompt.name === 'select_account' && { select_account: {} }) }
    return provider.interactionFinished(req, res, result, { mergeWithLastSubmission: false })
  }

  const client = await provider.Client.find(String(params['client_id']))
  const current = personOfSubject(session?.accountId)
  const hint = typeof params['login_hint'] === 'string' ? params['login_hint'] : ''
  const view: LoginView = {
    uid,
    app: client?.clientName ?? String(params['client_id']),
    username: form.get('username') ?? (hint || (prompt.name === 'login' && current?.username) || ''),
    current,
    reason: reasonOf(prompt, current !== undefined),
    wrongPassword: posted,
  }
  // 200 also for a wrong password: browsers report a 4xx page as a failed resource.
  sendPage(res, 200, loginPage(view), apps)
}

function reasonOf(prompt: { name: string; reasons: string[] }, signedIn: boolean): LoginView['reason'] {
  if (prompt.name === 'select_account') return 'choose'
  if (!signedIn) return 'first'
  return prompt.reasons.includes('acr_values') ? 'step-up' : 'again'
}
