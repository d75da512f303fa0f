import {
  useSession,
  useRenewal,
  type RenewalState,
  type SessionCommands,
  type SessionState,
} from '../../react/index.ts'
import { capitalised, cause, leftBehindWords, reasonWords, type Words } from '../words.ts'

type Tone = 'good' | 'busy' | 'warn' | 'calm'

interface Line extends Words {
  readonly tone: Tone
}

function reconnectingText(renewal: RenewalState | null): string {
  if (renewal?.step === 'waitingForNetwork') {
    return 'Nothing is lost. This device is offline; it goes on once the network is back.'
  }
  if (!renewal?.problem) return 'Nothing is lost. The session is being renewed.'
  const why = capitalised(cause(renewal.problem))
  const next = renewal.step === 'backingOff' ? 'the next try follows' : 'trying again'
  return `Nothing is lost. ${why}; ${next}.`
}

function endingText(state: Extract<SessionState, { status: 'signedOut' }>): Line | null {
  const words = reasonWords(state.reason)
  if (words === null) return null
  const { ending } = state
  const more = state.reason === 'logout' && ending?.reason === 'logout' ? leftBehindWords(ending) : null
  if (more === null) return { tone: 'calm', ...words }
  return ending?.from === 'provider'
    ? { tone: 'warn', title: words.title, text: more }
    : { tone: 'calm', title: words.title, text: `${words.text} ${more}` }
}

const confirming: Line = {
  tone: 'busy',
  title: 'Confirm that it is you',
  text: 'The login page is open in a window of its own. You stay signed in meanwhile.',
}

function lineOf(state: SessionState, renewal: RenewalState | null): Line | null {
  if ('steppingUp' in state && state.steppingUp) return confirming
  switch (state.status) {
    case 'signedOut':
      return endingText(state)
    case 'reconnecting':
      return { tone: 'warn', title: 'Reconnecting', text: reconnectingText(renewal) }
    case 'signedIn':
      if (state.unsaved) {
        return {
          tone: 'warn',
          title: 'Signed in',
          text: 'The renewed session works in this tab. Storing it did not, and is tried again.',
        }
      }
      if (state.renewing) {
        const text = renewal?.problem
          ? `${capitalised(cause(renewal.problem))}; the renewal is tried again, and you can go on.`
          : 'The session is being renewed.'
        return { tone: 'busy', title: 'Signed in', text }
      }
      return state.facts.renewable
        ? { tone: 'good', title: 'Signed in', text: 'The session renews itself before it expires.' }
        : {
            tone: 'warn',
            title: 'Signed in',
            text: 'The provider gave nothing to renew with: this session will expire.',
          }
    case 'restoring':
    case 'signingIn':
    case 'signingOut':
      return null
  }
}

/** Two ways on for whoever does not want to wait. */
function WaysOn({ session }: { readonly session: SessionCommands }) {
  return (
    <div className="row">
      <button type="button" className="button small" onClick={() => session.session.send({ type: 'renewal.retry' })}>
        Try now
      </button>
      <button type="button" className="button small" onClick={() => session.login({ via: 'popup' })}>
        Log in again
      </button>
    </div>
  )
}

function CancelStepUp({ session }: { readonly session: SessionCommands }) {
  return (
    <div className="row">
      <button type="button" className="button small" onClick={() => session.session.send({ type: 'stepUp.cancel' })}>
        Cancel
      </button>
    </div>
  )
}

/** Where the person is, in one line that is always at the same place and is read out when it changes. */
export function StatusLine() {
  const session = useSession()
  const renewal = useRenewal()
  const line = lineOf(session, renewal)
  const isSteppingUp = 'steppingUp' in session && session.steppingUp
  const isStuck = !isSteppingUp && session.status === 'reconnecting' && (renewal?.attempts ?? 0) > 0
  return (
    <div className="status" data-tone={line?.tone ?? 'none'} data-status={session.status}>
      <div className="status-inner">
        <span className="status-dot" aria-hidden="true" />
        <output className="status-words">
          {line && (
            <>
              <strong>{line.title}</strong> <span>{line.text}</span>
            </>
          )}
        </output>
        {isSteppingUp && <CancelStepUp session={session} />}
        {isStuck && <WaysOn session={session} />}
      </div>
    </div>
  )
}
