import type { AnyActorRef, AnyMachineSnapshot, AnyStateMachine, AnyStateNode, InspectionEvent } from 'xstate'
import type { CredentialFacts, EndReason } from '../../machines/facts.ts'
import { selectEnding, selectFacts, selectSignedOutReason, selectStatus } from '../../machines/index.ts'
import type { SessionSnapshot } from '../../machines/session/selectors.ts'
import type { SessionFact, SessionRequest } from '../../machines/session/types.ts'
import type { Session } from '../../services/index.ts'
import { comeToRest, renewedFacts, someFacts, type Scripted } from '../../services/memory/index.ts'

/**
 * What holds on every path, whatever happens, in every session (and renewal and account) that runs under `inspect`:
 *
 * - **a** A session that ends says why, once (`session.ended`), the selectors say the same afterwards, and none ends that had not begun.
 * - **b** Wherever a chart rests there is a way on: a timer runs, a service is awaited, or a person can do something that is taken.
 * - **c** After `loggedOut` there is no token, and none is asked for, until a login here or in another tab.
 * - **d** A renewal ends, if the provider answers at last.
 * - **e** A turn that is held, or asked for, belongs to a renewal that takes its turn, in a session that renews.
 *
 * Each complaint begins with the letter of its claim.
 */
export interface Claims {
  /** For `createActor(machine, { inspect })`, `scriptedSession({ inspect })` and `createSession({ inspect })`. */
  readonly inspect: (event: InspectionEvent) => void
  /** What was broken so far, in words (a to c, e). Looks at where the charts are: call it whenever everything has come to rest. */
  broken(): readonly string[]
  /** The same with d. Call it when the provider has answered for longer than any pause (`answerAtLast`). */
  brokenAtLast(): readonly string[]
}

/** What a person can do. `null`: it is no way on, for only an app or a page does it, it is taken everywhere, or it hurries what comes anyhow. */
const requests: { readonly [TType in SessionRequest['type']]: (SessionRequest & { readonly type: TType }) | null } = {
  login: { type: 'login', via: 'popup' },
  'login.cancel': { type: 'login.cancel' },
  stepUp: { type: 'stepUp', via: 'popup' },
  'stepUp.cancel': { type: 'stepUp.cancel' },
  logout: null,
  'renewal.retry': null,
  'token.required': null,
  'token.refused': null,
  'person.active': null,
  'profile.reload': { type: 'profile.reload' },
  'metadata.reload': { type: 'metadata.reload' },
  'metadata.patch': { type: 'metadata.patch', patch: { some: 'change' } },
  'metadata.retry': { type: 'metadata.retry' },
  'metadata.discard': { type: 'metadata.discard' },
  'metadata.acknowledge': null,
}

const charts = ['session', 'renewal', 'account']

/** What was inspected is an actor, of a logic of ours or not. */
type Inspected = AnyActorRef & { readonly logic: unknown }

const chartOf = ({ logic }: Inspected): string | null => {
  const id = typeof logic === 'object' && logic !== null && 'root' in logic ? (logic as AnyStateMachine).id : null
  return id !== null && charts.includes(id) ? id : null
}
const statusOf = (actor: AnyActorRef): string | undefined => (actor.getSnapshot() as { status?: string }).status
/** XState leaves what a broken machine has invoked as it was; the services end it (`fromListener`). */
const isAlive = (actor: AnyActorRef): boolean =>
  statusOf(actor) === 'active' && (actor._parent === undefined || statusOf(actor._parent) !== 'error')
const snapshotOf = (chart: AnyActorRef): AnyMachineSnapshot => chart.getSnapshot() as AnyMachineSnapshot

export function watchClaims(): Claims {
  const complaints: string[] = []
  const actors = new Set<Inspected>()
  const sessions = new Map<AnyActorRef, WatchedSession>()

  const alive = (): Inspected[] => {
    for (const actor of actors) if (!isAlive(actor)) actors.delete(actor)
    return [...actors]
  }
  const broken = (): string[] => [
    ...complaints,
    ...alive().flatMap((actor) => (chartOf(actor) === null ? [] : withoutWayOn(actor))),
    ...alive().flatMap((actor) =>
      actor.id === 'holdTurn' && !isRightlyHeld(actor) ? ['e: a turn is held by nobody who needs it'] : [],
    ),
  ]

  return {
    inspect: (event) => {
      const actor = event.actorRef as Inspected
      const session = sessions.get(actor)
      if (event.type === '@xstate.actor') {
        actors.add(actor)
        if (chartOf(actor) === 'session') sessions.set(actor, watchSession(actor, complaints))
        if (actor.id === 'requestTokens') ownerOf(actor, sessions)?.onRequest()
      } else if (event.type === '@xstate.event') session?.onEvent(event.event.type)
      else if (event.type === '@xstate.snapshot') session?.onSnapshot(event.snapshot as SessionSnapshot)
    },
    broken,
    brokenAtLast: () => [
      ...broken(),
      ...alive().flatMap((actor) => {
        const isRenewing =
          sessions.has(actor) && ['renewing', 'reconnecting'].some((tag) => snapshotOf(actor).hasTag(tag))
        return isRenewing ? [`d: the provider answers, and ${placeOf(actor)} goes on renewing`] : []
      }),
    ],
  }
}

function ownerOf(actor: AnyActorRef, sessions: ReadonlyMap<AnyActorRef, WatchedSession>): WatchedSession | undefined {
  const parent = actor._parent
  return parent === undefined ? undefined : (sessions.get(parent) ?? ownerOf(parent, sessions))
}

/** Claims a and c, of one session. */
interface WatchedSession {
  onEvent(type: string): void
  onSnapshot(snapshot: SessionSnapshot): void
  /** A refresh token is about to be spent. */
  onRequest(): void
}

function watchSession(actor: AnyActorRef, complaints: string[]): WatchedSession {
  /** Somebody was signed in as far as is known, or a logout of whoever it may be began: there is something to end. */
  let mayEnd = false
  let isEnding = false
  /** What was told of the last end, until the selectors have said the same. */
  let told: EndReason | null = null
  let hasLeft = false
  const afterLogout = (what: string): void =>
    void (hasLeft && complaints.push(`c: after the logout, without a login, ${what}`))

  actor.on('*', (emitted: { readonly type: string }) => {
    const fact = emitted as SessionFact
    if (fact.type === 'session.started' || fact.type === 'session.renewed') afterLogout(`${fact.type} is told`)
    if (fact.type !== 'session.ended') return
    // An app may be in plain JavaScript, and so may a broken chart.
    if (typeof fact.reason !== 'string') complaints.push('a: a session ended, and does not say why')
    if (!mayEnd) complaints.push('a: a session ended that had not begun, or was told to have ended before')
    mayEnd = false
    told = fact.reason
  })

  return {
    onEvent: (type) => {
      if (type === 'login' || type === 'sibling.loggedIn') hasLeft = false
    },
    onRequest: () => afterLogout('a token is requested'),
    onSnapshot: (snapshot) => {
      const status = selectStatus(snapshot)
      if (selectFacts(snapshot) !== null) {
        mayEnd = true
        afterLogout('there are credentials')
      }
      if (snapshot.hasTag('usable')) afterLogout('a token can be used')
      if (status === 'signingOut' && !isEnding) mayEnd ||= told === null
      isEnding = status === 'signingOut'
      if (status === 'signedOut' && mayEnd) {
        complaints.push(`a: a session ended without a word, at ${placeOf(actor)}`)
        mayEnd = false
      }
      if (status === 'signedOut' && told !== null) {
        // Whoever leaves while the session ends for another reason has left.
        const right = selectEnding(snapshot)?.reason === 'logout' ? 'logout' : told
        const said = selectSignedOutReason(snapshot)
        if (said !== right) complaints.push(`a: a session ended with ${right}, and what is shown afterwards is ${said}`)
      }
      // What comes after that is another story.
      if (status !== 'signingOut') told = null
      if (snapshot.matches('loggedOut')) hasLeft = true
    },
  }
}

/** Claim b: the leaves of a chart from which nothing leads on. */
function withoutWayOn(chart: AnyActorRef): string[] {
  const snapshot = snapshotOf(chart)
  // `_nodes` are the active states; there is no other way to them from a snapshot.
  const leaves = (snapshot._nodes as AnyStateNode[]).filter(({ type }) => type === 'atomic')
  return leaves
    .filter((leaf) => !withAncestors(leaf).some((node) => leadsOn(chart, node)))
    .map(({ id }) => `b: no way leads on from ${id}`)
}

/** A region of a parallel state has to find its way by itself. */
const withAncestors = (node: AnyStateNode): AnyStateNode[] =>
  node.parent === undefined || node.parent.type === 'parallel' ? [node] : [node, ...withAncestors(node.parent)]

function leadsOn(chart: AnyActorRef, node: AnyStateNode): boolean {
  const snapshot = snapshotOf(chart)
  const timers = Object.values(chart.system.getSnapshot()._scheduledEvents)
  const hasTimer = timers.some(
    ({ source, event }) =>
      source === chart && event.type.startsWith('xstate.after.') && event.type.endsWith(`.${node.id}`),
  )
  const children = snapshot.children as Readonly<Record<string, AnyActorRef | undefined>>
  const isAwaiting = node.invoke.some(({ id }) => {
    const child = children[id]
    // Who listens may wait for ever.
    return child !== undefined && isAlive(child) && !/^(watch|holdTurn)/.test(id)
  })
  const isTaken = Object.values(requests).some(
    (request) => request !== null && node.ownEvents.includes(request.type) && isTakenBy(chart, request),
  )
  return hasTimer || isAwaiting || isTaken
}

/** What a person asks for comes in by the outermost chart, and has to be taken by each on the way. */
const isTakenBy = (chart: AnyActorRef, request: SessionRequest): boolean =>
  snapshotOf(chart).can(request) &&
  (chart._parent === undefined || chartOf(chart._parent as Inspected) === null || isTakenBy(chart._parent, request))

/** Claim e. */
function isRightlyHeld(turn: AnyActorRef): boolean {
  const renewal = turn._parent
  if (renewal === undefined || !isAlive(renewal) || !snapshotOf(renewal).matches('takingTurn')) return false
  const session = renewal._parent
  return session === undefined || (isAlive(session) && snapshotOf(session).hasTag('renewing'))
}

const placeOf = (chart: AnyActorRef): string => JSON.stringify(snapshotOf(chart).value)

/** Claim c at the face of a session, once it rests: whoever has left has no token. */
export async function brokenAtTheFace(session: Session): Promise<readonly string[]> {
  if (selectSignedOutReason(session.getSnapshot()) !== 'logout') return []
  // Whoever is made to wait is not refused.
  const token = await Promise.race([session.getAccessToken().catch(() => null), comeToRest().then(() => 'no answer')])
  const has = [
    session.hasValid() && 'a valid token',
    session.canRenew() && 'something to renew with',
    token !== null && 'given out a token, or let someone wait for one',
  ]
  return has.filter((what) => typeof what === 'string').map((what) => `c: after the logout the session has ${what}`)
}

/** As much of a scripted session as that needs. */
type Answerable = Pick<Scripted<never>, 'script' | 'clock' | 'advance'> & {
  readonly actor: { getSnapshot(): { readonly context: { readonly facts: CredentialFacts | null } } }
}

/** From now on the provider, the vault and the turns do what a renewal asks of them, for longer than its longest pause (ms). */
export async function answerAtLast(session: Answerable, ms = 600_000): Promise<void> {
  const { script, clock } = session
  const renewed = () => {
    const { facts } = session.actor.getSnapshot().context
    // Whatever lifetimes a walk made up, these are sound.
    const { expiresAt, renewAt } = renewedFacts(someFacts(), clock.now())
    return {
      ...(facts ?? someFacts()),
      expiresAt,
      renewAt,
      storedAt: clock.now(),
      revision: (facts?.revision ?? 0) + 1,
    }
  }
  const problem = { code: 'invalid_grant', message: 'This is invalid_grant.' } as const
  script.greet('holdTurn', { type: 'turn.granted' })
  script.answer('recheckVault', { outcome: 'same' })
  script.answer('requestTokens', undefined)
  script.answer('confirmVerdict', { outcome: 'rejected', problem })
  script.answer('commitTokens', () => ({ outcome: 'renewed', facts: renewed() }))
  script.answer('saveCredentials', () => ({ outcome: 'stored', facts: renewed() }))
  // What is waited for already.
  if (script.isOpen('holdTurn')) script.grantTurn()
  if (script.isOpen('recheckVault')) script.settle('recheckVault', { outcome: 'same' })
  if (script.isOpen('requestTokens')) script.settle('requestTokens', undefined)
  if (script.isOpen('confirmVerdict')) script.settle('confirmVerdict', { outcome: 'rejected', problem })
  if (script.isOpen('commitTokens')) script.settle('commitTokens', { outcome: 'renewed', facts: renewed() })
  if (script.isOpen('saveCredentials')) script.settle('saveCredentials', { outcome: 'stored', facts: renewed() })
  await session.advance(ms)
}
