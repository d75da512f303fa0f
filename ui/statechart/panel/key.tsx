import type { Tone } from '../../visualizer/index.ts'

/** What the colours of the marks mean. */
export function Key({ entries }: { readonly entries: readonly (readonly [Tone, string])[] }) {
  return (
    <ul className="panel-key" aria-label="Colours">
      {entries.map(([tone, words]) => (
        <li key={tone}>
          <span className={`panel-swatch is-${tone}`} />
          {words}
        </li>
      ))}
    </ul>
  )
}
