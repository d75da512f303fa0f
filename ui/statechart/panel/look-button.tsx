import type { ReactNode } from 'react'
import type { ChartModel } from '../../visualizer/index.ts'
import { closedAtFirst } from '../charts.ts'
import { revealing } from '../reveal.ts'
import { useView } from '../view.ts'

/** A state or a transition by name, to be looked at in the drawing. */
export function LookButton({
  id,
  model,
  children,
}: {
  readonly id: string
  readonly model: ChartModel
  /** Beside its name. */
  readonly children?: ReactNode
}) {
  const [view, change] = useView()
  const transition = model.transitions.find((one) => one.id === id)
  return (
    <button
      type="button"
      className="panel-look"
      aria-pressed={id === view.at}
      onClick={() => change(revealing(id, model, view.closed ?? closedAtFirst(model)))}
    >
      <span>
        {transition === undefined ? (
          id.slice(model.id.length + 1) || id
        ) : (
          <>
            {transition.name}
            {transition.guard !== null && <em> [{transition.guard}]</em>}
            <small>{transition.source}</small>
          </>
        )}
      </span>
      {children}
    </button>
  )
}
