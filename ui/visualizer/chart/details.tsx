import type { ChartModel, ChartState, ChartTransition } from '../model/chart.ts'
import type { Mark } from './marks.ts'

/** What is pointed at, in words. */
export function Details({
  model,
  id,
  mark,
}: {
  readonly model: ChartModel
  /** Of a state or a transition; `null`: the chart itself. */
  readonly id: string | null
  readonly mark: Mark | undefined
}) {
  const state = model.states.find((one) => one.id === id)
  const transition = model.transitions.find((one) => one.id === id)
  return (
    <figcaption className="chart-details">
      {state !== undefined ? (
        <StateDetails state={state} />
      ) : transition !== undefined ? (
        <TransitionDetails transition={transition} />
      ) : (
        <p>{model.description || model.id} Point at a state or a transition, or follow them by the arrow keys.</p>
      )}
      {mark !== undefined && <p className="chart-small">{mark.words}</p>}
    </figcaption>
  )
}

function StateDetails({ state }: { readonly state: ChartState }) {
  const services = state.invokes.map((service) => service.id).join(', ')
  return (
    <>
      <p>
        <strong>{state.name}</strong> {state.description}
      </p>
      <p className="chart-small">
        {state.id}
        {services !== '' && ` · asks ${services}`}
        {state.tags.length > 0 && ` · ${state.tags.join(', ')}`}
      </p>
    </>
  )
}

function TransitionDetails({
  transition: { name, guard, description, actions, source, targets },
}: {
  readonly transition: ChartTransition
}) {
  return (
    <>
      <p>
        <strong>{name}</strong> {description}
      </p>
      <p className="chart-small">
        {source} → {targets.join(', ') || 'stays'}
        {guard !== null && ` · if ${guard}`}
        {actions.length > 0 && ` · ${actions.join(', ')}`}
      </p>
    </>
  )
}
