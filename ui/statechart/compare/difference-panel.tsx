import type { ChartDifference } from '../../visualizer/difference/difference.ts'
import { changeInWords } from '../../visualizer/difference/marks.ts'
import { Key } from '../panel/key.tsx'
import { LookButton } from '../panel/look-button.tsx'

const kinds = [
  ['added', 'New'],
  ['removed', 'Gone'],
  ['changed', 'Changed'],
] as const

/** What differs, in words; each can be looked at in the drawing. */
export function DifferencePanel({ difference }: { readonly difference: ChartDifference }) {
  const { states, transitions, united } = difference
  const all = [...states, ...transitions]
  const count = (kind: string) => all.filter((change) => change.kind === kind).length
  if (all.length === 0) return <output>Nothing differs: both versions are the same.</output>
  return (
    <>
      <output>
        {kinds.map(([kind, title]) => `${count(kind)} ${title.toLowerCase()}`).join(', ')}: {all.length} states and
        transitions in all.
      </output>
      <Key
        entries={[
          ['added', 'new'],
          ['removed', 'gone'],
          ['changed', 'changed'],
        ]}
      />
      {kinds.map(([kind, title]) => {
        const own = all.filter((change) => change.kind === kind)
        if (own.length === 0) return null
        return (
          <section key={kind}>
            <h2>
              {title} <span>{own.length}</span>
            </h2>
            <ul>
              {own.map((change) => (
                <li key={change.id}>
                  <LookButton id={change.id} model={united} />
                  {change.kind === 'changed' && <p>{changeInWords(change)}</p>}
                </li>
              ))}
            </ul>
          </section>
        )
      })}
    </>
  )
}
