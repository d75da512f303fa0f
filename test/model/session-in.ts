import type { StateValueFrom } from 'xstate'
import { sessionMachine } from '../../machines/index.ts'
import type { Session } from '../../services/index.ts'
import {
  asSession,
  createScript,
  scriptedSession,
  type ScriptedFace,
  type ScriptedOptions,
} from '../../services/memory/index.ts'
import { idleTimeout, sessionModel } from './charts/session.ts'
import { explore, wayTo, type Model } from './explore.ts'
import { perform } from './perform.ts'

type PathsOf<TValue> = TValue extends string
  ? TValue
  : { [TKey in keyof TValue & string]: TKey | `${TKey}.${PathsOf<NonNullable<TValue[TKey]>>}` }[keyof TValue & string]

/** A state of a session, as its path in the chart: `active.access.refreshing.late`. */
export type SessionPlace = PathsOf<StateValueFrom<typeof sessionMachine>>

/** How `sessionIn` makes its session: the policy that leads to a state, answers given beforehand, and who watches. */
export interface SessionInOptions extends Pick<ScriptedOptions, 'policy' | 'script' | 'inspect'> {
  /** What `session.fetch` does; default: it rejects. */
  readonly fetch?: Session['fetch']
}

const models = new Map<string, { readonly of: typeof sessionMachine; readonly model: Model }>()

function modelUnder(policy: NonNullable<SessionInOptions['policy']>): Model {
  const key = JSON.stringify(policy)
  const known = models.get(key)
  if (known?.of === sessionMachine) return known.model
  const { machine, events } = sessionModel(policy)
  const model = explore(machine, events)
  models.set(key, { of: sessionMachine, model })
  return model
}

/**
 * A session on scripted services that is in all of these states, brought there along a shortest way that its own chart allows:
 * `await sessionIn('active.access.refreshing.late')`. Take it for the session of your app, and move it on by its `script`. Profile
 * and metadata are loaded, unless `script` says otherwise. Rejects when the policy lets no way lead there.
 */
export async function sessionIn(
  place: SessionPlace | readonly SessionPlace[],
  { policy = {}, fetch, script = withAccount(), ...options }: SessionInOptions = {},
): Promise<ScriptedFace> {
  const wanted = [place].flat().map((path) => `session.${path}`)
  const situation = modelUnder(policy).situations.find(({ snapshot: { _nodes } }) =>
    wanted.every((id) => _nodes.some((node) => node.id === id)),
  )
  if (situation === undefined)
    throw new Error(`No way leads to ${wanted.join(' and ')}. Is the path right, and does the policy allow it?`)
  const session = scriptedSession({ ...options, script, policy: { idleTimeout, ...policy } })
  await session.rest()
  for (const { event } of wayTo(situation)) await perform(session, event)
  return asSession(session, fetch)
}

function withAccount() {
  const script = createScript()
  script.answer('loadProfile', ({ subject }) => ({ sub: subject, name: subject }))
  script.answer('loadMetadata', { metadata: {}, pending: [], writable: true })
  return script
}
