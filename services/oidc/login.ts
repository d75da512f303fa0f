import { SessionError } from '../../machines/errors.ts'
import type { Authentication } from '../../machines/facts.ts'
import type { LoginRequest, PendingLogin } from '../../machines/session/types.ts'
import type { HiddenFrame, Platform } from '../browser/platform.ts'
import type { FinishedLogin, LoginService } from '../provider.ts'
import { readNewLogin } from './answers.ts'
import type { Oidc } from './client.ts'
import { exchangeCode } from './code-exchange.ts'
import { handOver, openLoginChannel, waitForAnswer } from './handover.ts'
import { checkIdToken } from './id-token.ts'
import { hasMark, ownPath, responseIn, stateIdOf, withoutResponse, type AnswerMark } from './login-address.ts'
import type { LoginBrake } from './login-brake.ts'

/** What travels with a login, in this browser's storage; the provider sees the key only. */
interface LoginState {
  readonly returnTo?: string
  /** s */
  readonly maxAge?: number
  /** Of the session from within which the person authenticates again, and how strongly (`acr_values`). */
  readonly stepUp?: { readonly subject: string; readonly acrValues?: string }
}

interface Departure extends PendingLogin {
  /** Whether the answer comes to this window, or to another one of this page's. */
  readonly via: 'redirect' | 'popup'
  readonly mark?: AnswerMark
}

export function createLogin(oidc: Oidc, platform: Platform, brake: LoginBrake): LoginService {
  const { settings } = oidc
  const responseAt = (href: string): URL | null => responseIn(href, settings.redirectUri)
  /** A login response is taken out of the address once, and used once. */
  let taken: URL | null = null

  const take = (): URL | null => {
    const response = taken
    taken = null
    return response
  }

  const start = async ({ request, subject, via, mark }: Departure): Promise<{ url: string; id: string }> => {
    const { returnTo, maxAge, acrValues } = request
    const state: LoginState = {
      ...(returnTo === undefined ? {} : { returnTo: ownPath(returnTo, platform.address) }),
      ...(maxAge === undefined ? {} : { maxAge }),
      ...(subject === undefined ? {} : { stepUp: { subject, ...(acrValues === undefined ? {} : { acrValues }) } }),
    }
    const audience = request.audience ?? settings.audience
    await oidc.metadata()
    const dpopJkt = await oidc.dpop?.thumbprint(via)
    // A response that was left lying is not taken up in the middle of another login.
    taken = null
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

  const finish = async (response: URL): Promise<FinishedLogin> => {
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
    brake.release()
    return { ...login, authentication, ...(returnTo === undefined ? {} : { returnTo }) }
  }

  /** What a login was to come back to. */
  const returnToOf = async (response: URL): Promise<{ readonly returnTo?: string }> => {
    try {
      const kept = await oidc.states.get(stateIdOf(response))
      const { returnTo } = (JSON.parse(kept ?? '{"data":{}}') as { readonly data: LoginState }).data
      return returnTo === undefined ? {} : { returnTo }
    } catch {
      // Not readable: the answer cannot be used either, and that is told then.
      return {}
    }
  }

  /** `show` leads the window, or makes the frame, in which the answer arrives. */
  const answerElsewhere = async (
    departure: Omit<Departure, 'via' | 'mark'>,
    show: (url: string) => void,
    isClosed: () => boolean,
    signal: AbortSignal,
  ): Promise<FinishedLogin> => {
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
  }

  return {
    async lookAtAddress(signal) {
      // One that was taken, and not used yet: whoever asked first was interrupted.
      const response = responseAt(platform.address.href()) ?? taken
      if (response === null) return { kind: 'nothing' }
      const returnTo = await returnToOf(response)
      signal.throwIfAborted()
      if (taken !== response) {
        taken = response
        // Out of the address at once: neither a reload nor the back button may use it again.
        platform.address.replace(withoutResponse(response))
      }
      if (hasMark(response, 'popup')) return { kind: 'relay' }
      return { kind: 'loginResponse', isSilent: hasMark(response, 'silent'), ...returnTo }
    },

    async redirect(login, signal) {
      brake.check()
      const { url } = await start({ ...login, via: 'redirect' })
      // Cancelled, or logged out, while the provider took its time: the page stays.
      signal.throwIfAborted()
      platform.address.go(url)
    },

    async inPopup(request, signal, subject) {
      brake.check()
      const opened = platform.openWindow('sessionchart-login')
      if (opened === null) {
        throw new SessionError(
          'popup_blocked',
          'The browser opened no login window. Allow windows for this site, or log in on the page.',
        )
      }
      try {
        const departure = { request, ...(subject === undefined ? {} : { subject }) }
        return await answerElsewhere(departure, opened.go, () => opened.isClosed, signal)
      } finally {
        opened.close()
      }
    },

    silently: {
      async inFrame(signal) {
        const frames: HiddenFrame[] = []
        const show = (url: string): void => void frames.push(platform.openFrame(url))
        try {
          return await answerElsewhere({ request: withoutAsking }, show, () => false, signal)
        } finally {
          for (const frame of frames) frame.remove()
        }
      },

      async redirect(signal) {
        brake.check()
        const returnTo = platform.address.href()
        const { url } = await start({ request: { ...withoutAsking, returnTo }, via: 'redirect', mark: 'silent' })
        signal.throwIfAborted()
        platform.address.goInstead(url)
      },
    },

    async complete() {
      const response = take()
      if (response === null)
        throw new SessionError('unknown_response', 'There is no login response to use. Start the login again.')
      return finish(response)
    },

    async relay() {
      const response = take()
      if (response === null) throw new SessionError('unknown_response', 'There is no login response to hand over.')
      const channel = openLoginChannel(platform, stateIdOf(response))
      try {
        await handOver(channel, response.href)
      } finally {
        channel?.close()
      }
      platform.closeThisWindow()
    },
  }
}

const withoutAsking: LoginRequest = { prompt: 'none' }

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
