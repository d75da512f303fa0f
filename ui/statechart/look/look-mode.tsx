import { Workbench } from '../workbench.tsx'

/** The charts as they are; nothing runs. */
export function LookMode() {
  return <Workbench />
}
