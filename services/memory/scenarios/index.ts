import { comingBack, firstVisit } from './arriving.ts'
import { offlineThroughExpiry, providerDown, renewal, revoked } from './renewing.ts'
import { idleWarning, saveFails } from './staying.ts'
import { loggedOutElsewhere, twoTabs } from './together.ts'
import type { Scenario } from './types.ts'

/** The situations that everyone who designs or builds on a session should have seen, in this order. */
export const scenarios: readonly Scenario[] = [
  firstVisit,
  comingBack,
  renewal,
  offlineThroughExpiry,
  providerDown,
  revoked,
  twoTabs,
  loggedOutElsewhere,
  idleWarning,
  saveFails,
]
