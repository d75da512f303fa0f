import { Mark } from '../parts/icons.tsx'

export interface TroubleProps {
  readonly title: string
  readonly text: string
  readonly advice: string
}

/** A full page for what keeps the app from running: what is wrong, and what to do. */
export function Trouble({ title, text, advice }: TroubleProps) {
  return (
    <main className="stage stage-alone">
      <div className="card card-narrow" role="alert">
        <Mark />
        <h1>{title}</h1>
        <p className="wrap">{text}</p>
        <p className="soft wrap">{advice}</p>
        <div className="row">
          <button type="button" className="button primary" onClick={() => window.location.reload()}>
            Try again
          </button>
        </div>
      </div>
    </main>
  )
}
