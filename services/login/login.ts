import { SessionError } from '../../machines/errors.ts'
import type { LoginRequest } from '../../machines/session/types.ts'
import type { HiddenFrame, Platform } from '../browser/platform.ts'
import type { Departure, Logins } from '../oidc/logins.ts'
import type { FinishedLogin, LoginService } from '../provider.ts'
import { hasMark, responseIn, returnToOf, withoutResponse } from './address.ts'
import type { LoginBrake } from './brake.ts'

interface LoginParts {
  readonly redirectUri: string
  readonly platform: Platform
  readonly brake: LoginBrake
  /** All that takes the provider; loaded when it is first needed. */
  readonly logins: () => Promise<Logins>
}

/** What cannot wait until the rest is loaded: a look at the address, a window within the click, and the brake. */
export function createLogin({ redirectUri, platform, brake, logins }: LoginParts): LoginService {
  /** A login response is taken out of the address once, and used once. */
  let taken: URL | null = null

  const take = (): URL | null => {
    const response = taken
    taken = null
    return response
  }

  const released = async (login: Promise<FinishedLogin>): Promise<FinishedLogin> => {
    const finished = await login
    brake.release()
    return finished
  }

  /** The provider's address for a login of this page. */
  const depart = async (departure: Departure, signal: AbortSignal): Promise<string> => {
    const { start } = await logins()
    signal.throwIfAborted()
    const { url } = await start(departure)
    // Cancelled, or logged out, while the provider took its time: the page stays.
    signal.throwIfAborted()
    // A response that was left lying is not taken up in the middle of another login.
    taken = null
    return url
  }

  /** `show` leads the window, or makes the frame, in which the answer arrives. */
  const elsewhere = async (
    departure: Pick<Departure, 'request' | 'subject'>,
    show: (url: string) => void,
    isClosed: () => boolean,
    signal: AbortSignal,
  ): Promise<FinishedLogin> => {
    const { answerElsewhere } = await logins()
    signal.throwIfAborted()
    const showInstead = (url: string): void => {
      taken = null
      show(url)
    }
    return released(answerElsewhere(departure, showInstead, isClosed, signal))
  }

  return {
    lookAtAddress() {
      // One that was taken, and not used yet: whoever asked first was interrupted.
      const response = responseIn(platform.address.href(), redirectUri) ?? taken
      if (response === null) return { kind: 'nothing' }
      if (taken !== response) {
        taken = response
        // Out of the address at once: neither a reload nor the back button may use it again.
        platform.address.replace(withoutResponse(response))
      }
      if (hasMark(response, 'popup')) return { kind: 'relay' }
      return { kind: 'loginResponse', isSilent: hasMark(response, 'silent'), ...returnToOf(response, platform) }
    },

    async redirect(login, signal) {
      brake.check()
      platform.address.go(await depart({ ...login, via: 'redirect' }, signal))
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
        return await elsewhere(departure, opened.go, () => opened.isClosed, signal)
      } finally {
        opened.close()
      }
    },

    silently: {
      async inFrame(signal) {
        const frames: HiddenFrame[] = []
        const show = (url: string): void => void frames.push(platform.openFrame(url))
        try {
          return await elsewhere({ request: withoutAsking }, show, () => false, signal)
        } finally {
          for (const frame of frames) frame.remove()
        }
      },

      async redirect(signal) {
        brake.check()
        const returnTo = platform.address.href()
        const departure = { request: { ...withoutAsking, returnTo }, via: 'redirect', mark: 'silent' } as const
        platform.address.goInstead(await depart(departure, signal))
      },
    },

    async complete() {
      const response = take()
      if (response === null)
        throw new SessionError('unknown_response', 'There is no login response to use. Start the login again.')
      const { finish } = await logins()
      return released(finish(response))
    },

    async relay() {
      const response = take()
      if (response === null) throw new SessionError('unknown_response', 'There is no login response to hand over.')
      const { handOver } = await logins()
      await handOver(response)
      platform.closeThisWindow()
    },
  }
}

const withoutAsking: LoginRequest = { prompt: 'none' }
