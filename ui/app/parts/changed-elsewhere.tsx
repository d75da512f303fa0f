import type { UserMetadata } from '../../../machines/index.ts'
import type { UseUserMetadata } from '../../react/index.ts'
import { listed } from '../metadata/draft.ts'

function wordsOf(keys: readonly string[], contested: readonly string[]): string {
  const others = keys.filter((key) => !contested.includes(key))
  const sentences = [
    contested.length === 0 ? '' : `You changed ${listed(contested)} here as well: what you typed here replaces it.`,
    others.length === 0 ? '' : `You see the new value of ${listed(others)}.`,
  ]
  return sentences.filter(Boolean).join(' ')
}

/** Says what another device or app has changed, until the person has read it. */
export function ChangedElsewhere({ details }: { readonly details: UseUserMetadata<UserMetadata> }) {
  const { changedElsewhere, acknowledge } = details
  return (
    <output className="elsewhere">
      {changedElsewhere && (
        <div className="notice" data-tone="calm">
          <strong>Changed elsewhere meanwhile</strong>
          <span className="wrap">{wordsOf(changedElsewhere.keys, changedElsewhere.contested)}</span>
          <button type="button" className="button small" onClick={acknowledge}>
            Dismiss
          </button>
        </div>
      )}
    </output>
  )
}
