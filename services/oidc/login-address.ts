import { SessionError } from '../../machines/errors.ts'
import type { Address } from '../browser/platform.ts'

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
const pathOf = ({ pathname, search, hash }: Pick<URL, 'pathname' | 'search' | 'hash'>): string =>
  `${pathname.startsWith('//') ? '/.' : ''}${pathname}${search}${hash}`

/** `returnTo` as a path of this origin. Throws `invalid_option` for anything else. */
export function ownPath(returnTo: string, { origin }: Address): string {
  const url = URL.canParse(returnTo, origin) ? new URL(returnTo, origin) : null
  if (url === null || url.origin !== origin) {
    throw new SessionError(
      'invalid_option',
      `login: "returnTo" leaves this origin: "${returnTo}". Give a path of this app, e.g. "/orders".`,
    )
  }
  return pathOf(url)
}
