import type { Activity } from './browser/activity.ts'
import type { Platform } from './browser/platform.ts'
import type { Siblings } from './browser/siblings.ts'
import type { TurnLocks, Turns } from './browser/turns.ts'
import type { Keeper } from './credentials/types.ts'
import type { AuthorizedFetch } from './fetch.ts'
import type { Settings } from './options.ts'
import type { LoginService, Provider } from './provider.ts'

/** Everything that stands behind the charts of one session. */
export interface Services {
  readonly settings: Settings
  readonly platform: Platform
  readonly provider: Provider
  readonly login: LoginService
  readonly keeper: Keeper
  readonly turns: Turns
  /** For what only one tab at a time may do besides renewing: saving metadata. */
  readonly locks: TurnLocks
  /** What vault, locks and channel are named by. */
  readonly scope: string
  readonly siblings: Siblings
  readonly activity: Activity
  /** For the metadata API. */
  readonly fetchWithToken: AuthorizedFetch
  /** Is this page letting go of the session? What was sent is drained then, not given up. */
  isDisposing(): boolean
  /** The chart is being stopped, and with it this page's part in the session. */
  letGo(): void
}
