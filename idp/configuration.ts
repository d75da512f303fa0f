import { randomBytes } from 'node:crypto'
import type { Configuration, KoaContextWithOIDC } from 'oidc-provider'
import { audienceExtra, userApi, userApiScopes } from './audience.ts'
import type { FaultQueue } from './fault-queue.ts'
import { isRecord } from './json.ts'
import type { ProviderKeys } from './keys.ts'
import { library } from './library.ts'
import { renderLoggedOut, renderLogout } from './logout.ts'
import type { Settings } from './options.ts'
import { renderError } from './pages/error.ts'
import { personOfSubject, picturePath } from './people.ts'
import { loginPolicy, signInMethods } from './policy.ts'
import { routes } from './routes.ts'
import type { ProviderStore } from './store.ts'

const day = 24 * 60 * 60

export interface ConfigurationParts {
  settings: Settings
  issuer: string
  audience: string
  keys: ProviderKeys
  store: ProviderStore
  faults: FaultQueue
}

/** What each key does, and what goes wrong without it: providers.md in the shared design notes. */
export function configurationFor(parts: ConfigurationParts): Configuration {
  const { settings, issuer, audience, keys, store, faults } = parts
  const { apps } = settings
  return {
    adapter: store.adapter,
    jwks: { keys: [keys.signing] },
    // Cookies know no ports: without one in the name, two providers on this machine would sign each other's people out.
    cookies: { keys: keys.cookies, names: cookieNames(new URL(issuer).port) },
    clientAuthMethods: ['none'],
    routes,
    clients: settings.clients.map(({ id, name }) => ({
      client_id: id,
      client_name: name,
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      redirect_uris: apps.map((origin) => `${origin}/callback`),
      post_logout_redirect_uris: apps.map((origin) => `${origin}/`),
    })),
    clientBasedCORS: (_ctx, origin) => apps.includes(origin),
    pkce: { required: () => true },
    responseTypes: ['code'],
    // The default of 15 s keeps a short-lived token alive long after its expiry.
    clockTolerance: 0,
    // Profile and email are wanted in the ID token as well: the app shows who it is before userinfo has answered.
    conformIdTokenClaims: false,
    scopes: ['openid', 'offline_access', ...userApiScopes],
    claims: {
      acr: null,
      auth_time: null,
      iss: null,
      sid: null,
      openid: ['sub', ...(settings.sessionExpiry === undefined ? [] : ['session_expiry'])],
      profile: ['name', 'given_name', 'family_name', 'nickname', 'picture', 'locale', 'updated_at'],
      email: ['email', 'email_verified'],
    },
    acrValues: signInMethods,
    interactions: { policy: loginPolicy(settings.sessionExpiry), url: (_ctx, { uid }) => `/interaction/${uid}` },
    findAccount: (_ctx, subject, token) => {
      const person = personOfSubject(subject)
      const profile = person && { sub: subject, ...person.claims, picture: issuer + picturePath(person) }
      const expiry = sessionExpiryOf(token, settings.sessionExpiry)
      return (
        profile && {
          accountId: subject,
          claims: (use) =>
            use === 'id_token' && expiry !== undefined ? { ...profile, session_expiry: expiry } : profile,
        }
      )
    },
    // The validator runs after oidc-provider has dropped offline_access from a request without `prompt=consent`.
    extraParams: { audience: (ctx, value) => settleScopes(ctx, value, audience) },
    loadExistingGrant: (ctx) => grantWithoutAsking(ctx),
    extraTokenClaims: (ctx) => audienceExtra(ctx),
    rotateRefreshToken: (ctx) => !faults.unrotated.has(ctx.res),
    ttl: {
      AccessToken: settings.tokenLifetime,
      AuthorizationCode: 60,
      IdToken: 60 * 60,
      Interaction: 60 * 60,
      Session: 14 * day,
      // A plain number, since the default function hands a rotated token only what was left of the one before.
      RefreshToken: settings.tokenLifetime + 30 * day,
      // A renewal needs its grant and does not prolong it, so the grant has to outlive every token.
      Grant: 100 * 365 * day,
    },
    features: {
      devInteractions: { enabled: false },
      dPoP: {
        enabled: true,
        ...(settings.dpopNonce ? { nonceSecret: randomBytes(32), requireNonce: () => true } : {}),
      },
      pushedAuthorizationRequests: { enabled: false },
      revocation: {
        enabled: settings.revocation,
        allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId,
      },
      resourceIndicators: {
        enabled: true,
        // Auth0's `audience` is the same idea as RFC 8707's `resource`.
        defaultResource: (ctx, _client, oneOf) =>
          oneOf?.[0] ?? (ctx.oidc.params?.['audience'] === audience ? audience : []),
        getResourceServerInfo: (_ctx, resource) => {
          if (resource !== audience) throw new library.errors.InvalidTarget()
          return userApi(audience)
        },
      },
      rpInitiatedLogout: {
        enabled: settings.endSession,
        logoutSource: (ctx, form) => renderLogout(ctx, form, apps),
        postLogoutSuccessSource: (ctx) => renderLoggedOut(ctx, apps),
      },
    },
    renderError: (ctx, out) => renderError(ctx, out, apps),
  }
}

/** Epoch seconds. A code and a refresh token know when their person signed in, and a renewal hands that on. */
function sessionExpiryOf(token: unknown, sessionExpiry: number | undefined): number | undefined {
  const signedInAt = isRecord(token) ? token['authTime'] : undefined
  return sessionExpiry !== undefined && typeof signedInAt === 'number' ? signedInAt + sessionExpiry : undefined
}

function cookieNames(port: string) {
  return { session: `idp${port}_session`, interaction: `idp${port}_login`, resume: `idp${port}_resume` }
}

/**
 * As Auth0 does it: a refresh token for whoever asks for offline_access, no consent needed; an unknown audience is refused;
 * the user API's scopes mean nothing without its audience.
 */
function settleScopes(ctx: KoaContextWithOIDC, asked: string | undefined, audience: string) {
  if (asked !== undefined && asked !== audience) {
    throw new library.errors.AccessDenied(`Service not found: ${asked}`)
  }
  const { params, client, resourceServers = {} } = ctx.oidc
  if (!params || typeof params['scope'] !== 'string') return
  const scopes = new Set(params['scope'].split(' '))
  const requested = typeof ctx.query['scope'] === 'string' ? ctx.query['scope'].split(' ') : []
  if (requested.includes('offline_access') && client?.grantTypeAllowed('refresh_token')) scopes.add('offline_access')
  if (Object.keys(resourceServers).length === 0) for (const scope of userApiScopes) scopes.delete(scope)
  params['scope'] = [...scopes].join(' ')
}

/**
 * Grants what was asked, without a consent page. Logins of one client in one provider session share a grant, as with many
 * providers: a replay in one of them ends them all, which clients must be able to live with.
 */
async function grantWithoutAsking(ctx: KoaContextWithOIDC) {
  const { provider, client, session, account, resourceServers = {} } = ctx.oidc
  if (!client || !session || !account) return undefined
  const id = ctx.oidc.result?.consent?.grantId ?? session.grantIdFor(client.clientId)
  const existing = id ? await provider.Grant.find(id) : undefined
  const grant =
    existing?.accountId === account.accountId
      ? existing
      : new provider.Grant({ accountId: account.accountId, clientId: client.clientId })
  const before = existing === grant ? JSON.stringify([grant.openid, grant.resources]) : undefined
  grant.addOIDCScope(ctx.oidc.requestParamOIDCScopes)
  for (const resource of Object.keys(resourceServers)) grant.addResourceScope(resource, userApiScopes)
  if (before !== JSON.stringify([grant.openid, grant.resources])) await grant.save()
  return grant
}
