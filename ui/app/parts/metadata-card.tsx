import { useEffect, useId, useRef, type SubmitEvent } from 'react'
import { useUserMetadata } from '../../react/index.ts'
import { change, changedKeys, emptyDraft, fieldOf, flagKey, flagOf, patchFrom, type Draft } from '../metadata/draft.ts'
import { useDraft } from '../metadata/draft-keeper.tsx'
import { Card } from './card.tsx'
import { ChangedElsewhere } from './changed-elsewhere.tsx'
import { MetadataStatus } from './metadata-status.tsx'
import { OwnEntries } from './own-entries.tsx'
import { CountryList, TextField } from './text-field.tsx'

const noMetadata = {}

const readOnlyWords = (why: string | null): string =>
  `You can look at these here, but not change them. ${why ?? ''}`.trim()

/** The browser asks before a page with unsaved typing goes away. */
function useLeaveGuard(isDirty: boolean): void {
  useEffect(() => {
    if (!isDirty) return
    const ask = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', ask)
    return () => window.removeEventListener('beforeunload', ask)
  }, [isDirty])
}

/** The fields are a draft over what the chart shows; only what was changed is sent. */
export function MetadataCard({ subject }: { readonly subject: string }) {
  const id = useId()
  const form = useRef<HTMLFormElement>(null)
  const details = useUserMetadata()
  const [draft, setDraft] = useDraft(subject)
  const metadata = details.raw ?? noMetadata
  const changes = changedKeys(draft, metadata).length
  const isReadOnly = details.readOnlyBecause !== null || (details.status === 'ready' && !details.writable)
  const isLocked = details.raw === null || isReadOnly
  const canSave = changes > 0 && details.canPatch && !isLocked
  useLeaveGuard(changes > 0)

  const edit = (next: (draft: Draft) => Draft) => setDraft(next)
  const save = (event: SubmitEvent) => {
    event.preventDefault()
    if (!canSave) return
    const patch = patchFrom(draft, metadata)
    if (patch === null) {
      form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus()
      return
    }
    details.patch(patch)
    setDraft(() => emptyDraft)
  }
  const text = (key: string) => ({
    field: fieldOf(draft, metadata, key),
    isLocked,
    isReadOnly,
    onText: (typed: string) => edit((now) => change(now, metadata, key, { as: 'text', text: typed })),
  })

  return (
    <Card
      title="Your details"
      area="details"
      action={
        <button
          type="button"
          className="button small"
          aria-label="Reload details"
          aria-disabled={!details.canReload}
          onClick={() => details.canReload && details.reload()}
        >
          Reload
        </button>
      }
    >
      <p className="soft">{isReadOnly ? readOnlyWords(details.readOnlyBecause) : 'Only what you change is sent.'}</p>
      <ChangedElsewhere details={details} />
      <form ref={form} id={`${id}-form`} className="fields" onSubmit={save} noValidate>
        <TextField label="First name" autoComplete="given-name" {...text('first_name')} />
        <TextField label="Last name" autoComplete="family-name" {...text('last_name')} />
        <TextField label="Country" autoComplete="country-name" list={`${id}-countries`} {...text('country')} />
        <CountryList id={`${id}-countries`} />
        <label className="switch">
          <input
            type="checkbox"
            checked={flagOf(draft, metadata)}
            disabled={isLocked}
            onChange={({ target }) => edit((now) => change(now, metadata, flagKey, { as: 'flag', on: target.checked }))}
          />
          <span>Active</span>
        </label>
        <OwnEntries draft={draft} metadata={metadata} isLocked={isLocked} isReadOnly={isReadOnly} onDraft={edit} />
      </form>
      <div className="details-foot">
        <MetadataStatus details={details} changes={changes} />
        <div className="row row-ends">
          {details.canRetry && (
            <button type="button" className="button" onClick={details.retry}>
              {details.status === 'waiting' ? 'Try now' : 'Try again'}
            </button>
          )}
          {details.canDiscard && (
            <button type="button" className="button" onClick={details.discard}>
              Discard changes
            </button>
          )}
          <div className="row row-end">
            {changes > 0 && (
              <button type="button" className="button quiet" onClick={() => setDraft(() => emptyDraft)}>
                Undo
              </button>
            )}
            {!isReadOnly && (
              <button type="submit" form={`${id}-form`} className="button primary" aria-disabled={!canSave}>
                Save
              </button>
            )}
          </div>
        </div>
      </div>
    </Card>
  )
}
