const signs = [
  ['●', 'where a state begins'],
  ['▶', 'a service that is asked while the state holds; light: now'],
  ['→', 'what is done on entry, and ←, on exit'],
  ['↻', 'what is heard without leaving'],
] as const

const kinds = [
  ['is-event', 'someone asks, or something happens'],
  ['is-done', 'a service has answered'],
  ['is-error', 'a service has failed'],
  ['is-after', 'time has passed'],
  ['is-always', 'at once'],
] as const

const keys = [
  ['← →', 'along the transitions'],
  ['↑ ↓', 'to the next, to the last'],
  ['Enter', 'open, close or enter'],
  ['Shift ← ↑ → ↓', 'move the window'],
  ['+ − 0', 'zoom, show all of it'],
] as const

/** What the signs, colours and keys of a drawing mean. */
export function Legend() {
  return (
    <details className="chart-legend">
      <summary title="Signs and keys">?</summary>
      <div>
        <dl>
          {signs.map(([sign, words]) => (
            <div key={sign}>
              <dt>{sign}</dt>
              <dd>{words}</dd>
            </div>
          ))}
          {kinds.map(([kind, words]) => (
            <div key={kind}>
              <dt>
                <span className={`chart-swatch ${kind}`} />
              </dt>
              <dd>{words}</dd>
            </div>
          ))}
        </dl>
        <dl>
          {keys.map(([key, words]) => (
            <div key={key}>
              <dt>
                <kbd>{key}</kbd>
              </dt>
              <dd>{words}</dd>
            </div>
          ))}
        </dl>
      </div>
    </details>
  )
}
