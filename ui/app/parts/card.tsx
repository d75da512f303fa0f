import { useId, type ReactNode } from 'react'

interface CardProps {
  readonly title: string
  readonly area: string
  /** Beside the title. */
  readonly action?: ReactNode
  readonly children: ReactNode
}

/** A region with a heading. */
export function Card({ title, area, action, children }: CardProps) {
  const id = useId()
  return (
    <section className="card" data-area={area} aria-labelledby={id}>
      <div className="card-head">
        <h2 id={id}>{title}</h2>
        {action}
      </div>
      {children}
    </section>
  )
}
