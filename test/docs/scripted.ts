import type { RestoreOutcome } from '../../machines/session/types.ts'
import {
  asSession,
  createScript,
  scriptedSession,
  type ScriptedFace,
  type ScriptedOptions,
} from '../../services/memory/index.ts'
import { quietAccount } from '../support/charts.ts'

interface Beginning extends Pick<ScriptedOptions, 'policy'> {
  /** What is found at opening; left out: it is still being looked for. */
  readonly restored?: RestoreOutcome
  readonly fetch?: ScriptedFace['fetch']
}

/** A session on scripted services, at the beginning. (`sessionIn` goes to any state, and explores the chart for that.) */
export async function scripted({ fetch, ...options }: Beginning): Promise<ScriptedFace> {
  const script = createScript()
  quietAccount({ script })
  const session = scriptedSession({ ...options, script })
  await session.rest()
  return asSession(session, fetch)
}
