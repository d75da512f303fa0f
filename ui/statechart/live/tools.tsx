import { useRef } from 'react'
import { recordingFile } from '../../visualizer/index.ts'
import { charts } from '../charts.ts'
import type { LiveStore, Source } from './store.ts'

interface ToolsProps {
  readonly store: LiveStore
  readonly shown: Source | null
  readonly at: number | null
  readonly problem: string | null
}

/** Stepping back and forth, and recordings as files. */
export function Tools({ store, shown, at, problem }: ToolsProps) {
  const input = useRef<HTMLInputElement>(null)
  const records = shown?.recording.records ?? []
  const [first, last] = [records[0]?.number ?? 0, records.at(-1)?.number ?? 0]
  const open = async (file: File | undefined) => {
    if (file !== undefined) store.open(file.name, await file.text())
    // The same file can be chosen again.
    if (input.current !== null) input.current.value = ''
  }
  return (
    <section className="live-tools" aria-label="Recording">
      {shown !== null && (
        <div className="live-row">
          <button type="button" disabled={(at ?? last) <= first} onClick={() => store.goTo((at ?? last) - 1)}>
            ‹ Back
          </button>
          <button type="button" disabled={at === null || at >= last} onClick={() => store.goTo((at ?? last) + 1)}>
            Forward ›
          </button>
          <button type="button" aria-pressed={at === null} onClick={() => store.goTo(null)}>
            {shown.session === null ? 'End' : 'Live'}
          </button>
          <span className="live-soft">{at === null ? `${records.length} records` : `record ${at} of ${last}`}</span>
        </div>
      )}
      {at !== null && shown?.session != null && (
        <p className="live-note">You look back. The session itself goes on, and is not touched by that.</p>
      )}
      <div className="live-row">
        {shown !== null && (
          <button type="button" disabled={records.length === 0} onClick={() => save(shown)}>
            Save recording
          </button>
        )}
        <button type="button" onClick={() => input.current?.click()}>
          Open recording
        </button>
        <input
          ref={input}
          type="file"
          accept=".json,application/json"
          aria-label="Recording to open"
          hidden
          onChange={({ target }) => void open(target.files?.[0])}
        />
        {shown !== null && (
          <button type="button" onClick={store.clear}>
            {shown.session === null ? 'Close' : 'Clear'}
          </button>
        )}
      </div>
      {problem !== null && (
        <p className="live-problem" role="alert">
          {problem}
        </p>
      )}
    </section>
  )
}

function save({ recording, models, name }: Source): void {
  const text = recordingFile(recording, models.length > 0 ? models : charts)
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }))
  const link = document.createElement('a')
  link.href = url
  link.download = `${name.replace(/\W+/g, '-').toLowerCase()}-recording.json`
  link.click()
  URL.revokeObjectURL(url)
}
