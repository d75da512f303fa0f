import { useMemo, useSyncExternalStore } from 'react'
import { useView } from '../view.ts'
import { EventLog } from './event-log.tsx'
import { NoSession } from './no-session.tsx'
import { RunningNow } from './running-now.tsx'
import type { LiveStore } from './store.ts'
import { Tabs } from './tabs.tsx'
import { Tools } from './tools.tsx'
import { WhyNot } from './why-not.tsx'

/** Beside the drawing: which session, what happened in it, what runs, and why not. */
export function LivePanel({ store }: { readonly store: LiveStore }) {
  const state = useSyncExternalStore(store.subscribe, store.getState)
  const [{ chart }] = useView()
  const { sources, shown, at, moments, time, problem } = state
  const moment = useMemo(
    () => moments.find((one) => one.chart === (chart === '' ? 'session' : chart)) ?? null,
    [moments, chart],
  )
  return (
    <div className="live">
      {shown === null ? <NoSession /> : <Tabs sources={sources} shown={shown} onChoose={store.choose} />}
      <Tools store={store} shown={shown} at={at} problem={problem} />
      {shown !== null && (
        <>
          <EventLog store={store} shown={shown} at={at} />
          <RunningNow moments={moments} time={time} />
          <WhyNot store={store} shown={shown} moment={moment} isNow={at === null} />
        </>
      )}
    </div>
  )
}
