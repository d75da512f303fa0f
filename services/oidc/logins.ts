import { SessionError } from '../../machines/errors.ts'
import type { Authentication } from '../../machines/facts.ts'
import type { PendingLogin } from '../../machines/session/types.ts'
import type { Address, Platform } from '../browser/platform.ts'
import { pathOf, responseIn, stateIdOf, type AnswerMark } from '../login/address.ts'
import type { FinishedLogin } from '../provider.ts'
import { readNewLogin } from './answers.ts'
import type { Oidc } from './client.ts'
import { exchangeCode } from './code-exchange.ts'
import { handOver, openLoginChannel, waitForAnswer } from './handover.ts'
import { checkIdToken } from './id-token.ts'

/** What travels with a login, in this browser's storage; the provider sees the key only. */
interface LoginState {
  readonly returnTo?: string
  /** s */
  readonly maxAge?: number
  /** Of the session from within which the person authenticates again, and how strongly (`acr_values`). */
  readonly stepUp?: { readonly subject: string; readonly acrValues?: string }
}

export interface Departure extends PendingLogin {
  /** Whether the answer comes to this window, or to another one of this page's. */
  readonly via: 'redirect' | 'popup'
  readonly mark?: AnswerMark
}

/** What a login takes of the provider, and of the window that waits for its answer. */
export interface Logins {
  /** Makes an authorization request; `id`: of the login. */
  start(departure: Departure): Promise<{ readonly url: string; readonly id: string }>
  /** The same, for an answer that another window or a frame hands over. `show` leads it there. */
  answerElsewhere(
    departure: Pick<Departure, 'request' | 'subject'>,
    show: (url: string) => void,
    isClosed: () => boolean,
    signal: AbortSignal,
  ): Promise<FinishedLogin>
  /** Exchanges the code of a response, and checks what comes. */
  finish(response: URL): Promise<FinishedLogin>
  /** Hands a response to the window that waits for it. */
  handOver(response: URL): Promise<void>
}

export function createLogins(oidc: Oidc, platform: Platform): Logins {
  const { settings } = oidc
  const responseAt = (href: string): URL | null => responseIn(href, settings.redirectUri)

  const start: Logins['start'] = async ({ request, subject, via, mark }) => {
    const { returnTo, maxAge, acrValues } = request
    const state: LoginState = {
      ...(returnTo === undefined ? {} : { returnTo: ownPath(returnTo, platform.address) }),
      ...(maxAge === undefined ? {} : { maxAge }),
      ...(subject === undefined ? {} : { stepUp: { subject, ...(acrValues === undefined ? {} : { acrValues }) } }),
    }
    const audience = request.audience ?? settings.audience
    await oidc.metadata()
    const dpopJkt = await oidc.dpop?.thumbprint(via)
    const { url, state: kept } = await oidc.talk((client) =>
      client.createSigninRequest({
        state,
        ...(mark === undefined ? {} : { url_state: mark }),
        nonce: platform.randomId(),
        ...(dpopJkt === undefined ? {} : { dpopJkt }),
        ...(request.scope === undefined ? {} : { scope: request.scope }),
        ...(request.prompt === undefined ? {} : { prompt: request.prompt }),
        ...(request.loginHint === undefined ? {} : { login_hint: request.loginHint }),
        ...(request.uiLocales === undefined ? {} : { ui_locales: request.uiLocales }),
        ...(acrValues === undefined ? {} : { acr_values: acrValues }),
        ...(maxAge === undefined ? {} : { max_age: maxAge }),
        extraQueryParams: { ...request.extraParams, ...(audience === undefined ? {} : { audience }) },
      }),
    )
    return { url, id: kept.id }
  }

  const finish: Logins['finish'] = async (response) => {
    const metadata = await oidc.metadata()
    const issuer = response.searchParams.get('iss')
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
    const exchanged = await exchangeCode(oidc, response.href, stateIdOf(response))
    const { returnTo, maxAge, stepUp } = exchanged.userState as LoginState
    const login = readNewLogin(oidc, exchanged)
    const { accessToken, idToken = '' } = login.answer
    const authentication = authenticationIn(
      await checkIdToken(oidc, { idToken, accessToken, issuer: metadata.issuer, maxAge }),
    )
    if (stepUp !== undefined) checkStepUp(stepUp, login.subject, authentication)
    return { ...login, authentication, ...(returnTo === undefined ? {} : { returnTo }) }
  }

  return {
    start,
    finish,

    async answerElsewhere(departure, show, isClosed, signal) {
      const { url, id } = await start({ ...departure, via: 'popup', mark: 'popup' })
      signal.throwIfAborted()
      const channel = openLoginChannel(platform, id)
      if (channel === null) {
        throw new SessionError(
          'login_failed',
          'This browser lets no window hand over its answer. Log in on the page instead.',
        )
      }
      const answer = waitForAnswer(channel, (href) => responseAt(href) !== null, isClosed, signal)
      show(url)
      return finish(new URL(await answer))
    },

    async handOver(response) {
      const channel = openLoginChannel(platform, stateIdOf(response))
      try {
        await handOver(channel, response.href)
      } finally {
        channel?.close()
      }
    },
  }
}

/** `returnTo` as a path of this origin. Throws `invalid_option` for anything else. */
function ownPath(returnTo: string, { origin }: Address): string {
  const url = URL.canParse(returnTo, origin) ? new URL(returnTo, origin) : null
  if (url === null || url.origin !== origin) {
    throw new SessionError(
      'invalid_option',
      `login: "returnTo" leaves this origin: "${returnTo}". Give a path of this app, e.g. "/orders".`,
    )
  }
  return pathOf(url)
}

/** What the ID token says about how the person authenticated; each of it is optional (OpenID Connect Core 2). */
function authenticationIn(claims: Readonly<Record<string, unknown>>): Authentication {
  const { acr, amr, auth_time: authTime } = claims
  return {
    ...(typeof acr === 'string' ? { acr } : {}),
    ...(Array.isArray(amr) ? { amr: amr.filter((method): method is string => typeof method === 'string') } : {}),
    ...(typeof authTime === 'number' && Number.isFinite(authTime) ? { authenticatedAt: authTime * 1000 } : {}),
  }
}

/** Throws `subject_changed`, `authentication_too_weak`. */
function checkStepUp(
  { subject, acrValues }: Required<LoginState>['stepUp'],
  came: string,
  { acr }: Authentication,
): void {
  if (came !== subject)
    throw new SessionError('subject_changed', 'Another person logged in; the session stays as it was.')
  if (acrValues === undefined || (acr !== undefined && acrValues.split(' ').includes(acr))) return
  throw new SessionError(
    'authentication_too_weak',
    `The provider authenticated the person ${acr === undefined ? 'and does not say how' : `as "${acr}"`}, where "${acrValues}" was asked for; the session stays as it was.`,
  )
}
