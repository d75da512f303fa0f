import type { ActorRefFrom } from 'xstate'
import type { sessionMachine } from '../machines/session/machine.ts'
import {
  selectIsRenewing,
  selectSignedOutReason,
  selectStatus,
  type SessionSnapshot,
} from '../machines/session/selectors.ts'
import type { ChartView } from './broker.ts'

/** The session's chart as the broker sees it. `isReady`: nothing will be read any more, so that nobody waits for it. */
export function viewOf(actor: ActorRefFrom<typeof sessionMachine>): { chart: ChartView; isReady(): void } {
  let isReady = (): void => {}
  const ready = new Promise<void>((resolve) => {
    const look = () => {
      if (selectStatus(actor.getSnapshot()) !== 'restoring') isReady()
    }
    const { unsubscribe } = actor.subscribe(look)
    isReady = () => {
      unsubscribe()
      resolve()
    }
    look()
  })
  /** Asked with every token, and the same until the chart changes. */
  let asked: { readonly snapshot: SessionSnapshot; readonly mayHaveToken: boolean } | undefined
  const chart: ChartView = {
    ready,
    mayHaveToken: () => {
      const snapshot = actor.getSnapshot()
      if (asked?.snapshot !== snapshot) {
        asked = { snapshot, mayHaveToken: !['signedOut', 'signingOut'].includes(selectStatus(snapshot)) }
      }
      return asked.mayHaveToken
    },
    endedBecause: () => {
      const reason = selectSignedOutReason(actor.getSnapshot())
      if (reason === 'subject_changed') return reason
      return 'no_credentials'
    },
    isIdle: () => {
      const snapshot = actor.getSnapshot()
      return selectStatus(snapshot) === 'signedIn' && !selectIsRenewing(snapshot)
    },
    requireToken: () => actor.send({ type: 'token.required' }),
    refuseToken: (revision) => actor.send({ type: 'token.refused', revision }),
    onChange: (listener) => {
      const { unsubscribe } = actor.subscribe(listener)
      return unsubscribe
    },
  }
  return { chart, isReady: () => isReady() }
}
