import { selectStatus, snapshotForDisplay, type Session, type SessionSnapshot } from 'sessionchart'

// A picture of the session for the moment in which a new page reads the vault: what a reload shows first. It holds no token,
// but the person's profile, so it lies in sessionStorage, for this tab alone.
const key = 'tea-house.picture'

export function keepPicture({ actor }: Session): void {
  actor.on('session.ended', () => sessionStorage.removeItem(key))
  addEventListener('pagehide', () => {
    if (selectStatus(actor.getSnapshot()) === 'signedIn')
      sessionStorage.setItem(key, JSON.stringify(actor.getPersistedSnapshot()))
  })
}

/** For selectors to read, and nothing else: nobody is signed in by a picture. */
export function lastPicture(): SessionSnapshot | null {
  try {
    const text = sessionStorage.getItem(key)
    return text === null ? null : snapshotForDisplay(JSON.parse(text) as SessionSnapshot)
  } catch {
    // One of an earlier version of the app, say.
    return null
  }
}
