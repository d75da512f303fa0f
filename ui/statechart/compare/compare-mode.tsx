import { Workbench } from '../workbench.tsx'

export function CompareMode() {
  return <Workbench panel={<p>Not there yet.</p>} />
}
