import { memo, useId } from 'react'
import { countryNames } from '../metadata/countries.ts'
import type { Field } from '../metadata/draft.ts'

interface TextFieldProps {
  readonly label: string
  readonly field: Field
  readonly isLocked: boolean
  readonly isReadOnly: boolean
  readonly onText: (text: string) => void
  readonly autoComplete?: string
  readonly list?: string
}

export function TextField({ label, field, isLocked, isReadOnly, onText, autoComplete = 'off', list }: TextFieldProps) {
  const id = useId()
  const hint = field.problem ?? (field.movedOn ? 'Changed elsewhere meanwhile. Saving replaces that.' : null)
  return (
    <div className="field" data-changed={field.changed}>
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="text"
        value={field.text}
        disabled={isLocked && !isReadOnly}
        readOnly={isReadOnly}
        autoComplete={autoComplete}
        list={list}
        aria-invalid={field.problem !== null}
        aria-describedby={hint === null ? undefined : `${id}-hint`}
        onChange={({ target }) => onText(target.value)}
      />
      {hint !== null && (
        <p id={`${id}-hint`} className="hint" data-tone={field.problem === null ? 'calm' : 'bad'}>
          {hint}
        </p>
      )}
    </div>
  )
}

/** Suggestions; any other text is fine, too. */
export const CountryList = memo(function CountryList({ id }: { readonly id: string }) {
  return (
    <datalist id={id}>
      {countryNames().map((name) => (
        <option key={name}>{name}</option>
      ))}
    </datalist>
  )
})
