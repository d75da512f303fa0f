import { memo, useEffect, useMemo, useRef, useState } from 'react'
import type { ChartRecord } from '../../visualizer/index.ts'
import { titleOf } from '../charts.ts'
import { useView } from '../view.ts'
import type { LiveStore, Source } from './store.ts'
import { clockTime, guardOf, meaningOf, recordWords } from './words.ts'

/** Rows in the page at a time; the records are all there, and are stepped through. */
const mostRows = 120

interface EventLogProps {
  readonly store: LiveStore
  readonly shown: Source
  readonly at: number | null
}

/** What happened, the newest below. Arrow keys step through it; End goes on with what comes. */
export function EventLog({ store, shown, at }: EventLogProps) {
  const [filter, setFilter] = useState('')
  const [hasIgnored, setIgnored] = useState(true)
  const list = useRef<HTMLDivElement>(null)
  const { records } = shown.recording
  const chartOf = useCharts(shown)

  const matching = useMemo(() => {
    const wanted = filter.trim().toLowerCase()
    return records.filter((record) => {
      if (!hasIgnored && isIgnored(record)) return false
      if (wanted === '') return true
      const { title, text } = recordWords(record)
      return `${chartOf(record.actor)} ${title} ${text}`.toLowerCase().includes(wanted)
    })
  }, [records, filter, hasIgnored, chartOf])
  const { rows, before } = useMemo(() => windowOf(matching, at), [matching, at])
  const selected = at === null ? undefined : records[at - (records[0]?.number ?? 1)]

  useEffect(() => {
    const box = list.current
    if (box === null) return
    if (at === null) box.scrollTop = box.scrollHeight
    else box.querySelector(`[data-number="${at}"]`)?.scrollIntoView({ block: 'nearest' })
  }, [at, rows])

  const step = (by: number) => {
    const place = at === null ? matching.length : matching.findLastIndex(({ number }) => number <= at)
    const next = matching[Math.max(0, place + by)]
    store.goTo(next?.number ?? null)
  }
  const onKeyDown = (event: React.KeyboardEvent) => {
    const ways: Readonly<Record<string, () => void>> = {
      ArrowUp: () => step(-1),
      ArrowDown: () => step(1),
      PageUp: () => step(-10),
      PageDown: () => step(10),
      Home: () => store.goTo(matching[0]?.number ?? null),
      End: () => store.goTo(null),
    }
    const go = ways[event.key]
    if (go === undefined) return
    event.preventDefault()
    go()
  }
  return (
    <section aria-labelledby="live-log">
      <h2 id="live-log">What happened</h2>
      <div className="live-row">
        <input
          type="search"
          aria-label="Find in what happened"
          placeholder="Find, e.g. renewal"
          value={filter}
          onChange={({ target }) => setFilter(target.value)}
        />
        <label className="live-check">
          <input type="checkbox" checked={hasIgnored} onChange={({ target }) => setIgnored(target.checked)} />
          Ignored events
        </label>
      </div>
      {before > 0 && <p className="live-soft">{before.toLocaleString('en')} earlier ones: step back to see them.</p>}
      {matching.length === 0 && <p className="live-soft">Nothing, so far.</p>}
      {/* No element of HTML is a list to choose from whose rows have parts. */}
      <div
        ref={list}
        className="live-log"
        // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role
        role="listbox"
        aria-label="Records, the newest last. Arrow keys step through them, End goes on live."
        aria-activedescendant={at === null ? undefined : `record-${at}`}
        tabIndex={0}
        onKeyDown={onKeyDown}
      >
        {rows.map((record) => (
          <Row
            key={record.number}
            record={record}
            chart={chartOf(record.actor)}
            isSelected={record.number === at}
            onSelect={store.goTo}
          />
        ))}
      </div>
      {selected !== undefined && <Details record={selected} chart={chartOf(selected.actor)} />}
      <Announcer shown={shown} />
    </section>
  )
}

const isIgnored = (record: ChartRecord): boolean => record.kind === 'stepped' && record.taken.length === 0

/** Which chart an actor runs; also one that began before the first record that is kept. */
function useCharts({ recording: { base, records } }: Source): (actor: string) => string {
  const first = records[0]
  // Ids are never given anew, so that what is known stays true.
  const known = useRef(new Map<string, string>())
  return useMemo(() => {
    for (const { actor, chart } of base) known.current.set(actor, chart)
    for (const record of records) if (record.kind === 'started') known.current.set(record.actor, record.chart)
    const charts = new Map(known.current)
    return (actor) => titleOf(charts.get(actor) ?? '')
    // oxlint-disable-next-line react/exhaustive-deps -- looked through again only when a chart may have begun
  }, [first, base, countOfStarts(records)])
}
const countOfStarts = (records: readonly ChartRecord[]): number =>
  records.reduce((count, { kind }) => (kind === 'started' ? count + 1 : count), 0)

/** The last rows, or those around the one that is looked at. */
function windowOf(records: readonly ChartRecord[], at: number | null) {
  const place = at === null ? records.length : records.findLastIndex(({ number }) => number <= at) + mostRows / 2
  const end = Math.min(records.length, Math.max(place, mostRows))
  const start = Math.max(0, end - mostRows)
  return { rows: records.slice(start, end), before: start }
}

interface RowProps {
  readonly record: ChartRecord
  readonly chart: string
  readonly isSelected: boolean
  readonly onSelect: (number: number) => void
}

const Row = memo(function Row({ record, chart, isSelected, onSelect }: RowProps) {
  const { title, text } = recordWords(record)
  return (
    // The list has the keys.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
    <div
      id={`record-${record.number}`}
      data-number={record.number}
      className={isIgnored(record) ? 'live-record is-ignored' : 'live-record'}
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role
      role="option"
      tabIndex={-1}
      aria-selected={isSelected}
      onClick={() => onSelect(record.number)}
    >
      <time dateTime={new Date(record.at).toISOString()}>{clockTime(record.at)}</time>
      <span>
        <span className="live-chart">{chart}</span> <code>{title}</code> {text}
      </span>
    </div>
  )
})

/** Of the record that is looked at: what it means, which guards were asked, and the way to its chart. */
function Details({ record, chart }: { readonly record: ChartRecord; readonly chart: string }) {
  const [{ chart: drawn }, change] = useView()
  const id = (record.kind === 'ended' ? '' : (record.now.states[0] ?? '')).split('.')[0] ?? ''
  return (
    <div className="live-details">
      {record.kind === 'stepped' && record.taken.length === 0 && <p>Nobody listens to it there, or no guard holds.</p>}
      {record.kind === 'stepped' && record.taken.map((taken) => <p key={taken}>{meaningOf(taken)}</p>)}
      {record.kind === 'stepped' && record.asked.length > 0 && (
        <ul>
          {record.asked.map(({ id: asked, said }) => (
            <li key={asked}>
              <code>{guardOf(asked)}</code> {said ? 'held' : 'did not hold'}
            </li>
          ))}
        </ul>
      )}
      {id !== '' && id !== (drawn === '' ? 'session' : drawn) && (
        <button type="button" onClick={() => change({ chart: id, closed: null, at: null })}>
          Show it in “{chart}”
        </button>
      )}
    </div>
  )
}

/** ms between two announcements. */
const pause = 3_000

/** Says now and then where the session is and how much happened; never each of a thousand events. */
function Announcer({ shown }: { readonly shown: Source }) {
  const [words, setWords] = useState('')
  const latest = useRef(shown)
  useEffect(() => {
    latest.current = shown
  }, [shown])
  useEffect(() => {
    let said = latest.current.recording.records.at(-1)?.number ?? 0
    const timer = setInterval(() => {
      const { records } = latest.current.recording
      const fresh = records.filter(({ number }) => number > said)
      const last = fresh.findLast((record) => !isIgnored(record)) ?? fresh.at(-1)
      if (last === undefined) return
      said = records.at(-1)?.number ?? said
      const { title, text } = recordWords(last)
      setWords(`${fresh.length === 1 ? '' : `${fresh.length} records. The last: `}${title} ${text}`)
    }, pause)
    return () => clearInterval(timer)
  }, [])
  return (
    <p className="live-unseen" role="log" aria-live="polite">
      {words}
    </p>
  )
}
