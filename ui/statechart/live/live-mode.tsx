import { Workbench } from '../workbench.tsx'

export function LiveMode() {
  return <Workbench panel={<p>Not there yet.</p>} />
}
