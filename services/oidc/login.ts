import { SessionError } from '../../machines/errors.ts'
import type { LoginRequest } from '../../machines/session/types.ts'
import type { Platform, TabChannel } from '../browser/platform.ts'
import type { FinishedLogin, LoginService } from '../provider.ts'
import { readNewLogin } from './answers.ts'
import type { Oidc } from './client.ts'
import { exchangeCode } from './code-exchange.ts'
import { checkIdToken } from './id-token.ts'

/** What travels with a login, in this browser's storage; the provider sees the key only. */
interface LoginState {
  readonly returnTo?: string
  /** s */
  readonly maxAge?: number
}

/**
 * Added to `state`, so that the window that gets the answer knows that another one waits for it, also where the browser
 * gives it no storage.
 */
const forAnother = 'popup'
const stateIdOf = (response: URL): string => (response.searchParams.get('state') ?? '').split(';')[0] ?? ''
const isForAnother = (response: URL): boolean => response.searchParams.get('state')?.split(';')[1] === forAnother

const channelOf = (stateId: string): string => `sessionchart|login|${stateId}`
const popupPoll = 300
/** How long a popup waits until the other window has taken its answer, ms. */
const relayPatience = 3_000

export function createLogin(oidc: Oidc, platform: Platform): LoginService {
  const { client, settings } = oidc
  /** A login response is taken out of the address once, and used once. */
  let taken: { readonly href: string; readonly kind: 'loginResponse' | 'relay' } | null = null

  const responseIn = (href: string): URL | null => {
    const url = new URL(href)
    const expected = new URL(settings.redirectUri)
    const isHere = url.origin === expected.origin && url.pathname === expected.pathname
    const isResponse = url.searchParams.has('state') && (url.searchParams.has('code') || url.searchParams.has('error'))
    return isHere && isResponse ? url : null
  }

  const take = (): string | null => {
    const href = taken?.href ?? null
    taken = null
    return href
  }

  const start = async (request: LoginRequest, via: 'redirect' | 'popup'): Promise<{ url: string; id: string }> => {
    const returnTo = request.returnTo === undefined ? undefined : ownPath(request.returnTo, platform)
    const audience = request.audience ?? settings.audience
    await oidc.metadata()
    const dpopJkt = await oidc.dpop?.thumbprint(via)
    // A response that was left lying is not taken up in the middle of another login.
    taken = null
    const { url, state } = await oidc.talk(() =>
      client.createSigninRequest({
        state: {
          ...(returnTo === undefined ? {} : { returnTo }),
          ...(request.maxAge === undefined ? {} : { maxAge: request.maxAge }),
        } satisfies LoginState,
        ...(via === 'popup' ? { url_state: forAnother } : {}),
        nonce: platform.randomId(),
        ...(dpopJkt === undefined ? {} : { dpopJkt }),
        ...(request.scope === undefined ? {} : { scope: request.scope }),
        ...(request.prompt === undefined ? {} : { prompt: request.prompt }),
        ...(request.loginHint === undefined ? {} : { login_hint: request.loginHint }),
        ...(request.uiLocales === undefined ? {} : { ui_locales: request.uiLocales }),
        ...(request.acrValues === undefined ? {} : { acr_values: request.acrValues }),
        ...(request.maxAge === undefined ? {} : { max_age: request.maxAge }),
        extraQueryParams: { ...request.extraParams, ...(audience === undefined ? {} : { audience }) },
      }),
    )
    return { url, id: state.id }
  }

  const finish = async (href: string): Promise<FinishedLogin> => {
    const metadata = await oidc.metadata()
    const issuer = new URL(href).searchParams.get('iss')
    if (issuer !== null && issuer !== metadata.issuer) {
      throw new SessionError(
        'issuer_mismatch',
        `The login response comes from another issuer, "${issuer}" (RFC 9207). It was refused.`,
      )
    }
    // Newer than oidc-client-ts's list of what a discovery document may hold.
    const { authorization_response_iss_parameter_supported: isPromised } = metadata as unknown as Readonly<
      Record<string, unknown>
    >
    if (issuer === null && isPromised === true) {
      throw new SessionError(
        'issuer_mismatch',
        `The login response does not say that it comes from ${oidc.authority}, which always says so (RFC 9207). It was refused.`,
      )
    }
    // Before the code is spent.
    await oidc.keys.prepare()
    const response = await exchangeCode(oidc, href, stateIdOf(new URL(href)))
    const { returnTo, maxAge } = response.userState as LoginState
    const login = readNewLogin(oidc, response)
    const { accessToken, idToken = '' } = login.answer
    await checkIdToken(oidc, { idToken, accessToken, issuer: metadata.issuer, maxAge })
    return { ...login, ...(returnTo === undefined ? {} : { returnTo }) }
  }

  const openChannel = (id: string): TabChannel | null => {
    try {
      return platform.openChannel(channelOf(id))
    } catch {
      return null
    }
  }

  const waitForAnswer = (channel: TabChannel, isClosed: () => boolean, signal: AbortSignal): Promise<string> =>
    new Promise((resolve, reject) => {
      const poll = setInterval(() => {
        if (isClosed())
          settle(() =>
            reject(new SessionError('popup_closed', 'The login window was closed before the login was done.')),
          )
      }, popupPoll)
      const onAbort = (): void => settle(() => reject(new SessionError('aborted', 'The login was given up.')))
      const settle = (then: () => void): void => {
        clearInterval(poll)
        channel.close()
        signal.removeEventListener('abort', onAbort)
        then()
      }
      signal.addEventListener('abort', onAbort)
      if (signal.aborted) onAbort()
      channel.listen((message) => {
        const href = answerIn(message)
        if (href === null || responseIn(href) === null) return
        channel.post({ kind: 'taken' })
        settle(() => resolve(href))
      })
    })

  return {
    lookAtAddress() {
      const response = responseIn(platform.address.href())
      // One that was taken, and not used yet: whoever asked first was interrupted.
      if (response === null) return taken?.kind ?? 'nothing'
      taken = { href: response.href, kind: isForAnother(response) ? 'relay' : 'loginResponse' }
      // Out of the address at once: neither a reload nor the back button may use it again.
      platform.address.replace(withoutResponse(response))
      return taken.kind
    },

    async redirect(request) {
      const { url } = await start(request, 'redirect')
      platform.address.go(url)
    },

    async inPopup(request, signal) {
      const opened = platform.openWindow('sessionchart-login')
      if (opened === null) {
        throw new SessionError(
          'popup_blocked',
          'The browser opened no login window. Allow windows for this site, or log in on the page.',
        )
      }
      try {
        const { url, id } = await start(request, 'popup')
        signal.throwIfAborted()
        const channel = openChannel(id)
        if (channel === null) {
          throw new SessionError(
            'login_failed',
            'This browser lets no window hand over its answer. Log in on the page instead.',
          )
        }
        const answer = waitForAnswer(channel, () => opened.isClosed, signal)
        opened.go(url)
        return await finish(await answer)
      } finally {
        opened.close()
      }
    },

    async complete() {
      const href = take()
      if (href === null)
        throw new SessionError('unknown_response', 'There is no login response to use. Start the login again.')
      return finish(href)
    },

    async relay() {
      const href = take()
      if (href === null) throw new SessionError('unknown_response', 'There is no login response to hand over.')
      const channel = openChannel(stateIdOf(new URL(href)))
      try {
        await handOver(channel, href)
      } finally {
        channel?.close()
      }
      platform.closeThisWindow()
    },
  }
}

/** Posts the answer until the other window has taken it. */
function handOver(channel: ReturnType<Platform['openChannel']>, href: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      stop?.()
      reject(
        new SessionError(
          'unknown_response',
          'The window that started this login is gone. Close this window and start the login again.',
        ),
      )
    }, relayPatience)
    const stop = channel?.listen((message) => {
      if (typeof message !== 'object' || message === null || (message as { kind?: unknown }).kind !== 'taken') return
      clearTimeout(timer)
      stop?.()
      resolve()
    })
    channel?.post({ kind: 'answer', href })
  })
}

/** What a login response adds to the redirect URI (OpenID Connect Core 3.1.2.5, RFC 9207, Session Management 2). */
const responseParameters = ['code', 'state', 'iss', 'session_state', 'scope', 'error', 'error_description', 'error_uri']

/** The rest of the address is the app's own. */
function withoutResponse({ pathname, searchParams, hash }: URL): string {
  const rest = new URLSearchParams(searchParams)
  for (const name of responseParameters) rest.delete(name)
  return `${pathname}${rest.size === 0 ? '' : `?${rest.toString()}`}${hash}`
}

function answerIn(message: unknown): string | null {
  if (typeof message !== 'object' || message === null) return null
  const { kind, href } = message as Readonly<Record<string, unknown>>
  return kind === 'answer' && typeof href === 'string' ? href : null
}

/** `returnTo` as a path of this origin. Throws `invalid_option` for anything else. */
function ownPath(returnTo: string, platform: Platform): string {
  const { origin } = platform.address
  const url = URL.canParse(returnTo, origin) ? new URL(returnTo, origin) : null
  if (url === null || url.origin !== origin) {
    throw new SessionError(
      'invalid_option',
      `login: "returnTo" leaves this origin: "${returnTo}". Give a path of this app, e.g. "/orders".`,
    )
  }
  return `${url.pathname}${url.search}${url.hash}`
}
