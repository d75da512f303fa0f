import { useEffect, useId, useRef } from 'react'
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

function NearLimitDialog({
  near,
  session,
}: {
  readonly near: NearLimit
  readonly session: SessionCommands['session']
}) {
  const id = useId()
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const shown = dialog.current
    if (shown !== null && !shown.open) shown.showModal()
    return () => shown?.close()
  }, [])
  const { title, text, button } = words[near.limit]
  const goOn = () => {
    if (near.limit === 'idle') session.send({ type: 'person.active', at: Date.now() })
    else session.send({ type: 'stepUp', via: 'popup', prompt: 'login' })
    dialog.current?.close()
  }
  return (
    <dialog ref={dialog} className="dialog" aria-labelledby={id} onCancel={near.limit === 'idle' ? goOn : undefined}>
      <h2 id={id}>{title}</h2>
      <p className="soft">
        {text} <TimeLeft at={near.at} />.
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
          <button type="button" className="button" onClick={() => dialog.current?.close()}>
            Not now
          </button>
        )}
      </div>
    </dialog>
  )
}

/** Asks ahead of a limit that ends the session; goes away by itself when the limit moves. */
export function StillThere() {
  const session = useSession()
  const near = 'limitNear' in session ? session.limitNear : null
  if (near === null) return null
  return <NearLimitDialog key={near.limit} near={near} session={session.session} />
}
