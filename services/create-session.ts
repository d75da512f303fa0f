import { createActor, StateMachine, type AnyActorRef, type Snapshot } from 'xstate'
import { SessionError } from '../machines/errors.ts'
import { giveServices } from '../machines/late.ts'
import { sessionMachine } from '../machines/session/machine.ts'
import { selectProblem, type SessionSnapshot } from '../machines/session/selectors.ts'
import type { SessionInput } from '../machines/session/types.ts'
import { browserClock, browserPlatform, type Platform } from './browser/platform.ts'
import type { AccessTokenOptions, Session, SessionActor, SessionOptions } from './face.ts'
import { readOptions, requireOptions } from './options.ts'
import { createRuntime, type Runtime, type SessionParts } from './runtime.ts'
import { hasPage, placeWithoutPage, withoutPage } from './without-page.ts'

/**
 * A session of this page: the charts on the real services. Call it once; `start()` begins. Throws `invalid_option`, naming the option
 * and what to do.
 *
 * On a server (or in a worker) it can be rendered, as `restoring`, and does nothing: it opens nothing, `start` and `send` have no
 * effect, `ready` is resolved, and whoever asks for a token is refused (`no_page`).
 */
export function createSession(options: SessionOptions): Session {
  requireOptions(options)
  return hasPage()
    ? createSessionOn(browserPlatform(options.clock), options)
    : sessionFrom(createActor(createSessionLogic(options)))
}

/** The same on another platform, or with other parts; for tests that run several tabs in one process. */
export function createSessionOn(platform: Platform, options: SessionOptions, parts: SessionParts = {}): Session {
  const { inspect } = options
  const logic = createSessionLogicOn(platform, options, parts)
  return sessionFrom(createActor(logic, { clock: platform.timers, ...(inspect === undefined ? {} : { inspect }) }))
}

/** The options of a session that runs within a machine of the app's; inspection is that machine's own. */
export type SessionLogicOptions = Omit<SessionOptions, 'inspect'>

type WithoutInput<TMachine> =
  TMachine extends StateMachine<
    infer TContext,
    infer TEvent,
    infer TChildren,
    infer TActor,
    infer TAction,
    infer TGuard,
    infer TDelay,
    infer TStateValue,
    infer TTag,
    SessionInput,
    infer TOutput,
    infer TEmitted,
    infer TMeta,
    infer TStateSchema,
    infer TTransitionMeta
  >
    ? StateMachine<
        TContext,
        TEvent,
        TChildren,
        TActor,
        TAction,
        TGuard,
        TDelay,
        TStateValue,
        TTag,
        unknown,
        TOutput,
        TEmitted,
        TMeta,
        TStateSchema,
        TTransitionMeta
      >
    : never

/** `sessionMachine`, which needs no input. */
export interface SessionLogic extends WithoutInput<typeof sessionMachine> {}

/**
 * The session for a machine of the app's to invoke: `setup({ actors: { session: createSessionLogic(options) } })` and
 * `invoke: { src: 'session', id: 'session' }`. Its facts (`SessionFact`) come to that machine as events. `provide` replaces single
 * services. Services are opened when an actor starts and closed when it stops. Throws `invalid_option`. On a server an actor of it can be made and
 * rendered, as `restoring`; one that is started there is signed out at once, with the problem `no_page`.
 *
 * A stored snapshot is for display (`snapshotForDisplay`): an actor that is made with one reads the vault as any other does, and
 * repeats no request.
 */
export function createSessionLogic(options: SessionLogicOptions): SessionLogic {
  requireOptions(options)
  return hasPage() ? createSessionLogicOn(browserPlatform(options.clock), options) : logicWithoutPage(options)
}

function logicWithoutPage(options: SessionLogicOptions): SessionLogic {
  const { policy } = readOptions(options, placeWithoutPage(options))
  const { clock = browserClock } = options
  return onRuntimes(sessionMachine, { clock, policy }, withoutPage)
}

/** The same on another platform, or with other parts. */
export function createSessionLogicOn(
  platform: Platform,
  options: SessionLogicOptions,
  parts: SessionParts = {},
): SessionLogic {
  const settings = readOptions(options, platform)
  const input = { clock: platform.clock, policy: settings.policy }
  // The input is part of it: whoever invokes it has none to give.
  return onRuntimes(sessionMachine, input, (actor) => createRuntime(actor, { platform, settings, parts }))
}

/** Of the actors that run on such a logic: what stands behind each, opened when it is first needed. */
const runtimes = new WeakMap<object, () => Runtime>()

/** That of the session whose chart, or a chart within it, this is. */
function runtimeOf(actor: AnyActorRef): Runtime {
  for (let above: AnyActorRef | undefined = actor; above !== undefined; above = above._parent) {
    const open = runtimes.get(above)
    if (open !== undefined) return open()
  }
  throw new SessionError(
    'invalid_option',
    'This actor is no session on real services. Give one that runs on createSessionLogic(…), e.g. app.getSnapshot().children.session.',
  )
}

/**
 * Whatever starts on this logic has a runtime of its own, and begins at the beginning, also with a stored snapshot. The machine is
 * the same for all: to build one takes longer than all else that is done before the vault is asked.
 */
function onRuntimes(
  machine: typeof sessionMachine,
  input: Parameters<typeof sessionMachine.getInitialSnapshot>[1],
  createFor: (actor: SessionActor) => Runtime,
): typeof sessionMachine {
  // The machine in all that is not said here, and the machine of its snapshots: React's hooks give implementations to the logic.
  const logic = Object.create(machine) as typeof sessionMachine
  const { getInitialSnapshot, getPersistedSnapshot, provide, transition } =
    StateMachine.prototype as typeof sessionMachine
  return Object.assign(logic, {
    getInitialSnapshot: (scope) => {
      let runtime: Runtime | undefined
      const open = (): Runtime => (runtime ??= createFor(scope.self))
      runtimes.set(scope.self, open)
      // Looked up as they are invoked: an actor that is made and never started has opened nothing.
      giveServices(scope.self, () => open().services)
      return getInitialSnapshot.call(logic, scope, input)
    },
    restoreSnapshot: (_, scope) => logic.getInitialSnapshot(scope),
    // A clock cannot be stored, and IndexedDB would refuse it.
    getPersistedSnapshot: (...args) =>
      JSON.parse(JSON.stringify(getPersistedSnapshot.apply(logic, args))) as Snapshot<unknown>,
    // An app that logs in whenever it is told that nobody is signed in would be told so at once, again and again.
    transition: (snapshot, event, scope) =>
      event.type === 'login' &&
      selectProblem(snapshot)?.code === 'login_loop' &&
      runtimeOf(scope.self as AnyActorRef).isLoginStopped()
        ? snapshot
        : transition.call(logic, snapshot, event, scope),
    provide: (implementations) => onRuntimes(provide.call(logic, implementations), input, createFor),
  } satisfies Partial<typeof sessionMachine>)
}

/**
 * The session that runs as this actor, with the face that `createSession` gives: tokens, `fetch`, `ready`; for `<SessionProvider>` too. Always
 * the same object. Where a machine has invoked the actor, that one starts and stops it: `start()` does nothing, and
 * `dispose()` resolves once it was stopped and nothing is left.
 */
export function sessionFrom(actor: SessionActor): Session {
  return runtimeOf(actor).face
}

/** A usable access token of the session that runs as this actor, as `session.getAccessToken` gives it. No snapshot holds one. */
export async function accessTokenFrom(actor: SessionActor, options?: AccessTokenOptions): Promise<string> {
  return sessionFrom(actor).getAccessToken(options)
}

/**
 * A session's stored snapshot (`actor.getPersistedSnapshot()`; within an app's own, `children.session.snapshot`), for selectors to
 * read until the session itself has looked into the vault. Nothing runs, nothing is asked of anyone. It holds no token, but the person's profile and metadata.
 */
export function snapshotForDisplay(stored: Snapshot<unknown>): SessionSnapshot {
  const clock = browserClock
  // Read back from a storage, it has lost the clock.
  const { context } = stored as SessionSnapshot
  const snapshot: Snapshot<unknown> = Object.assign({}, stored, { context: { ...context, clock } })
  return createActor(sessionMachine, { snapshot, input: { clock, policy: context.policy } }).getSnapshot()
}
