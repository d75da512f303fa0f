import { useMemo, useState } from 'react'
import type { ChartModel } from '../../visualizer/index.ts'
import { differenceOf, type ChartDifference } from '../../visualizer/difference/difference.ts'
import { differenceMarks } from '../../visualizer/difference/marks.ts'
import { readModel } from '../../visualizer/export/json.ts'
import { charts, titleOf } from '../charts.ts'
import { FileButton } from '../panel/file-button.tsx'
import { useView } from '../view.ts'
import { Workbench } from '../workbench.tsx'
import { DifferencePanel } from './difference-panel.tsx'
import '../panel/panel.css'

/** A version of a chart, and where it is from. */
interface Version {
  readonly name: string
  readonly model: ChartModel
}

type Compared =
  | { readonly difference: ChartDifference; readonly before: Version; readonly after: Version }
  | { readonly problem: string }

const messageOf = (problem: unknown): string => (problem instanceof Error ? problem.message : String(problem))

/** Two versions of a chart in one drawing: what is new, what is gone, what has changed. */
export function CompareMode() {
  const [, change] = useView()
  const [before, setBefore] = useState<Version | null>(null)
  const [after, setAfter] = useState<Version | null>(null)
  const [problem, setProblem] = useState('')
  const running = charts.find(({ id }) => id === before?.model.id)
  const compared = useMemo((): Compared | null => {
    if (before === null) return null
    const later = after ?? (running === undefined ? null : { name: 'this page', model: running })
    if (later === null)
      return { problem: `This page has no chart “${before.model.id}”. Open the later version of it, too.` }
    try {
      return { difference: differenceOf(before.model, later.model), before, after: later }
    } catch (cause) {
      return { problem: messageOf(cause) }
    }
  }, [before, after, running])
  const difference = compared !== null && 'difference' in compared ? compared.difference : null
  const models = useMemo(
    () => (difference === null ? (before === null ? charts : [before.model]) : [difference.united]),
    [difference, before],
  )
  const marks = useMemo(() => (difference === null ? new Map() : differenceMarks(difference)), [difference])

  const read = (set: (version: Version) => void) => (text: string, name: string) => {
    try {
      const model = readModel(text)
      set({ name, model })
      setProblem('')
      change({ chart: model.id, closed: null, at: null })
    } catch (cause) {
      setProblem(`${name}: ${messageOf(cause)}`)
    }
  }
  const forget = () => {
    setBefore(null)
    setAfter(null)
    setProblem('')
  }
  const wrong = problem !== '' ? problem : compared !== null && 'problem' in compared ? compared.problem : ''
  return (
    <Workbench
      models={models}
      marks={marks}
      panel={
        <div className="panel">
          <p>
            {before === null
              ? 'Open an earlier version of a chart, to see what has become of it since. “Take it along”, “JSON” saves the version of today.'
              : `Earlier: ${before.name}. Later: ${after?.name ?? (running === undefined ? 'not there yet' : `${titleOf(running.id)}, as it is in this page`)}.`}
          </p>
          <FileButton onOpen={read(setBefore)}>
            {before === null ? 'Open the earlier version' : 'Open another earlier version'}
          </FileButton>
          {before !== null && (
            <FileButton onOpen={read(setAfter)}>
              {after === null ? 'Compare with another file instead' : 'Open another later version'}
            </FileButton>
          )}
          {before !== null && (
            <button type="button" className="panel-button" onClick={forget}>
              Begin anew
            </button>
          )}
          {wrong !== '' && <p role="alert">{wrong}</p>}
          {difference !== null && <DifferencePanel difference={difference} />}
        </div>
      }
    />
  )
}
