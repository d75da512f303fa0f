import type { KoaContextWithOIDC } from 'oidc-provider'
import { markup, pageHeaders } from './pages/page.ts'
import { loggedOutPage, logoutPage } from './pages/logout.ts'
import { personOfSubject } from './people.ts'

/**
 * An ID token of the person who is signed in proves that it is their app that asks, so they are signed out in one trip.
 * Without it any page could sign people out, and they are asked.
 */
export async function renderLogout(ctx: KoaContextWithOIDC, form: string, apps: readonly string[]) {
  const { session, client, params, entities } = ctx.oidc
  const hinted = entities.IdTokenHint?.payload['sub']
  if (session?.accountId && hinted === session.accountId) return endProviderSession(ctx)
  const xsrf = /name="xsrf" value="([^"]*)"/.exec(form)?.[1] ?? ''
  const asked = params?.['post_logout_redirect_uri']
  ctx.set(pageHeaders(apps))
  ctx.body = markup(
    logoutPage({
      app: client?.clientName,
      person: personOfSubject(session?.accountId),
      action: ctx.oidc.urlFor('end_session_confirm'),
      xsrf,
      stay: typeof asked === 'string' ? asked : `${apps[0]}/`,
    }),
  )
}

/** As oidc-provider's own confirmation does it: what was granted for the session only ends with it. */
async function endProviderSession(ctx: KoaContextWithOIDC) {
  const { session, provider, params } = ctx.oidc
  if (!session) return
  for (const { grantId, persistsLogout } of Object.values(session.authorizations ?? {})) {
    if (grantId === undefined || persistsLogout) continue
    for (const model of [provider.AccessToken, provider.RefreshToken, provider.AuthorizationCode]) {
      await model.revokeByGrantId(grantId)
    }
    await provider.Grant.adapter.destroy(grantId)
  }
  await session.destroy()
  ctx.oidc.cookies.set(provider.cookieName('session'), null, { httpOnly: true, sameSite: 'lax' })

  const { post_logout_redirect_uri: asked, state } = params ?? {}
  const target = new URL(typeof asked === 'string' ? asked : ctx.oidc.urlFor('end_session_success'))
  if (typeof asked === 'string' && typeof state === 'string') target.searchParams.set('state', state)
  ctx.status = 303
  ctx.redirect(target.href)
}

export function renderLoggedOut(ctx: KoaContextWithOIDC, apps: readonly string[]) {
  ctx.set(pageHeaders(apps))
  ctx.body = markup(loggedOutPage(apps[0] && `${apps[0]}/`))
}
