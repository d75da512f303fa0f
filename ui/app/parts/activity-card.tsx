import { useLog } from '../demo-context.ts'
import { clockTime } from '../format.ts'
import { Card } from './card.tsx'

/** For developers: the facts that the session tells its app, as they happen. */
export function ActivityCard() {
  const entries = useLog((state) => state.entries)
  return (
    <Card title="What happened" area="activity">
      <p className="soft">The facts that this session told the app since the page was opened, the newest first.</p>
      {/* A list that scrolls has to be reachable by keyboard. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className="log" role="log" aria-label="Facts of this session" tabIndex={0}>
        <ol>
          {entries.map(({ id, at, type, text }) => (
            <li key={id}>
              <time dateTime={new Date(at).toISOString()}>{clockTime(at)}</time>
              <code>{type}</code>
              <span className="wrap">{text}</span>
            </li>
          ))}
        </ol>
      </div>
    </Card>
  )
}
