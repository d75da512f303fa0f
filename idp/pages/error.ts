import type { KoaContextWithOIDC } from 'oidc-provider'
import { html } from '../html.ts'
import { markup, pageHeaders, type Page } from './page.ts'

export interface ErrorView {
  title: string
  explanation: string
  /** For developers. */
  details: Record<string, string>
  backTo: string | undefined
}

export function errorPage({ title, explanation, details, backTo }: ErrorView): Page {
  const rows = Object.entries(details)
  return {
    title,
    body: html`<main>
      <section>
        <h1>${title}</h1>
        <p class="soft">${explanation}</p>
        ${backTo !== undefined && html`<div class="actions"><a class="button primary" href="${backTo}">Back to the app</a></div>`}
        ${
          rows.length > 0 &&
          html`<dl>
            ${rows.map(
              ([name, value]) =>
                html`<dt>${name}</dt>
                  <dd><code>${value}</code></dd>`,
            )}
          </dl>`
        }
      </section>
    </main>`,
  }
}

const explanations: Record<string, [title: string, explanation: string]> = {
  invalid_client: ['This app is not known here', 'The provider has no client with the id that the app sent.'],
  invalid_redirect_uri: [
    'The app’s address is not known here',
    'The app asked to be answered at an address that is not registered for it, so nothing was sent there.',
  ],
  session_not_found: [
    'This sign-in is no longer valid',
    'It was finished already, took too long, or was started in another browser. Go back to the app and sign in again.',
  ],
  not_found: ['There is nothing here', 'The provider has no page at this address.'],
  server_error: ['Something went wrong', 'The provider failed. Its log says more; trying again may help.'],
}

/** For oidc-provider's `renderError`: whatever cannot be answered to the app. */
export function renderError(ctx: KoaContextWithOIDC, out: object, apps: readonly string[]) {
  const details: Record<string, string> = {}
  for (const [name, value] of Object.entries(out)) {
    if (name.startsWith('error') && typeof value === 'string') details[name] = value
  }
  ctx.set(pageHeaders(apps))
  ctx.body = markup(errorPage(describe(details, apps)))
}

export function describe(details: Record<string, string>, apps: readonly string[]): ErrorView {
  const expired = details['error_description']?.includes('session') || details['error_description']?.includes('expired')
  const kind = details['error'] === 'invalid_request' && expired ? 'session_not_found' : (details['error'] ?? '')
  const [title, explanation] = explanations[kind] ?? [
    'This request cannot be answered',
    'The app sent something that the provider does not accept. What follows is for its developers.',
  ]
  return { title, explanation, details, backTo: apps[0] && `${apps[0]}/` }
}
