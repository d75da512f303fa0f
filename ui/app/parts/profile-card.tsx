import type { Profile } from '../../../machines/index.ts'
import { useCan, useProfile, type ProfileState } from '../../react/index.ts'
import { dateTime } from '../format.ts'
import { cause } from '../words.ts'
import { Avatar } from './avatar.tsx'
import { Card } from './card.tsx'

/** Claims in seconds since 1970 (OpenID Connect Core 5.1, RFC 7519). */
const times = new Set(['updated_at', 'auth_time', 'iat', 'exp', 'nbf'])

function shownClaim(claim: string, value: unknown): string {
  if (times.has(claim) && typeof value === 'number') return dateTime(value * 1000)
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function Claims({ profile }: { readonly profile: Profile }) {
  const claims = Object.entries(profile).filter(([claim, value]) => claim !== 'picture' && value !== undefined)
  return (
    <table className="claims">
      <caption className="unseen">Claims about you, as the provider tells them</caption>
      <tbody>
        {claims.map(([claim, value]) => (
          <tr key={claim}>
            <th scope="row">
              <code>{claim}</code>
            </th>
            <td className="wrap">{shownClaim(claim, value)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

const footWords = {
  none: '',
  loading: 'Loading…',
  loaded: 'As the provider told it just now.',
  failed: '',
} satisfies Record<ProfileState['status'], string>

export function ProfileCard() {
  const { profile, status, problem, reload } = useProfile()
  const canReload = useCan({ type: 'profile.reload' }) && status !== 'loading'
  const name = profile?.name ?? profile?.nickname ?? profile?.sub ?? ''
  const hasFailed = status === 'failed' && problem !== null
  return (
    <Card
      title="Profile"
      area="profile"
      action={
        <button
          type="button"
          className="button small"
          aria-label="Reload profile"
          aria-disabled={!canReload}
          onClick={() => canReload && reload()}
        >
          Reload
        </button>
      }
    >
      <div className="person">
        <Avatar name={name} picture={profile?.picture} size="large" />
        <div>
          <p className="person-name wrap">{name || ' '}</p>
          <p className="soft wrap">{profile?.email ?? ' '}</p>
        </div>
      </div>
      {profile && <Claims profile={profile} />}
      <div className="foot">
        <output className="soft">{footWords[status]}</output>
        {hasFailed && (
          <p role="alert" className="notice" data-tone="bad">
            The profile could not be loaded: {cause(problem)}. {profile && 'This is the last one known.'}
          </p>
        )}
      </div>
    </Card>
  )
}
