import {
  selectAccount,
  selectChangedElsewhere,
  selectFacts,
  selectIsSteppingUp,
  selectIsUnsaved,
  selectLimitNear,
  selectLoginStep,
  selectMetadata,
  selectMetadataProblem,
  selectMetadataStatus,
  selectProblem,
  selectProfile,
  selectProfileStatus,
  selectRenewal,
  selectRenewalProblem,
  selectSignedOutReason,
  selectStatus,
  type SessionRequest,
  type SessionSnapshot,
} from '../../../machines/index.ts'
import { capitalised, cause, loginProblemWords, reasonWords } from '../../app/words.ts'

/** What a person would see of a session: a page in words. */
export interface Sight {
  readonly tone: 'calm' | 'good' | 'busy' | 'warn'
  readonly title: string
  readonly text: string
  /** Profile and details, a line each. */
  readonly lines: readonly string[]
  /** What the app asks, over everything else; `null`: nothing. */
  readonly question: string | null
  /** What can be pressed, as far as the chart takes it. */
  readonly buttons: readonly { readonly words: string; readonly event: SessionRequest }[]
}

type Said = Pick<Sight, 'tone' | 'title' | 'text'>

/** In the words of the demo, where it has some. `null`: no page is open. `now`: epoch ms. */
export function sightOf(snapshot: SessionSnapshot | null, now: number): Sight {
  if (snapshot === null)
    return {
      tone: 'calm',
      title: 'Elsewhere',
      text: 'The app is not open in this tab: it is closed, or shows the provider’s page.',
      lines: [],
      question: null,
      buttons: [],
    }
  const limit = selectLimitNear(snapshot)?.limit
  return {
    ...saidOf(snapshot),
    lines: linesOf(snapshot),
    buttons: buttonsOf(snapshot, now).filter(({ event }) => snapshot.can(event)),
    question:
      limit === undefined ? null : limit === 'idle' ? 'Still there?' : 'Your session ends soon. Log in again to go on.',
  }
}

function saidOf(snapshot: SessionSnapshot): Said {
  switch (selectStatus(snapshot)) {
    case 'restoring':
      return { tone: 'busy', title: 'One moment', text: 'The app looks whether you are signed in.' }
    case 'signedOut':
      return signedOut(snapshot)
    case 'signingIn':
      return signingIn(snapshot)
    case 'signedIn':
      return signedIn(snapshot)
    case 'reconnecting':
      return { tone: 'warn', title: 'Reconnecting', text: `${whyLate(snapshot)} You stay signed in; nothing is lost.` }
    case 'signingOut':
      return { tone: 'busy', title: 'Logging you out', text: 'Your session is being removed.' }
  }
}

function signedOut(snapshot: SessionSnapshot): Said {
  const problem = selectProblem(snapshot)
  const reason = selectSignedOutReason(snapshot)
  const words = problem === null ? (reason === null ? null : reasonWords(reason)) : loginProblemWords(problem)
  const tone = problem === null && (reason === 'never' || reason === 'logout') ? 'calm' : 'warn'
  return { tone, ...(words ?? { title: 'You are not signed in', text: 'Log in to begin.' }) }
}

const steps = {
  redirecting: 'The browser is leaving for the provider’s page.',
  inPopup: 'Log in in the window that has opened.',
  completing: 'You are back; the provider is asked to confirm who you are.',
  relaying: 'The login is handed over to the window that waits for it.',
} as const

function signingIn(snapshot: SessionSnapshot): Said {
  return { tone: 'busy', title: 'Logging in', text: steps[selectLoginStep(snapshot) ?? 'completing'] }
}

function signedIn(snapshot: SessionSnapshot): Said {
  const account = selectAccount(snapshot)?.getSnapshot()
  const name = (account && selectProfile(account))?.name ?? selectFacts(snapshot)?.subject ?? ''
  const title = `Signed in as ${name}`
  if (selectIsSteppingUp(snapshot))
    return {
      tone: 'busy',
      title: 'Confirm that it is you',
      text: 'A login window is open. You stay signed in meanwhile.',
    }
  if (selectIsUnsaved(snapshot))
    return {
      tone: 'warn',
      title,
      text: 'The renewed session works in this tab. Storing it did not, and is tried again.',
    }
  const renewal = selectRenewal(snapshot)?.getSnapshot()
  const problem = renewal === undefined ? null : selectRenewalProblem(renewal)
  if (problem !== null)
    return { tone: 'busy', title, text: `${capitalised(cause(problem))}; it is tried again, and you can go on.` }
  return { tone: 'good', title, text: 'All is well.' }
}

function whyLate(snapshot: SessionSnapshot): string {
  const renewal = selectRenewal(snapshot)?.getSnapshot()
  const problem = renewal === undefined ? null : selectRenewalProblem(renewal)
  return problem === null ? 'Your session is being renewed.' : `${capitalised(cause(problem))}.`
}

function linesOf(snapshot: SessionSnapshot): readonly string[] {
  const account = selectAccount(snapshot)?.getSnapshot()
  if (account === undefined) return []
  const profile = {
    loading: 'Profile: being fetched',
    loaded: 'Profile: here',
    failed: 'Profile: as last seen',
  } as const
  const known = Object.entries(selectMetadata(account) ?? {}).map(([key, value]) => `${key} ${String(value)}`)
  const problem = selectMetadataProblem(account)
  const states = {
    loading: 'being fetched',
    ready: '',
    saving: 'being saved',
    waiting: `not saved yet${problem === null ? '' : `, ${cause(problem)}`}; tried again by itself`,
    unsaved: 'could not be saved; try again, or discard it',
    discarding: 'the change is being discarded',
    failed: 'could not be fetched',
  } as const
  const status = states[selectMetadataStatus(account)]
  const elsewhere = selectChangedElsewhere(account)
  return [
    profile[selectProfileStatus(account)],
    `Details: ${[...known, ...(status === '' ? [] : [status])].join(' — ') || 'none yet'}`,
    ...(elsewhere === null ? [] : [`Changed elsewhere: ${elsewhere.keys.join(', ')}`]),
  ]
}

const logIn = { words: 'Log in', event: { type: 'login' } } as const
const logOut = { words: 'Log out', event: { type: 'logout' } } as const

function buttonsOf(snapshot: SessionSnapshot, now: number): Sight['buttons'] {
  switch (selectStatus(snapshot)) {
    case 'signedOut':
      return [logIn]
    case 'signingIn':
      return [{ words: 'Cancel', event: { type: 'login.cancel' } }]
    case 'reconnecting':
      return [
        { words: 'Try now', event: { type: 'renewal.retry' } },
        { words: 'Log in again', event: { type: 'login', via: 'popup' } },
        logOut,
      ]
    case 'signedIn':
      return [...limitButtons(snapshot, now), ...detailsButtons(snapshot), logOut]
    case 'restoring':
    case 'signingOut':
      return []
  }
}

function limitButtons(snapshot: SessionSnapshot, now: number): Sight['buttons'] {
  const limit = selectLimitNear(snapshot)?.limit
  if (limit === undefined) return []
  return limit === 'idle'
    ? [{ words: 'Stay signed in', event: { type: 'person.active', at: now } }]
    : [{ words: 'Log in again', event: { type: 'stepUp', via: 'popup', prompt: 'login' } }]
}

function detailsButtons(snapshot: SessionSnapshot): Sight['buttons'] {
  const account = selectAccount(snapshot)?.getSnapshot()
  const status = account && selectMetadataStatus(account)
  if (status === 'ready')
    return [{ words: 'Change the city', event: { type: 'metadata.patch', patch: { city: 'Bruges' } } }]
  if (status !== 'waiting' && status !== 'unsaved') return []
  return [
    { words: status === 'waiting' ? 'Try now' : 'Try again', event: { type: 'metadata.retry' } },
    { words: 'Discard changes', event: { type: 'metadata.discard' } },
  ]
}
