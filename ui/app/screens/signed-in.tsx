import { useState } from 'react'
import type { CredentialFacts, Problem } from '../../../machines/index.ts'
import { useProfile } from '../../react/index.ts'
import { ActivityCard } from '../parts/activity-card.tsx'
import { MetadataCard } from '../parts/metadata-card.tsx'
import { ProfileCard } from '../parts/profile-card.tsx'
import { SessionCard } from '../parts/session-card.tsx'
import { loginProblemWords } from '../words.ts'

interface SignedInProps {
  readonly facts: CredentialFacts
  readonly isUsable: boolean
  readonly problem: Problem | null
}

function Greeting() {
  const { profile } = useProfile()
  const name = profile?.given_name ?? profile?.name ?? profile?.nickname
  return (
    <h1 tabIndex={-1} className="greeting">
      {name === undefined ? 'Welcome' : `Hello, ${name}`}
    </h1>
  )
}

export function SignedIn({ facts, isUsable, problem }: SignedInProps) {
  const [read, setRead] = useState<Problem | null>(null)
  return (
    <>
      <Greeting />
      {problem && problem !== read && (
        <div className="notice" data-tone="calm" role="alert">
          <strong>{loginProblemWords(problem).title}</strong>
          <span>
            {problem.code === 'vault_unavailable'
              ? loginProblemWords(problem).text
              : 'You are still signed in as before.'}
          </span>
          <button type="button" className="button small" onClick={() => setRead(problem)}>
            Dismiss
          </button>
        </div>
      )}
      <div className="cards">
        <SessionCard facts={facts} isUsable={isUsable} />
        <MetadataCard key={facts.subject} subject={facts.subject} />
        <ProfileCard />
        <ActivityCard />
      </div>
    </>
  )
}
