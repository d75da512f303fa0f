import { useEffect, useId, useRef, useState } from 'react'
import type { Limit } from '../../../machines/index.ts'
import { useSession, type SessionCommands } from '../../react/index.ts'
import { countdown } from '../format.ts'
import { useNow } from '../use-now.ts'

interface NearLimit {
  readonly limit: Limit
  readonly at: number
}

function TimeLeft({ at }: { readonly at: number }) {
  return (
    <span role="timer" className="figure">
      {countdown(at - useNow())}
    </span>
  )
}

const words = {
  idle: {
    title: 'Still there?',
    text: 'Nobody has done anything here for a while. Your session ends in',
    button: 'Stay signed in',
  },
  ceiling: {
    title: 'Your session ends soon',
    text: 'It has reached its greatest age. Log in again to go on without losing anything; it ends in',
    button: 'Log in again',
  },
} satisfies Record<Limit, { title: string; text: string; button: string }>

interface NearLimitDialogProps {
  readonly near: NearLimit
  /** The limit has moved since: what is asked can still be answered. */
  readonly isOver: boolean
  readonly session: SessionCommands['session']
  /** The person moves or types in here. */
  readonly onReach: () => void
  readonly onAnswer: () => void
}

function NearLimitDialog({ near, isOver, session, onReach, onAnswer }: NearLimitDialogProps) {
  const id = useId()
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const shown = dialog.current
    if (shown !== null && !shown.open) shown.showModal()
    return () => shown?.close()
  }, [])
  const { title, text, button } = words[near.limit]
  const goOn = () => {
    // A login that comes to nothing leaves the question open.
    if (near.limit === 'ceiling') return session.send({ type: 'stepUp', via: 'popup', prompt: 'login' })
    session.send({ type: 'person.active', at: Date.now() })
    onAnswer()
  }
  return (
    <dialog
      ref={dialog}
      className="dialog"
      aria-labelledby={id}
      onPointerMove={onReach}
      onPointerDown={onReach}
      onKeyDown={onReach}
      onCancel={near.limit === 'idle' ? goOn : onAnswer}
    >
      <h2 id={id}>{title}</h2>
      <p className="soft">
        {isOver ? (
          'You are, so your session goes on.'
        ) : (
          <>
            {text} <TimeLeft at={near.at} />.
          </>
        )}
      </p>
      <div className="row">
        <button type="button" className="button primary" onClick={goOn}>
          {button}
        </button>
        {near.limit === 'idle' ? (
          <button type="button" className="button" onClick={() => session.send({ type: 'logout' })}>
            Log out now
          </button>
        ) : (
          <button type="button" className="button" onClick={onAnswer}>
            Not now
          </button>
        )}
      </div>
    </dialog>
  )
}

/**
 * Reaching for the answer is activity, which moves an idle limit: the question then stays until it is answered. Where the limit
 * moves otherwise, as by activity in another tab, the question goes away by itself.
 */
function Question({
  near,
  session,
}: {
  readonly near: NearLimit | null
  readonly session: SessionCommands['session']
}) {
  const [reached, setReached] = useState<NearLimit | null>(null)
  const [answeredAt, setAnsweredAt] = useState(0)
  const asked = near ?? reached
  if (asked === null || asked.at === answeredAt) return null
  return (
    <NearLimitDialog
      key={asked.limit}
      near={asked}
      isOver={near === null}
      session={session}
      onReach={() => setReached(asked.limit === 'idle' ? asked : null)}
      onAnswer={() => {
        setReached(null)
        setAnsweredAt(asked.at)
      }}
    />
  )
}

/** Asks ahead of a limit that ends the session. */
export function StillThere() {
  const session = useSession()
  // While the person logs in again, there is nothing to ask.
  return 'limitNear' in session && !session.steppingUp ? (
    <Question near={session.limitNear} session={session.session} />
  ) : null
}
