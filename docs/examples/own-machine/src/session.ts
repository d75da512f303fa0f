import { createSessionLogic, type SessionEvent } from 'sessionchart'
import { fromCallback } from 'xstate'

/** The session as a machine among others, for `machine.ts` to invoke. */
export const sessionLogic = createSessionLogic({
  authority: import.meta.env.VITE_AUTHORITY,
  clientId: import.meta.env.VITE_CLIENT_ID,
  redirectUri: `${location.origin}/callback`,
  idleTimeout: 20 * 60_000,
}).provide({
  actors: {
    // One service is the app's own, the others stay: at a counter with a till, who presses something is there. A mouse that
    // moves is not; ours takes it for a person.
    watchActivity: fromCallback<SessionEvent>(({ sendBack }) => {
      const onPress = () => sendBack({ type: 'person.active', at: Date.now() })
      addEventListener('pointerdown', onPress)
      addEventListener('keydown', onPress)
      return () => {
        removeEventListener('pointerdown', onPress)
        removeEventListener('keydown', onPress)
      }
    }),
  },
})
