import { Workbench } from '../workbench.tsx'

export function TestsMode() {
  return <Workbench panel={<p>Not there yet.</p>} />
}
