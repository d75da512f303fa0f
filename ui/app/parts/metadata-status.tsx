import type { UserMetadata } from '../../../machines/index.ts'
import type { UseUserMetadata } from '../../react/index.ts'
import { capitalised, cause } from '../words.ts'

interface MetadataStatusProps {
  readonly details: UseUserMetadata<UserMetadata>
  /** How many fields are typed and not saved. */
  readonly changes: number
}

type Tone = 'good' | 'busy' | 'calm' | 'warn' | 'bad'

const counted = (changes: number): string => (changes === 1 ? '1 change' : `${changes} changes`)

function wordsOf({ details, changes }: MetadataStatusProps): { readonly tone: Tone; readonly text: string } {
  const why = details.problem ? cause(details.problem) : 'something unforeseen happened'
  switch (details.status) {
    case 'none':
    case 'loading':
      return { tone: 'busy', text: 'Loading your details…' }
    case 'saving':
      return { tone: 'busy', text: 'Saving…' }
    case 'discarding':
      return { tone: 'busy', text: 'Discarding…' }
    case 'waiting':
      return { tone: 'warn', text: `Waiting to be saved: ${why}. Your changes are kept, and saving is tried again.` }
    case 'unsaved':
      return { tone: 'bad', text: `Not saved. ${capitalised(why)}. What you typed is kept: mend it, or try again.` }
    case 'failed':
      return {
        tone: 'bad',
        text: `Your details could not be loaded: ${why}.${details.raw ? ' These are the last ones known.' : ''}`,
      }
    case 'ready':
      if (!details.writable) return { tone: 'good', text: 'As they were told just now.' }
      return changes > 0
        ? { tone: 'calm', text: `${counted(changes)} not saved yet.` }
        : { tone: 'good', text: 'All changes are saved.' }
  }
}

/** What became of the changes, read out when it changes; a refusal at once. */
export function MetadataStatus({ details, changes }: MetadataStatusProps) {
  const { tone, text } = wordsOf({ details, changes })
  const isBad = tone === 'bad'
  return (
    <div className="saving" data-tone={tone}>
      <output>{isBad ? '' : text}</output>
      <p role="alert">{isBad ? text : ''}</p>
    </div>
  )
}
