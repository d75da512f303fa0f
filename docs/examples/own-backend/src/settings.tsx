import { useState } from 'react'
import { SessionError } from 'sessionchart'
import { useUserMetadata, type UserMetadataState } from 'sessionchart/react'
import * as z from 'zod'

/** Any Standard Schema: from here on the settings have types, and what does not fit is refused before it is sent. */
const settingsSchema = z.object({
  name: z.string().max(40, 'is longer than 40 letters').optional(),
  theme: z.enum(['auto', 'light', 'dark']).optional(),
})
type Settings = z.infer<typeof settingsSchema>

const words: Partial<Record<UserMetadataState<Settings>['status'], string>> = {
  loading: 'One moment…',
  ready: 'Saved.',
  saving: 'Saving…',
  waiting: 'Kept, and saved as soon as the server can be reached.',
}

export function SettingsForm() {
  const { metadata, status, problem, changedElsewhere, canPatch, canRetry, canDiscard, ...commands } =
    useUserMetadata(settingsSchema)
  const [wrong, setWrong] = useState<string | null>(null)
  const patch = (change: Settings) => {
    try {
      commands.patch(change)
      setWrong(null)
    } catch (error) {
      if (!(error instanceof SessionError)) throw error
      setWrong(error.message)
    }
  }
  const { name = '', theme = 'auto' } = metadata ?? {}
  return (
    <section className="card">
      <h2>Settings</h2>
      <form
        action={(form) => {
          const value = form.get('name')
          if (typeof value === 'string') patch({ name: value.trim() })
        }}
      >
        <label>
          What may we call you?
          <span className="row">
            {/* Made anew when the name changes, here or in another tab. */}
            <input key={name} name="name" defaultValue={name} autoComplete="off" disabled={!canPatch} />
            <button type="submit" className="primary" disabled={!canPatch}>
              Save
            </button>
          </span>
        </label>
      </form>
      <label>
        Theme
        <select
          value={theme}
          disabled={!canPatch}
          onChange={({ target }) => patch({ theme: settingsSchema.shape.theme.parse(target.value) })}
        >
          <option value="auto">As the device has it</option>
          <option value="light">Light</option>
          <option value="dark">Dark</option>
        </select>
      </label>
      {wrong && <p role="alert">{wrong}</p>}
      {problem && <p role="alert">{problem.message}</p>}
      {canRetry && (
        <p className="row">
          <button type="button" onClick={commands.retry}>
            Try again
          </button>
          <button type="button" disabled={!canDiscard} onClick={commands.discard}>
            Discard
          </button>
        </p>
      )}
      {changedElsewhere && (
        <p className="row">
          <span>Changed on another device: {changedElsewhere.keys.join(', ')}.</span>
          <button type="button" onClick={commands.acknowledge}>
            All right
          </button>
        </p>
      )}
      <output className="soft">{words[status]}</output>
    </section>
  )
}
