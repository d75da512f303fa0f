import type { Platform } from '../browser/platform.ts'

/**
 * Added to `state`, so that the window that gets the answer knows what it is, also where the browser gives it no storage.
 * `popup`: another window, or the page around this frame, waits for it. `silent`: the person was not asked.
 */
export type AnswerMark = 'popup' | 'silent'

const stateOf = (response: URL): readonly string[] => (response.searchParams.get('state') ?? '').split(';')
/** Of the login that a response answers. */
export const stateIdOf = (response: URL): string => stateOf(response)[0] ?? ''
export const hasMark = (response: URL, mark: AnswerMark): boolean => stateOf(response)[1] === mark

/** The login response at the redirect URI; `null`: the address is none. */
export function responseIn(href: string, redirectUri: string): URL | null {
  const url = new URL(href)
  const expected = new URL(redirectUri)
  const isHere = url.origin === expected.origin && url.pathname === expected.pathname
  const isResponse = url.searchParams.has('state') && (url.searchParams.has('code') || url.searchParams.has('error'))
  return isHere && isResponse ? url : null
}

/** What a login response adds to the redirect URI (OpenID Connect Core 3.1.2.5, RFC 9207, Session Management 2). */
const responseParameters = ['code', 'state', 'iss', 'session_state', 'scope', 'error', 'error_description', 'error_uri']

/** The rest of the address is the app's own. */
export function withoutResponse({ pathname, searchParams, hash }: URL): string {
  const rest = new URLSearchParams(searchParams)
  for (const name of responseParameters) rest.delete(name)
  return pathOf({ pathname, search: rest.size === 0 ? '' : `?${rest.toString()}`, hash })
}

/** Two slashes at the beginning would name another host to whoever goes there; a dot before them keeps the place (WHATWG URL). */
export const pathOf = ({ pathname, search, hash }: Pick<URL, 'pathname' | 'search' | 'hash'>): string =>
  `${pathname.startsWith('//') ? '/.' : ''}${pathname}${search}${hash}`

/** Before the id of a login, where it is remembered while the person is at the provider. */
export const stateKeyPrefix = 'sessionchart.signin.'

/** Where it is: the storage of the browser, for any tab to go on. `null`: it gives none. */
export const stateStorageOf = ({ localStorage, sessionStorage }: Platform): Storage | null =>
  localStorage ?? sessionStorage

/** What the login that a response answers was to come back to. */
export function returnToOf(response: URL, platform: Platform): { readonly returnTo?: string } {
  try {
    const kept = stateStorageOf(platform)?.getItem(stateKeyPrefix + stateIdOf(response))
    const { returnTo } = (JSON.parse(kept ?? '{"data":{}}') as { readonly data: { readonly returnTo?: string } }).data
    return returnTo === undefined ? {} : { returnTo }
  } catch {
    // Not readable: the answer cannot be used either, and that is told then.
    return {}
  }
}
