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
  const time = useSyncExternalStore(store.subscribe, () => store.getState().time)
  return <Workbench moments={moments} time={time ?? 'runs'} panel={<LivePanel store={store} />} />
}
