import { lengthInWords } from '../../visualizer/chart/time.ts'
import { useState } from 'react'
import type { ChartModel } from '../../visualizer/index.ts'
import { timesInWords, type Heat } from '../../visualizer/overlay/heat.ts'
import { readRecording } from '../../visualizer/recorder/file.ts'
import type { Recording } from '../../visualizer/recorder/records.ts'
import { titleOf } from '../charts.ts'
import { FileButton } from '../panel/file-button.tsx'
import { Key } from '../panel/key.tsx'
import { LookButton } from '../panel/look-button.tsx'

interface HeatPanelProps {
  readonly model: ChartModel
  /** `null`: no recording is open. */
  readonly heat: Heat | null
  readonly opened: { readonly name: string } | null
  readonly open: (opened: { readonly name: string; readonly recording: Recording }) => void
}

/** How often a recorded session took each transition, and how long it was where. */
export function HeatPanel({ model, heat, opened, open }: HeatPanelProps) {
  const [problem, setProblem] = useState('')
  const read = (text: string, name: string) => {
    try {
      open({ name, recording: readRecording(text).recording })
      setProblem('')
    } catch (cause) {
      setProblem(cause instanceof Error ? cause.message : String(cause))
    }
  }
  return (
    <>
      <FileButton onOpen={read}>Open a recording</FileButton>
      {problem !== '' && <p role="alert">{problem}</p>}
      {heat === null || opened === null ? (
        <p>
          A recording of a session shows which ways it went: lines get broader the more often they were taken. In
          “Live”, a session that you follow can be saved as one. No token is in it.
        </p>
      ) : (
        <Told {...{ model, heat }} name={opened.name} />
      )}
    </>
  )
}

function Told({ model, heat, name }: { readonly model: ChartModel; readonly heat: Heat; readonly name: string }) {
  const often = [...heat.taken].toSorted(([, one], [, other]) => other - one)
  const times = often.reduce((sum, [, count]) => sum + count, 0)
  const lasting = model.states
    .filter(({ type }) => type === 'atomic')
    .flatMap(({ id }) => {
      const stay = heat.stays.get(id)
      return stay === undefined ? [] : [{ id, ...stay }]
    })
    .toSorted((one, other) => other.ms - one.ms)
  if (heat.stays.size === 0)
    return (
      <output>
        In {name}, the chart “{titleOf(model.id)}” did not run.
      </output>
    )
  return (
    <>
      <output>
        In {name}, {often.length} of {model.transitions.length} transitions were taken, {timesInWords(times)} in all.
      </output>
      <Key
        entries={[
          ['high', 'most often, longest'],
          ['middle', 'now and then'],
          ['low', 'rarely, briefly'],
          ['none', 'never'],
        ]}
      />
      <section>
        <h2>Most often</h2>
        <ul>
          {often.slice(0, 12).map(([id, count]) => (
            <li key={id}>
              <LookButton {...{ id, model }}>
                <strong>{count}×</strong>
              </LookButton>
            </li>
          ))}
        </ul>
      </section>
      <section>
        <h2>Longest</h2>
        <ul>
          {lasting.slice(0, 12).map(({ id, ms }) => (
            <li key={id}>
              <LookButton {...{ id, model }}>
                <strong>{lengthInWords(ms)}</strong>
              </LookButton>
            </li>
          ))}
        </ul>
      </section>
    </>
  )
}
