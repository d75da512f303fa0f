import { Spinner } from '../parts/icons.tsx'

/** Most often over before anyone sees it, so it appears late. */
export function Restoring() {
  return (
    <div className="card card-narrow waiting appears-late">
      <Spinner />
      <h1 tabIndex={-1}>One moment</h1>
      <p className="soft">Looking whether you are signed in…</p>
    </div>
  )
}
