import type { VaultKind } from '../../services/index.ts'
import type { SilentLogin } from '../../machines/index.ts'

/** What the demo's server tells the page at `/demo-config.json`. */
export interface DemoConfig {
  readonly authority: string
  readonly clientId: string
  readonly redirectUri: string
  /** Whom access tokens are for: the user API of the provider. */
  readonly audience: string
  /** Of an access token, in seconds. */
  readonly tokenLifetime: number
  /** Where credentials are kept. Default `encrypted`. */
  readonly vault: VaultKind
  /** Binds tokens to a key of this browser (RFC 9449). Default false. */
  readonly dpop: boolean
  /** Without activity the session ends after this, in seconds; half an hour where the server says nothing. */
  readonly idleTimeout: number
  /** Where the provider names no logout page; see `createSession`. */
  readonly logoutPage?: 'auth0'
  /** Whether the provider is asked silently at opening, and how; absent: not. */
  readonly silentLogin?: SilentLogin
}

/** Something that keeps the app from starting: what is wrong, and what to do about it. */
export class StartProblem extends Error {
  override readonly name = 'StartProblem'
  readonly title: string
  readonly advice: string

  constructor(title: string, message: string, advice: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.title = title
    this.advice = advice
  }
}

const address = '/demo-config.json'
const texts = ['authority', 'clientId', 'redirectUri', 'audience'] as const
const vaultKinds: Readonly<Record<VaultKind, true>> = { encrypted: true, local: true, session: true, memory: true }
const silentLogins: readonly SilentLogin[] = ['iframe', 'redirect']
const startAgain = 'Start the demo with “npm start” in the project’s folder, and open the address that it prints.'

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isVaultKind = (value: unknown): value is VaultKind =>
  typeof value === 'string' && Object.hasOwn(vaultKinds, value)

/** Reads what the server told, or says which part of it is missing or wrong. */
export function parseConfig(told: unknown): DemoConfig {
  const fields = isRecord(told) ? told : {}
  const wrong: string[] = texts.filter((name) => typeof fields[name] !== 'string' || fields[name] === '')
  const lifetime = fields['tokenLifetime']
  if (typeof lifetime !== 'number' || !(lifetime > 0)) wrong.push('tokenLifetime')
  const { vault = 'encrypted', dpop = false } = fields
  if (!isVaultKind(vault)) wrong.push('vault')
  if (typeof dpop !== 'boolean') wrong.push('dpop')
  const { idleTimeout = 30 * 60 } = fields
  if (typeof idleTimeout !== 'number' || !(idleTimeout > 0)) wrong.push('idleTimeout')
  const silentLogin = silentLogins.find((way) => way === fields['silentLogin'])
  if (fields['silentLogin'] !== undefined && silentLogin === undefined) wrong.push('silentLogin')
  if (wrong.length > 0) {
    throw new StartProblem(
      'The demo’s configuration is not complete',
      `${address} holds no usable ${wrong.join(', ')}.`,
      startAgain,
    )
  }
  const [authority, clientId, redirectUri, audience] = texts.map((name) => String(fields[name]))
  return Object.freeze({
    authority: authority ?? '',
    clientId: clientId ?? '',
    redirectUri: redirectUri ?? '',
    audience: audience ?? '',
    tokenLifetime: Number(lifetime),
    vault: isVaultKind(vault) ? vault : 'encrypted',
    dpop: dpop === true,
    idleTimeout: Number(idleTimeout),
    ...(fields['logoutPage'] === 'auth0' ? { logoutPage: 'auth0' } : {}),
    ...(silentLogin === undefined ? {} : { silentLogin }),
  })
}

async function fetchConfig(): Promise<Response> {
  try {
    return await fetch(address, { cache: 'no-store', signal: AbortSignal.timeout(10_000) })
  } catch (cause) {
    throw new StartProblem(
      'The demo’s server does not answer',
      `${address} could not be fetched.`,
      'Look whether “npm start” is still running in its terminal, and try again.',
      cause,
    )
  }
}

/** Throws `StartProblem`. */
export async function loadConfig(): Promise<DemoConfig> {
  const response = await fetchConfig()
  if (response.status === 503) {
    throw new StartProblem(
      'The provider is still starting',
      'The demo’s server is up, its OpenID provider is not yet.',
      'Try again in a second.',
    )
  }
  const isJson = response.headers.get('Content-Type')?.includes('json') ?? false
  if (!response.ok || !isJson) {
    throw new StartProblem(
      'The demo’s configuration is missing',
      `${address} answers ${response.status}${response.ok ? ', but with a page instead of JSON' : ''}.`,
      `This page needs the demo’s own server. ${startAgain}`,
    )
  }
  try {
    return parseConfig(await response.json())
  } catch (cause) {
    if (cause instanceof StartProblem) throw cause
    throw new StartProblem('The demo’s configuration is broken', `${address} is not valid JSON.`, startAgain, cause)
  }
}
