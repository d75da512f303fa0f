import type { Ending, StageOutcome } from '../../../machines/index.ts'
import { Spinner } from '../parts/icons.tsx'

const outcomes = {
  skipped: '',
  done: 'Done',
  unsupported: 'Not offered',
  failed: 'Not possible',
  timedOut: 'No answer',
} satisfies Record<StageOutcome, string>

export function SigningOut({ ending }: { readonly ending: Ending | null }) {
  const stages = [
    { name: 'Remove the session from this browser', outcome: ending?.clearing ?? 'skipped' },
    { name: 'Have the provider revoke it', outcome: ending?.revoking ?? 'skipped' },
    ...(ending?.from === 'provider'
      ? [{ name: 'Log out of the provider', outcome: ending.leavingProvider } as const]
      : []),
  ]
  return (
    <div className="card card-narrow waiting">
      <Spinner />
      <h1 tabIndex={-1}>{ending?.reason === 'logout' ? 'Logging you out' : 'Ending your session'}</h1>
      <ol className="stages">
        {stages.map(({ name, outcome }) => (
          <li key={name} data-outcome={outcome}>
            <span>{name}</span>
            <span className="soft">{outcomes[outcome]}</span>
          </li>
        ))}
      </ol>
    </div>
  )
}
