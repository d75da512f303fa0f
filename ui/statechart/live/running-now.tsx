import { useEffect, useState } from 'react'
import { lengthInWords, type Moment } from '../../visualizer/index.ts'
import { titleOf } from '../charts.ts'
import { eventWords, shortState } from './words.ts'

interface RunningNowProps {
  readonly moments: readonly Moment[]
  /** Epoch ms at which the clocks stand still; `null`: they run. */
  readonly time: number | null
}

/** The clock on the wall, each second; `null`: it stands still. */
function useNow(runs: boolean): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    if (!runs) return
    const timer = setInterval(() => setNow(Date.now()), 1_000)
    return () => clearInterval(timer)
  }, [runs])
  return now
}

/** Services that run, and transitions that wait for their time. */
export function RunningNow({ moments, time }: RunningNowProps) {
  const wall = useNow(time === null)
  const now = time ?? wall
  const services = moments.flatMap(({ chart, now: { services: all } }) => all.map((one) => ({ ...one, chart })))
  const waits = moments.flatMap(({ chart, now: { waits: all } }) => all.map((one) => ({ ...one, chart })))
  return (
    <section aria-labelledby="live-running">
      <h2 id="live-running">Runs and waits</h2>
      {services.length + waits.length === 0 && <p className="live-soft">Nothing runs.</p>}
      <ul className="live-running">
        {waits.map(({ event, chart, since, until }) => (
          <li key={`${chart} ${event}`}>
            <span>
              <code>{eventWords(event)}</code> <span className="live-soft">{titleOf(chart)}</span>
            </span>
            <span>in {lengthInWords(Math.max(0, until - Math.max(now, since)))}</span>
            <progress
              max={Math.max(1, until - since)}
              value={Math.max(0, now - since)}
              aria-label={eventWords(event)}
            />
          </li>
        ))}
        {services.map(({ id, chart, state, since }) => (
          <li key={`${chart} ${id}`}>
            <span>
              <code>{id}</code>{' '}
              <span className="live-soft">
                {titleOf(chart)}, {shortState(state)}
              </span>
            </span>
            <span>for {lengthInWords(Math.max(0, now - since))}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}
