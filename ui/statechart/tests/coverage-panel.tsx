import type { ChartModel } from '../../visualizer/index.ts'
import { levelsInWords, standingsOf, type Coverage, type Standing } from '../../visualizer/overlay/coverage.ts'
import { Key } from '../panel/key.tsx'
import { LookButton } from '../panel/look-button.tsx'

export const levels = [
  { id: 'level1', title: 'Level 1', about: 'the real charts, services that do as they are told' },
  { id: 'level2', title: 'Level 2', about: 'the real services and a real provider' },
  { id: 'level3', title: 'Level 3', about: 'the demo in Chromium, as people see it' },
] as const

interface CoveragePanelProps {
  readonly model: ChartModel
  readonly coverage: Coverage
  /** At the levels that are chosen. */
  readonly standings: readonly Standing[]
  readonly chosen: readonly string[]
  readonly choose: (levels: readonly string[]) => void
}

/** Which transitions the tests take, at which level, and why not. */
export function CoveragePanel({ model, coverage, standings, chosen, choose }: CoveragePanelProps) {
  const takenAt = (level: string) =>
    standingsOf(coverage, model, [level]).filter(({ missed }) => missed.length === 0).length
  const taken = standings.filter(({ missed }) => missed.length === 0).length
  const all = standings.length
  const groups = byReason(standings)
  return (
    <>
      <fieldset>
        <legend>Levels of tests</legend>
        {levels.map(({ id, title, about }) => (
          <label key={id}>
            <input
              type="checkbox"
              checked={chosen.includes(id)}
              onChange={({ target }) =>
                choose(
                  levels.map((level) => level.id).filter((one) => (one === id ? target.checked : chosen.includes(one))),
                )
              }
            />
            <span>
              <strong>{title}</strong> takes {takenAt(id)} of {all}
              <small>{about}</small>
            </span>
          </label>
        ))}
      </fieldset>
      <output>
        {chosen.length === 0
          ? 'Choose a level.'
          : taken === all
            ? `All ${all} transitions of this chart are taken at ${levelsInWords(chosen)}.`
            : `${taken} of ${all} transitions are taken at ${levelsInWords(chosen)}; ${all - taken} are not.`}
      </output>
      <Key
        entries={[
          ['good', 'taken at each chosen level'],
          ['changed', 'not taken, and there is a reason'],
          ['poor', 'not taken, and nobody has said why'],
        ]}
      />
      {groups.map(({ level, reason, ids }) => (
        <section key={`${level} ${reason ?? ''}`}>
          <h2>
            Not at {levelsInWords([level])} <span>{ids.length}</span>
          </h2>
          <p>{reason ?? 'Nobody has said why.'}</p>
          <details open={ids.length <= mostAtOnce}>
            <summary>{ids.length === 1 ? 'Which one' : 'Which ones'}</summary>
            <ul>
              {ids.map((id) => (
                <li key={id}>
                  <LookButton {...{ id, model }} />
                </li>
              ))}
            </ul>
          </details>
        </section>
      ))}
    </>
  )
}

/** More than these are shown when someone asks. */
const mostAtOnce = 3

interface Group {
  readonly level: string
  readonly reason: string | null
  readonly ids: readonly string[]
}

/** What is missed, by level and reason; without a reason first, then in document order. */
function byReason(standings: readonly Standing[]): readonly Group[] {
  const groups = new Map<string, Group>()
  for (const { id, missed } of standings)
    for (const { level, reason } of missed) {
      const key = `${level} ${reason ?? ''}`
      const before = groups.get(key)
      groups.set(key, { level, reason, ids: [...(before?.ids ?? []), id] })
    }
  return [...groups.values()].toSorted(
    (one, other) => Number(one.reason !== null) - Number(other.reason !== null) || one.level.localeCompare(other.level),
  )
}
