/** Where the app and its provider are; the lab's server puts it into each page as `benchConfig`. */
export interface BenchConfig {
  /** Without a slash at its end. */
  readonly issuer: string
  readonly clientId: string
  readonly redirectUri: string
  /** How long before expiry to renew where the client has an option for it, s. */
  readonly lead: number
}

/** The same work for every client, done as its own documentation tells an app to do it. */
export interface BenchClient {
  /**
   * Takes the answer of a login out of the address, or else finds out who is signed in by what the browser keeps. Resolves with
   * the person's `sub`, or null.
   */
  open(): Promise<string | null>
  /** Goes to the provider. */
  login(): Promise<void>
  /** A usable access token, renewed first where it is not usable any more. Rejects where there is none. */
  token(): Promise<string>
  /** Another one than it gave, which an API has just refused. */
  renewed(): Promise<string>
  /** Where a token can be read without waiting; no client offers that. */
  tokenNow?(): string
  /** Who the client says is signed in now. */
  user(): Promise<string | null>
}

export type CreateClient = (config: BenchConfig) => BenchClient

export interface Opened {
  readonly user: string | null
  /** From before the client was created, ms. */
  readonly sinceCreation: number
  /** From the beginning of the navigation, ms. */
  readonly sinceNavigation: number
}

export interface Sent {
  /** As `sinceNavigation`, ms. */
  readonly at: number
  readonly path: string
}

/** What a page of the lab has as `window.bench`. */
export interface BenchPage {
  readonly client: BenchClient
  readonly opened: Promise<Opened>
  /** To the provider, by `fetch`. */
  readonly sent: readonly Sent[]
}

declare global {
  interface Window {
    readonly benchConfig: BenchConfig
    bench: BenchPage
  }
}
