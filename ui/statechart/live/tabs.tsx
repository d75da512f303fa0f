import type { Source } from './store.ts'
import { clockTime, messagesBetween, placeWords, turnOf } from './words.ts'

const presences = { here: '', silent: 'does not answer', gone: 'closed or left' } as const

interface TabsProps {
  readonly sources: readonly Source[]
  readonly shown: Source
  readonly onChoose: (id: string) => void
}

/** The sessions side by side: where each is, who has the turn to renew, and what they told each other. */
export function Tabs({ sources, shown, onChoose }: TabsProps) {
  const messages = sources.length > 1 ? messagesBetween(sources) : []
  return (
    <section aria-labelledby="live-tabs">
      <h2 id="live-tabs">Sessions</h2>
      <ul className="live-tabs">
        {sources.map((source) => (
          <li key={source.id}>
            <button type="button" aria-pressed={source.id === shown.id} onClick={() => onChoose(source.id)}>
              <TabWords source={source} />
            </button>
          </li>
        ))}
      </ul>
      {shown.otherCharts.length > 0 && (
        <p className="live-note">
          Made of another version of: {shown.otherCharts.join(', ')}. Some of it may not be drawn.
        </p>
      )}
      {messages.length > 0 && (
        <>
          <h3>Between the tabs</h3>
          <ol className="live-messages">
            {messages.map(({ key, at, words }) => (
              <li key={key}>
                <time dateTime={new Date(at).toISOString()}>{clockTime(at)}</time> {words}
              </li>
            ))}
          </ol>
        </>
      )}
    </section>
  )
}

function TabWords({ source: { name, session, moments, recording } }: { readonly source: Source }) {
  const turn = turnOf(moments)
  const states = moments.find(({ invokedBy }) => invokedBy === null)?.now.states ?? []
  const presence = session === null ? `${recording.records.length} records` : presences[session.presence]
  return (
    <>
      <span className="live-tab-name">
        <strong>{name}</strong>
        {session !== null && <span className="live-soft">at {session.place}</span>}
        {presence !== '' && <span className="live-soft">{presence}</span>}
      </span>
      <span>{states.length === 0 ? 'Nothing runs.' : placeWords(states)}</span>
      {turn !== null && <span className={`live-turn is-${turn.split(' ')[0]}`}>The turn to renew: {turn}</span>}
    </>
  )
}
