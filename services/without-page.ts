import { fromPromise } from 'xstate'
import { SessionError } from '../machines/errors.ts'
import type { Session, SessionOptions } from './face.ts'
import type { OptionsPlace } from './options.ts'
import type { Runtime } from './runtime.ts'
import { sharedFace } from './shared-face.ts'

/** Not on a server, nor in a worker, which has no address that a provider could send people back to. */
export const hasPage = (): boolean => typeof document !== 'undefined'

/** The options are read as in a page of the app, so that what is wrong with them is found on the server already. */
export function placeWithoutPage({ redirectUri, postLogoutRedirectUri }: SessionOptions): OptionsPlace {
  const known = [redirectUri, postLogoutRedirectUri].find((address) => address !== undefined && URL.canParse(address))
  const { origin } = new URL(known ?? 'https://app.example')
  // Nobody is asked who is signed in at the provider, as in a frame.
  return { address: { origin }, isHiddenFrame: () => true }
}

const noPage = (): SessionError =>
  new SessionError(
    'no_page',
    'This session was made where there is no page, on a server or in a worker: nobody is signed in there, and it has no token. Ask for tokens in the browser.',
  )

const refuse = (): Promise<never> => Promise.reject(noPage())

/**
 * What stands behind a session where there is no page: nothing. It can be rendered, and shows that it is not known yet who is there. Nothing
 * is opened and no timer runs, and nothing random is made, which some servers refuse while modules are loaded.
 */
export function withoutPage(actor: Session['actor']): Runtime {
  const face: Session = {
    // As in a page; here nothing is ever told.
    ...sharedFace(actor, { hasValid: () => false, canRenew: () => false, getAccessToken: refuse }),
    tab: 'no-page',
    // As React marks a promise that has come, so that `use(session.ready)` renders at once, also by `renderToString`.
    ready: Object.assign(Promise.resolve(), { status: 'fulfilled', value: undefined }),
    start: () => {},
    send: () => {},
    fetch: refuse,
    dispose: () => Promise.resolve(),
  }
  return {
    face,
    services: { session: { restoreSession: fromPromise(refuse) }, renewal: {}, account: {}, accountActions: {} },
    isLoginStopped: () => true,
  }
}
