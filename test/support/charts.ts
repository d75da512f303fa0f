import type { StateValue } from 'xstate'
import { SessionError, type SessionErrorCode } from '../../machines/errors.ts'
import {
  createScript,
  renewedFacts,
  scriptedSession,
  someFacts,
  someSession,
  type Scripted,
  type ScriptedOptions,
  type scriptedRenewal,
} from '../../services/memory/index.ts'
import type { CredentialFacts } from '../../machines/facts.ts'

export type ScriptedSession = ReturnType<typeof scriptedSession>
export type ScriptedRenewal = ReturnType<typeof scriptedRenewal>

const leaves = (value: StateValue): string[] =>
  typeof value === 'string'
    ? [value]
    : Object.entries(value).flatMap(([key, inner]) =>
        inner === undefined ? [] : leaves(inner).map((leaf) => `${key}.${leaf}`),
      )

/** Where a chart is, as paths: `active.access.refreshing.late`. One path, unless regions are parallel. */
export const where = ({ actor }: { readonly actor: { getSnapshot(): { readonly value: StateValue } } }): string[] =>
  leaves(actor.getSnapshot().value).toSorted()

/** Where the region `access` is, as in `refreshing.early`; `undefined` when nobody is signed in. */
export function access(session: ScriptedSession): string | undefined {
  const prefix = 'active.access.'
  return where(session)
    .find((path) => path.startsWith(prefix))
    ?.slice(prefix.length)
}

/** Where the region `access` goes from now on, step by step. */
export function followAccess(session: ScriptedSession): (string | undefined)[] {
  const passed: (string | undefined)[] = []
  session.actor.subscribe(() => {
    const now = access(session)
    if (passed.at(-1) !== now) passed.push(now)
  })
  return passed
}

export const context = (session: ScriptedSession) => session.actor.getSnapshot().context

/** The names of the facts that were told, without those of profile and metadata. */
export const told = (session: ScriptedSession): string[] =>
  session.facts.map(({ type }) => type).filter((type) => !/^(profile|metadata)\./.test(type))

export const error = (code: SessionErrorCode, retryAfter?: number) =>
  new SessionError(code, `This is ${code}.`, retryAfter === undefined ? {} : { retryAfter })

/** As charts keep it. */
export const problem = (code: SessionErrorCode, retryAfter?: number) => ({
  code,
  message: `This is ${code}.`,
  ...(retryAfter === undefined ? {} : { retryAfter }),
})

/** The turn comes, and nobody has renewed before us: the request is on its way. */
export async function untilRequest({ script, rest }: Pick<Scripted<never>, 'script' | 'rest'>): Promise<void> {
  script.grantTurn()
  await rest()
  script.settle('recheckVault', { outcome: 'same' })
  await rest()
}

/** A renewal that is under way runs through. Returns the facts that it wrote. */
export async function renew(
  play: Pick<Scripted<never>, 'script' | 'rest' | 'clock'>,
  facts: CredentialFacts = someFacts(),
  outcome: 'renewed' | 'unsaved' = 'renewed',
): Promise<CredentialFacts> {
  await untilRequest(play)
  play.script.settle('requestTokens', undefined)
  await play.rest()
  const written = renewedFacts(facts, play.clock.now())
  play.script.settle('commitTokens', { outcome, facts: written })
  await play.rest()
  return written
}

/** Answers whatever profile and metadata ask for, so that no timer of theirs runs. */
export function quietAccount({ script }: Pick<Scripted<never>, 'script'>): void {
  script.answer('loadProfile', { sub: 'alice', name: 'alice' })
  script.answer('loadMetadata', { metadata: {}, pending: [], writable: true })
}

/** Signed in, and profile and metadata are quiet. */
export async function quietSession(
  changes: Partial<CredentialFacts> = {},
  options: ScriptedOptions = {},
): Promise<ScriptedSession> {
  const { script = createScript() } = options
  quietAccount({ script })
  const session = scriptedSession({ restored: { outcome: 'found', ...someSession(changes) }, ...options, script })
  await session.rest()
  return session
}
