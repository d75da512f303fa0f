import {
  selectAccount,
  selectFacts,
  selectIsUsable,
  selectProblem,
  selectProfile,
  selectSignedOutReason,
  selectStatus,
} from 'sessionchart'
import { session } from './session.ts'
import './style.css'

const reasons: Partial<Record<string, string>> = {
  logout: 'You logged out.',
  expired: 'Your session has expired.',
  revoked: 'Your session was ended elsewhere.',
}

/** What each `data-text` says now. Selectors read a snapshot; whatever they say is safe to print: no token is in there. */
function words(): Record<string, string> {
  const snapshot = session.getSnapshot()
  const account = selectAccount(snapshot)?.getSnapshot()
  const profile = account === undefined ? null : selectProfile(account)
  const facts = selectFacts(snapshot)
  const until = facts === null ? '' : new Date(facts.expiresAt).toLocaleTimeString()
  return {
    reason: reasons[selectSignedOutReason(snapshot) ?? ''] ?? '',
    problem: selectProblem(snapshot)?.message ?? '',
    name: profile?.name ?? 'Welcome',
    email: profile?.email ?? '',
    token: selectIsUsable(snapshot) ? `Access token good until ${until}.` : 'Reconnecting… nothing is lost.',
  }
}

function show(): void {
  const status = selectStatus(session.getSnapshot())
  for (const section of document.querySelectorAll<HTMLElement>('[data-status]'))
    section.hidden = !section.dataset['status']?.split(' ').includes(status)
  for (const [name, text] of Object.entries(words()))
    for (const element of document.querySelectorAll(`[data-text="${name}"]`)) element.textContent = text
}

const deeds = {
  logIn: () => session.send({ type: 'login' }),
  logOut: () => session.send({ type: 'logout' }),
  // Whoever needs a token asks for one, and gets it: now, or after one renewal that all callers and tabs share. A session
  // that ends meanwhile is told by its status.
  renew: () => void session.getAccessToken({ forceRenewal: true }).catch(show),
}
for (const [name, run] of Object.entries(deeds))
  document.querySelector(`[data-do="${name}"]`)?.addEventListener('click', run)

session.subscribe(show)
// Profile and metadata live in a chart of their own, within the session; what becomes of them is told as facts.
session.on('profile.loaded', show)
session.start()
show()
