import { SessionError } from '../../machines/index.ts'
import {
  auth0UserMetadata,
  claimsUserMetadata,
  createSession,
  ownBackendUserMetadata,
  type MetadataAdapter,
  type Session,
} from '../../services/index.ts'
import { loadConfig, StartProblem, type DemoConfig } from './config.ts'
import { createEventLog, type EventLog } from './event-log.ts'
import type { TroubleProps } from './screens/trouble.tsx'

/** What the app is made of, before anything is shown. */
export interface Demo {
  readonly config: DemoConfig
  readonly session: Session
  readonly log: EventLog
}

declare global {
  interface Window {
    /** Given the session before it starts, where something put this here before the page began: the drills in `test/browser` do. */
    onSessionMade?: (session: Session) => void
  }
}

const callbackPath = '/callback'

/** Where the person was, for coming back after the login; never the address that holds an answer. */
export function placeInApp(): string {
  const { pathname, search, hash } = window.location
  return pathname === callbackPath ? '/' : pathname + search + hash
}

function goTo(place: string): void {
  window.history.replaceState(null, '', place)
}

function adapterOf({ metadata, audience }: DemoConfig, provider: string): MetadataAdapter {
  switch (metadata.kind) {
    case 'auth0':
      return auth0UserMetadata({ domain: provider })
    case 'own-backend':
      return ownBackendUserMetadata({ url: metadata.url, audience })
    case 'claims':
      return claimsUserMetadata({ claim: metadata.claim })
  }
}

function makeSession(config: DemoConfig): Session {
  // An authority that is no URL is for createSession to refuse, by its name.
  const provider = URL.canParse(config.authority) ? new URL(config.authority).origin : null
  return createSession({
    authority: config.authority,
    clientId: config.clientId,
    redirectUri: config.redirectUri,
    postLogoutRedirectUri: `${window.location.origin}/`,
    audience: config.audience,
    vault: config.vault,
    dpop: config.dpop,
    ...(provider === null ? {} : { metadata: adapterOf(config, provider), allowedOrigins: [provider] }),
    ...(config.logoutPage === undefined ? {} : { logoutPage: config.logoutPage }),
    idleTimeout: config.idleTimeout * 1000,
    ...(config.silentLogin === undefined ? {} : { silentLogin: config.silentLogin }),
  })
}

function explain(error: unknown): TroubleProps {
  if (error instanceof StartProblem) return { title: error.title, text: error.message, advice: error.advice }
  if (error instanceof SessionError) {
    return {
      title: 'The app is set up wrongly',
      text: error.message,
      advice: 'Mend what the demo’s server tells at /demo-config.json, and reload this page.',
    }
  }
  return {
    title: 'The app could not start',
    text: error instanceof Error ? error.message : 'Something unforeseen went wrong.',
    advice: 'Reload the page. If that does not help, look into the browser’s console.',
  }
}

/** `/statechart/` can follow this session from another tab. What that takes is loaded beside the app, and is no part of its first load. */
async function shareWithCharts(session: Session): Promise<void> {
  try {
    const { shareSession } = await import('../visualizer/bridge/share.ts')
    shareSession(session, { allowSending: import.meta.env.DEV })
  } catch {
    // The app goes on as well without it.
  }
}

/** Reads the configuration and makes the session; what stands in the way is explained instead of thrown. */
export async function bootDemo(): Promise<Demo | { readonly problem: TroubleProps }> {
  try {
    const config = await loadConfig()
    const session = makeSession(config)
    window.onSessionMade?.(session)
    void shareWithCharts(session)
    session.on('login.completed', ({ returnTo }) => goTo(returnTo ?? placeInApp()))
    session.on('login.failed', ({ returnTo }) => goTo(returnTo ?? placeInApp()))
    session.on('silentLogin.ended', ({ returnTo }) => goTo(returnTo ?? placeInApp()))
    return { config, session, log: createEventLog(session) }
  } catch (error) {
    return { problem: explain(error) }
  }
}
