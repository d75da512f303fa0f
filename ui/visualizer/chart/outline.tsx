import { memo, useDeferredValue, useEffect, useId, useMemo, useRef, useState, type KeyboardEvent } from 'react'
import type { ChartModel } from '../model/chart.ts'
import type { Marks } from './marks.ts'
import { around, find, rowsOf, type OutlineRow } from './outline-rows.ts'

/** What `<Outline>` shows. Ids are those of states and transitions in `model`. */
export interface OutlineProps {
  /** The whole chart, whatever of it is closed in the drawing. */
  readonly model: ChartModel
  readonly selected: string | null
  readonly onSelect: (id: string) => void
  readonly current: ReadonlySet<string>
  readonly marks: Marks
}

/** The chart as a tree of lines, with a search: it says to everyone what the drawing says to those who see it. */
export const Outline = memo(function Outline({ model, selected, onSelect, current, marks }: OutlineProps) {
  const [wanted, setWanted] = useState('')
  const found = useMemo(() => find(model, wanted), [model, wanted])
  const [opened, setOpened] = useState(() => new Set(model.states.slice(0, 1).map(({ id }) => id)))
  const isSearching = wanted.trim() !== ''
  // What is looked at is to be seen here, too.
  const [last, setLast] = useState<string | null>(null)
  if (selected !== last) {
    setLast(selected)
    if (selected !== null) setOpened(new Set([...opened, ...around(model, selected)]))
  }
  const rows = useMemo(() => {
    if (!isSearching) return rowsOf(model, opened)
    const hits = new Set(found)
    const ways = new Set(found.flatMap((id) => around(model, id)))
    const all = rowsOf(model, new Set(model.states.map(({ id }) => id)))
    return all.filter(({ id }) => hits.has(id) || ways.has(id)).map((row) => ({ ...row, isOpen: undefined }))
  }, [model, opened, found, isSearching])
  const shown = useDeferredValue(rows)

  const searchId = useId()
  const next = () => {
    const place = found.indexOf(selected ?? '')
    const to = found[(place + 1) % found.length]
    if (to !== undefined) onSelect(to)
  }
  return (
    <section className="chart-outline" aria-label="Outline">
      <div className="chart-search">
        <input
          id={searchId}
          type="search"
          value={wanted}
          placeholder="Find a state, event, guard…"
          aria-label="Find in the chart"
          onChange={(event) => setWanted(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter') next()
          }}
        />
        {isSearching && (
          <output htmlFor={searchId}>
            {found.length === 0 ? 'Nothing in this chart has these words.' : `${found.length} found. Enter: the next.`}
          </output>
        )}
      </div>
      <Tree
        {...{ model, selected, onSelect, current, marks }}
        rows={shown}
        onOpen={(id, isOpen) =>
          setOpened((before) => {
            const after = new Set(before)
            if (isOpen) after.add(id)
            else after.delete(id)
            return after
          })
        }
      />
    </section>
  )
})

function Tree({
  model,
  rows,
  selected,
  onSelect,
  onOpen,
  current,
  marks,
}: OutlineProps & {
  readonly rows: readonly OutlineRow[]
  readonly onOpen: (id: string, isOpen: boolean) => void
}) {
  const list = useRef<HTMLUListElement>(null)
  const [focused, setFocused] = useState<string | null>(null)
  const isShown = (id: string | null) => rows.some((row) => row.id === id)
  const stop = isShown(focused) ? focused : isShown(selected) ? selected : (rows[0]?.id ?? null)
  useEffect(() => {
    const row = list.current?.querySelector<HTMLElement>('[aria-selected="true"]')
    // Not `scrollIntoView`: that would move the page as well.
    if (row && list.current) {
      const { top, bottom } = row.getBoundingClientRect()
      const box = list.current.getBoundingClientRect()
      if (top < box.top || bottom > box.bottom) list.current.scrollTop += top - box.top - box.height / 3
    }
  }, [selected, rows])

  const go = (id: string | undefined) => {
    if (id === undefined) return
    setFocused(id)
    list.current?.querySelector<HTMLElement>(`[data-id="${CSS.escape(id)}"]`)?.focus()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const place = rows.findIndex(({ id }) => id === stop)
    const row = rows[place]
    if (row === undefined) return
    const keys: Readonly<Record<string, () => void>> = {
      ArrowDown: () => go(rows[place + 1]?.id),
      ArrowUp: () => go(rows[place - 1]?.id),
      Home: () => go(rows[0]?.id),
      End: () => go(rows.at(-1)?.id),
      ArrowRight: () => (row.isOpen === false ? onOpen(row.id, true) : row.isOpen === true && go(rows[place + 1]?.id)),
      ArrowLeft: () =>
        row.isOpen === true
          ? onOpen(row.id, false)
          : go(rows.slice(0, place).findLast(({ level }) => level < row.level)?.id),
      Enter: () => onSelect(row.id),
      ' ': () => onSelect(row.id),
    }
    const act = event.ctrlKey || event.metaKey || event.altKey ? undefined : keys[event.key]
    if (act === undefined) return
    event.preventDefault()
    act()
  }
  return (
    <ul role="tree" aria-label={`The chart ${model.id} in words`} ref={list} onKeyDown={onKeyDown}>
      {rows.map((row) => (
        // The tree listens to the keys of its lines.
        // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
        <li
          key={row.id}
          role="treeitem"
          data-id={row.id}
          className={row.transition === undefined ? 'is-state' : 'is-transition'}
          aria-level={row.level}
          aria-expanded={row.isOpen}
          aria-selected={row.id === selected}
          aria-current={current.has(row.id) ? 'true' : undefined}
          tabIndex={row.id === stop ? 0 : -1}
          style={{ paddingInlineStart: `${0.35 + (row.level - 1) * 0.9}rem` }}
          onFocus={() => setFocused(row.id)}
          onClick={(event) => {
            const isTwisty = event.target instanceof Element && event.target.closest('.chart-twisty') !== null
            if (isTwisty && row.isOpen !== undefined) onOpen(row.id, !row.isOpen)
            else onSelect(row.id)
          }}
        >
          {row.isOpen !== undefined && (
            <span className="chart-twisty" aria-hidden="true">
              {row.isOpen ? '▾' : '▸'}
            </span>
          )}
          <RowWords row={row} isCurrent={current.has(row.id)} />
          {marks.get(row.id)?.text !== undefined && <span className="chart-count">{marks.get(row.id)?.text}</span>}
          {marks.has(row.id) && <span className="chart-hidden"> {marks.get(row.id)?.words}</span>}
        </li>
      ))}
    </ul>
  )
}

const kinds = {
  atomic: '',
  compound: '',
  parallel: 'all at once',
  final: 'the end',
  history: 'where it was before',
} as const

function RowWords({
  row: { state, transition },
  isCurrent,
}: {
  readonly row: OutlineRow
  readonly isCurrent: boolean
}) {
  if (state !== undefined)
    return (
      <>
        <strong>{state.name}</strong>
        {kinds[state.type] !== '' && <em> {kinds[state.type]}</em>}
        {isCurrent && <span className="chart-here"> here</span>}
        <span className="chart-soft"> {state.description}</span>
      </>
    )
  if (transition === undefined) return null
  const { name, guard, targets, description } = transition
  return (
    <>
      {name}
      {guard !== null && <span className="chart-soft"> if {guard}</span>}
      <span className="chart-to"> → {targets.map((id) => id.split('.').at(-1)).join(', ') || 'stays'}</span>
      <span className="chart-soft"> {description}</span>
    </>
  )
}
