import { Workbench } from '../workbench.tsx'

export function PlayMode() {
  return <Workbench panel={<p>Not there yet.</p>} />
}
