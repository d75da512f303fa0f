import { SessionError } from '../machines/errors.ts'
import { longestDelay } from '../machines/facts.ts'
import type { SessionPolicy, SilentLogin } from '../machines/session/types.ts'
import type { Platform } from './browser/platform.ts'
import type { CredentialStore, MetadataAdapter, SessionOptions, VaultKind } from './face.ts'

/** The options, checked and filled in. */
export interface Settings {
  readonly authority: string
  readonly clientId: string
  readonly redirectUri: string
  readonly postLogoutRedirectUri: string | undefined
  /** Where the provider's discovery document names no logout page. */
  readonly logoutPage: string | undefined
  readonly scope: string
  readonly audience: string | undefined
  readonly vault: VaultKind | 'own'
  /** Of the app, where the vault is its own. */
  readonly store: CredentialStore | null
  readonly dpop: boolean
  readonly metadata: MetadataAdapter | undefined
  readonly allowedOrigins: ReadonlySet<string>
  /** ms */
  readonly lead: number
  /** ms */
  readonly maxSessionAge: number | undefined
  /** ms */
  readonly requestTimeout: number
  readonly policy: SessionPolicy
}

const vaultKinds: readonly VaultKind[] = ['encrypted', 'local', 'session', 'memory']

const silentLogins: readonly SilentLogin[] = ['iframe', 'redirect']

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

function invalid(name: string, problem: string, mend: string): SessionError {
  return new SessionError('invalid_option', `createSession: "${name}" ${problem}. ${mend}`)
}

/** Throws for what only plain JavaScript can give: no options at all. */
export function requireOptions(options: unknown): void {
  if (!isObject(options))
    throw invalid('options', 'are missing', 'Give an object with authority, clientId and redirectUri.')
}

function requiredText(name: string, value: unknown, mend: string): string {
  if (typeof value !== 'string' || value.trim() === '')
    throw invalid(name, value === undefined ? 'is missing' : 'is not a text', mend)
  return value.trim()
}

const textIfGiven = (name: string, value: unknown, mend: string): string | undefined =>
  value === undefined ? undefined : requiredText(name, value, mend)

/** One of a few names, or left out. */
function oneOf<TName extends string>(
  name: string,
  value: TName | undefined,
  names: readonly TName[],
): TName | undefined {
  if (value !== undefined && !names.includes(value))
    throw invalid(name, `is unknown: "${String(value)}"`, `Choose one of ${names.join(', ')}.`)
  return value
}

const isLoopback = (url: URL): boolean => ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)

function webAddress(name: string, value: unknown, mend: string): URL {
  const text = requiredText(name, value, mend)
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null) throw invalid(name, `is not an absolute URL: "${text}"`, mend)
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url))) {
    throw invalid(name, `must be an https URL (http only on localhost): "${text}"`, mend)
  }
  return url
}

function duration(
  name: string,
  value: number | undefined,
  unit = 'Give milliseconds, as a positive number.',
): number | undefined {
  if (value === undefined) return undefined
  if (typeof value !== 'number' || !(value > 0 && value < Infinity))
    throw invalid(name, `is not a positive number: ${String(value)}`, unit)
  return value
}

/** A path is one of this page's origin; what only looks like a path (`//other.example`) is found out by its origin. */
function ownAddress(name: string, value: unknown, origin: string): string {
  const isPath = typeof value === 'string' && value.startsWith('/') && URL.canParse(value, origin)
  const url = webAddress(
    name,
    isPath ? new URL(value, origin).href : value,
    `Give the address in this app to which the provider sends people back, e.g. "/callback" or "${origin}/callback".`,
  )
  if (url.origin !== origin) {
    throw invalid(
      name,
      `is of another origin (${url.origin}) than this page (${origin})`,
      `Use an address under ${origin}, and register it at the provider.`,
    )
  }
  return url.href
}

/** Auth0's takes the address to come back to by a name of its own (Authentication API, `GET /v2/logout`). */
function logoutPageOf(
  { logoutPage }: SessionOptions,
  { authority, clientId, postLogoutRedirectUri }: Pick<Settings, 'authority' | 'clientId' | 'postLogoutRedirectUri'>,
): string | undefined {
  if (logoutPage === undefined) return undefined
  const choose = 'Give "auth0", or the URL of the page as it is to be opened.'
  if (logoutPage !== 'auth0') {
    if (!(logoutPage instanceof URL)) throw invalid('logoutPage', 'is neither "auth0" nor a URL', choose)
    return webAddress('logoutPage', logoutPage.href, choose).href
  }
  const page = new URL('/v2/logout', authority)
  page.searchParams.set('client_id', clientId)
  if (postLogoutRedirectUri !== undefined) page.searchParams.set('returnTo', postLogoutRedirectUri)
  return page.href
}

/** Of what an app made itself, as much as can be seen without calling it. */
function requireMethods(name: string, value: unknown, methods: readonly string[], mend: string): void {
  const missing = methods.filter(
    (method) => !isObject(value) || typeof (value as Readonly<Record<string, unknown>>)[method] !== 'function',
  )
  if (missing.length > 0) throw invalid(name, `is without ${missing.join(', ')}`, mend)
}

const storeMethods = ['getItem', 'setItem', 'removeItem'] as const

function vaultOf(vault: SessionOptions['vault'] = 'encrypted'): Pick<Settings, 'vault' | 'store'> {
  const choose = `Choose one of ${vaultKinds.join(', ')}, or give a store with ${storeMethods.join(', ')}.`
  if (typeof vault !== 'object' || vault === null) {
    if (!vaultKinds.includes(vault)) throw invalid('vault', `is unknown: "${String(vault)}"`, choose)
    return { vault, store: null }
  }
  requireMethods('vault', vault, storeMethods, choose)
  return { vault: 'own', store: vault }
}

function metadataOf({ metadata }: SessionOptions): MetadataAdapter | undefined {
  if (metadata === undefined) return undefined
  const give = 'Give what auth0UserMetadata(…) or its likes return, or an adapter of your own.'
  requireMethods('metadata', metadata, ['load', 'save'], give)
  if (metadata.check !== undefined) requireMethods('metadata', metadata, ['check'], give)
  for (const name of ['scope', 'audience', 'readOnlyBecause'] as const) {
    const text: unknown = metadata[name]
    if (text !== undefined && typeof text !== 'string')
      throw invalid(`metadata.${name}`, 'is not a text', 'Give a text, or leave it out.')
  }
  originsOf('metadata.origins', metadata.origins)
  return metadata
}

/** What tests and the visualizer give, and how the renewal is set. */
function checkTheRest({ clock, inspect, renewal }: SessionOptions): void {
  if (clock !== undefined) requireMethods('clock', clock, ['now', 'chance'], 'Leave it out, or give both.')
  if (inspect !== undefined && typeof inspect !== 'function' && !isObject(inspect))
    throw invalid('inspect', 'is no listener', 'Give a function, or an observer with "next".')
  if (renewal !== undefined && !isObject(renewal))
    throw invalid('renewal', 'is no object', 'Give e.g. { lead: 60_000 }.')
}

function originsOf(name: string, value: unknown): string[] {
  const give = 'Give origins, e.g. ["https://api.example.com"].'
  if (!Array.isArray(value)) throw invalid(name, 'is not a list', give)
  return value.map((allowed) => webAddress(name, allowed, give).origin)
}

const words = (text: string | undefined): string[] => text?.split(/\s+/).filter((word) => word !== '') ?? []

/** What options are read against. */
export type OptionsPlace = Pick<Platform, 'isHiddenFrame'> & { readonly address: Pick<Platform['address'], 'origin'> }

/** Checks the options and fills in what is left out. Throws `invalid_option`, naming the option and what to do. */
export function readOptions(options: SessionOptions, platform: OptionsPlace): Settings {
  const authority = webAddress(
    'authority',
    options.authority,
    'Give the issuer of your OpenID provider, e.g. "https://example.auth0.com".',
  )
  if (authority.search !== '' || authority.hash !== '') {
    throw invalid('authority', `has a query or fragment: "${authority.href}"`, 'Give the issuer alone.')
  }
  const { origin } = platform.address
  checkTheRest(options)
  const { vault, store } = vaultOf(options.vault)
  const { dpop = false, allowedOrigins = [] } = options
  if (typeof dpop !== 'boolean')
    throw invalid('dpop', `is neither true nor false: ${String(dpop)}`, 'Give true to bind tokens to this browser.')
  const metadata = metadataOf(options)
  const wanted = textIfGiven('scope', options.scope, 'Give scopes, separated by spaces, e.g. "openid profile".')
  const scope = [...new Set([...words(wanted ?? 'openid profile email offline_access'), ...words(metadata?.scope)])]
  if (!scope.includes('openid'))
    throw invalid('scope', 'does not contain "openid"', 'Add it: without it there is no ID token.')

  const requestTimeout = duration('requestTimeout', options.requestTimeout) ?? 10_000
  if (requestTimeout > longestDelay)
    throw invalid('requestTimeout', `is longer than a browser can wait: ${requestTimeout}`, 'Give less than 24 days.')
  const silentLogin = oneOf('silentLogin', options.silentLogin, silentLogins)
  const idleTimeout = duration('idleTimeout', options.idleTimeout)
  const identity = {
    authority:
      authority.href.replace(/\/$/, '') === options.authority.trim().replace(/\/$/, '')
        ? options.authority.trim()
        : authority.href,
    clientId: requiredText('clientId', options.clientId, 'Give the client ID under which the provider knows this app.'),
    redirectUri: ownAddress('redirectUri', options.redirectUri, origin),
    postLogoutRedirectUri:
      options.postLogoutRedirectUri === undefined
        ? undefined
        : ownAddress('postLogoutRedirectUri', options.postLogoutRedirectUri, origin),
  }
  return {
    ...identity,
    logoutPage: logoutPageOf(options, identity),
    scope: scope.join(' '),
    audience:
      textIfGiven('audience', options.audience, 'Give the identifier of the API, as the provider knows it.') ??
      metadata?.audience,
    vault,
    store,
    dpop,
    metadata,
    allowedOrigins: new Set([origin, ...originsOf('allowedOrigins', allowedOrigins)]),
    lead: duration('renewal.lead', options.renewal?.lead) ?? 60_000,
    maxSessionAge: duration('maxSessionAge', options.maxSessionAge),
    requestTimeout,
    policy: {
      storageTimeout: 5_000,
      // The app in a frame that it made itself would make another one.
      ...(silentLogin === undefined || platform.isHiddenFrame() ? {} : { silentLogin }),
      silentTimeout: requestTimeout,
      redirectTimeout: 30_000,
      popupTimeout: 10 * 60_000,
      completionTimeout: 3 * requestTimeout,
      stageTimeout: 5_000,
      recoveryDelay: 5_000,
      warningLead: duration('warningLead', options.warningLead) ?? 60_000,
      onSubjectChange: oneOf('onSubjectChange', options.onSubjectChange, ['end', 'follow']) ?? 'end',
      ...(idleTimeout === undefined ? {} : { idleTimeout }),
      renewal: {
        turnPatience: 15_000,
        vaultTimeout: 5_000,
        // A request that is given up may still rotate the refresh token: be patient.
        requestTimeout: Math.max(60_000, requestTimeout),
        backoffFirst: 1_000,
        backoffMost: 30_000,
        offlineDoubt: 30_000,
      },
      account: {
        requestTimeout: 2 * requestTimeout,
        backoffFirst: 2_000,
        backoffMost: 60_000,
        ...(metadata?.readOnlyBecause === undefined ? {} : { readOnlyBecause: metadata.readOnlyBecause }),
      },
    },
  }
}
