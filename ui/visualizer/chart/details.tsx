import type { ChartModel } from '../model/chart.ts'
import type { Pointed } from './drawing.tsx'

/** What is pointed at, in words. */
export function Details({ model, pointed }: { readonly model: ChartModel; readonly pointed: Pointed | null }) {
  return (
    <figcaption className="chart-details" aria-live="polite">
      {pointed === null ? (
        <p>{model.description} Point at a state or a transition, or go there by Tab.</p>
      ) : 'state' in pointed ? (
        <StateDetails model={model} id={pointed.state} />
      ) : (
        <TransitionDetails model={model} id={pointed.transition} />
      )}
    </figcaption>
  )
}

function StateDetails({ model, id }: { readonly model: ChartModel; readonly id: string }) {
  const state = model.states.find((one) => one.id === id)
  if (state === undefined) return null
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

function TransitionDetails({ model, id }: { readonly model: ChartModel; readonly id: string }) {
  const transition = model.transitions.find((one) => one.id === id)
  if (transition === undefined) return null
  const { name, guard, description, actions, source, targets } = transition
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
