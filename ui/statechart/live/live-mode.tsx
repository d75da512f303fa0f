import { useSyncExternalStore } from 'react'
import { watchSessions } from '../../visualizer/index.ts'
import { Workbench } from '../workbench.tsx'
import { LivePanel } from './live-panel.tsx'
import { createLiveStore, type LiveStore } from './store.ts'
import './live.css'

/** One for as long as the page is open: what was recorded is still there after a look at another mode. */
let made: LiveStore | undefined
const liveStore = (): LiveStore => (made ??= createLiveStore(watchSessions()))

/** Follows sessions in other tabs. This part is rendered anew only when something of the drawing has changed. */
export function LiveMode() {
  const store = liveStore()
  const moments = useSyncExternalStore(store.subscribe, () => store.getState().moments)
  const at = useSyncExternalStore(store.subscribe, () => timeOf(store))
  return <Workbench moments={moments} time={at ?? 'runs'} panel={<LivePanel store={store} />} />
}

/** Of the record that is looked at, epoch ms: its clocks stand still. `null`: they run. */
function timeOf(store: LiveStore): number | null {
  const { shown, at } = store.getState()
  if (shown === null) return null
  const { records } = shown.recording
  const first = records[0]?.number ?? 1
  if (at !== null) return records[at - first]?.at ?? null
  return shown.session?.presence === 'here' ? null : (records.at(-1)?.at ?? null)
}
