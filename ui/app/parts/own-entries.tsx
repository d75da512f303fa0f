import { useId, useRef, useState, type KeyboardEvent } from 'react'
import type { UserMetadata } from '../../../machines/index.ts'
import { change, fieldOf, nameProblem, ownKeys, remove, restore, type Draft, type Kind } from '../metadata/draft.ts'

interface OwnEntriesProps {
  readonly draft: Draft
  readonly metadata: UserMetadata
  readonly isLocked: boolean
  /** Nothing is to be added or removed here. */
  readonly isReadOnly: boolean
  readonly onDraft: (next: (draft: Draft) => Draft) => void
}

interface EntryProps extends OwnEntriesProps {
  readonly name: string
  /** The row is about to go away, and the focus with it. */
  readonly onGone: () => void
}

function Entry({ name, draft, metadata, isLocked, isReadOnly, onDraft, onGone }: EntryProps) {
  const id = useId()
  const field = fieldOf(draft, metadata, name)
  const hint = field.problem ?? (field.movedOn ? 'Changed elsewhere meanwhile. Saving replaces that.' : null)
  const toggle = () => {
    if (!field.removed && !Object.hasOwn(metadata, name)) onGone()
    onDraft((now) => (field.removed ? restore(now, name) : remove(now, metadata, name)))
  }
  return (
    <li className="entry" data-changed={field.changed} data-removed={field.removed}>
      <label htmlFor={id} className="wrap">
        {name}
      </label>
      <input
        id={id}
        type="text"
        value={field.text}
        disabled={(isLocked && !isReadOnly) || field.removed}
        readOnly={isReadOnly}
        autoComplete="off"
        className={field.kind === 'json' ? 'mono' : undefined}
        aria-invalid={field.problem !== null}
        aria-describedby={hint === null ? undefined : `${id}-hint`}
        onChange={({ target }) => onDraft((now) => change(now, metadata, name, { as: field.kind, text: target.value }))}
      />
      {!isReadOnly && (
        <button
          type="button"
          className="button small"
          disabled={isLocked}
          aria-label={field.removed ? `Keep ${name}` : `Remove ${name}`}
          onClick={toggle}
        >
          {field.removed ? 'Keep' : 'Remove'}
        </button>
      )}
      {hint !== null && (
        <p id={`${id}-hint`} className="hint" data-tone={field.problem === null ? 'calm' : 'bad'}>
          {hint}
        </p>
      )}
    </li>
  )
}

const blank = { name: '', text: '', kind: 'text' as Kind }

/** A new entry goes into the draft, and is saved with everything else. */
export function OwnEntries(props: OwnEntriesProps) {
  const { draft, metadata, isLocked, isReadOnly, onDraft } = props
  const id = useId()
  const first = useRef<HTMLInputElement>(null)
  const [fresh, setFresh] = useState(blank)
  const [problem, setProblem] = useState<string | null>(null)
  const keys = ownKeys(draft, metadata)
  const focusName = () => first.current?.focus()

  const add = () => {
    const name = fresh.name.trim()
    const wrong = nameProblem(name, draft, metadata)
    setProblem(wrong)
    focusName()
    if (wrong !== null) return
    onDraft((now) => change(now, metadata, name, { as: fresh.kind, text: fresh.text }))
    setFresh(blank)
  }
  const addByKey = (event: KeyboardEvent) => {
    if (event.key !== 'Enter') return
    event.preventDefault()
    add()
  }

  return (
    <fieldset className="own">
      <legend>Entries of your own</legend>
      {keys.length === 0 && (isReadOnly || !isLocked) && (
        <p className="soft small">{isReadOnly ? 'None.' : 'None yet.'}</p>
      )}
      <ul className="entries">
        {keys.map((name) => (
          <Entry key={name} name={name} onGone={focusName} {...props} />
        ))}
      </ul>
      {!isReadOnly && (
        <fieldset className="entry-new" aria-label="New entry">
          <div>
            <label htmlFor={`${id}-name`}>Name</label>
            <input
              ref={first}
              id={`${id}-name`}
              type="text"
              value={fresh.name}
              disabled={isLocked}
              autoComplete="off"
              aria-invalid={problem !== null}
              aria-describedby={problem === null ? undefined : `${id}-problem`}
              onKeyDown={addByKey}
              onChange={({ target }) => {
                setProblem(null)
                setFresh({ ...fresh, name: target.value })
              }}
            />
          </div>
          <div>
            <label htmlFor={`${id}-value`}>Value</label>
            <input
              id={`${id}-value`}
              type="text"
              value={fresh.text}
              disabled={isLocked}
              autoComplete="off"
              onKeyDown={addByKey}
              onChange={({ target }) => setFresh({ ...fresh, text: target.value })}
            />
          </div>
          <div>
            <label htmlFor={`${id}-kind`}>Kind</label>
            <select
              id={`${id}-kind`}
              value={fresh.kind}
              disabled={isLocked}
              onChange={({ target }) => setFresh({ ...fresh, kind: target.value === 'json' ? 'json' : 'text' })}
            >
              <option value="text">Text</option>
              <option value="json">JSON</option>
            </select>
          </div>
          <button type="button" className="button" disabled={isLocked} onClick={add}>
            Add
          </button>
          {problem !== null && (
            <p id={`${id}-problem`} className="hint" data-tone="bad" role="alert">
              {problem}
            </p>
          )}
        </fieldset>
      )}
    </fieldset>
  )
}
