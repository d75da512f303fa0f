import { useId, type RefObject } from 'react'
import { listed } from '../metadata/draft.ts'

interface LeaveDialogProps {
  readonly ref: RefObject<HTMLDialogElement | null>
  /** The names of the keys that are not saved. */
  readonly unsaved: readonly string[]
  readonly onLeave: () => void
}

/** Asks before a logout that would lose what is typed. */
export function LeaveDialog({ ref, unsaved, onLeave }: LeaveDialogProps) {
  const id = useId()
  return (
    <dialog ref={ref} className="dialog" aria-labelledby={id}>
      <h2 id={id}>Log out with unsaved details?</h2>
      <p className="soft">
        What you changed in your details is not saved yet, and is lost when you log out:{' '}
        <strong className="wrap">{listed(unsaved)}</strong>.
      </p>
      <form method="dialog" className="row">
        <button type="submit" className="button primary">
          Stay
        </button>
        <button type="button" className="button bad" onClick={onLeave}>
          Log out anyway
        </button>
      </form>
    </dialog>
  )
}
