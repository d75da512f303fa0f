export interface Subject {
  /** As given: without its discovery path, if that was pasted. */
  readonly authority: string
  readonly clientId: string
  readonly redirectUri: string
  /** Looked at where it is given. */
  readonly postLogoutRedirectUri?: string
  /** Of the app's page. */
  readonly origin: string
  /** Separated by spaces. */
  readonly scope: string
}
