import type { BrowserContext } from 'playwright-core'
import type { AnyMachineSnapshot, AnyStateNode, InspectionEvent } from 'xstate'
import { accountMachine, renewalMachine, sessionMachine, type SessionRequest } from '../../../machines/index.ts'
import type { Session } from '../../../services/index.ts'
import { alternativesOf, nodesOf } from '../../../ui/visualizer/model/nodes.ts'
import { collectCoverage, type Coverage } from '../coverage.ts'

/** A microstep or a rest of a machine in a page, in plain data. */
interface Told {
  readonly kind: 'microstep' | 'rest'
  readonly machine: string
  readonly actor: string
  readonly event: string
  /** Ids of states. */
  readonly states: readonly string[]
  /** Transitions taken: source, event and place among the alternatives. */
  readonly taken: readonly (readonly [string, string, number])[]
}

export interface TappedWindow extends Window {
  level3: {
    session?: Session
    /** When the renewal is due, the access token expires, a limit comes near and ends the session; epoch ms. */
    times(): Readonly<Record<string, number>>
    send(request: SessionRequest): void
    /** Writes are refused from now on, or let through again. */
    fill(isFull: boolean): void
  }
  level3Hears(page: string, told: Told): Promise<void>
}

/** Runs in every page before anything else: tells of each microstep of the session and its child machines. */
function tap(): void {
  const page = window as unknown as TappedWindow
  // Not all pages have `randomUUID`: an empty one has not.
  const id = String(Math.random())
  const { put } = IDBObjectStore.prototype
  page.level3 = {
    fill(isFull) {
      IDBObjectStore.prototype.put = isFull
        ? () => {
            throw new DOMException('The quota is exceeded.', 'QuotaExceededError')
          }
        : put
    },
    send: (request) => page.level3.session?.send(request),
    times() {
      const { facts, lastActiveAt, policy } = page.level3.session?.getSnapshot().context ?? {}
      if (facts == null || policy === undefined) return {}
      const limit = Math.min(facts.ceilingAt ?? Infinity, (lastActiveAt ?? 0) + (policy.idleTimeout ?? Infinity))
      const due = Math.min(facts.expiresAt, facts.renewable ? facts.renewAt : Infinity)
      return {
        untilDue: due,
        untilExpiry: facts.expiresAt,
        untilWarning: limit - policy.warningLead,
        untilLimit: limit,
      }
    },
  }
  interface Node {
    readonly id: string
    readonly always?: readonly unknown[]
    readonly transitions: ReadonlyMap<string, readonly unknown[]>
  }
  interface Inspected {
    readonly type: string
    readonly actorRef: { readonly sessionId: string }
    readonly event: { readonly type: string }
    readonly snapshot: { readonly machine?: { readonly id: string }; readonly _nodes?: readonly Node[] }
    readonly _transitions?: readonly { readonly source: Node; readonly eventType: string }[]
  }
  page.onSessionMade = (session) => {
    page.level3.session = session
    session.actor.system.inspect((inspection) => {
      const { type, actorRef, event, snapshot, _transitions = [] } = inspection as unknown as Inspected
      if (type !== '@xstate.microstep' && type !== '@xstate.snapshot') return
      if (snapshot.machine === undefined || snapshot._nodes === undefined) return
      void page.level3Hears(id, {
        kind: type === '@xstate.microstep' ? 'microstep' : 'rest',
        machine: snapshot.machine.id,
        actor: actorRef.sessionId,
        event: event.type,
        states: snapshot._nodes.map((node) => node.id),
        taken: _transitions.map((one) => {
          const { source, eventType } = one
          const all = (eventType === '' ? source.always : source.transitions.get(eventType)) ?? []
          return [source.id, eventType, all.indexOf(one)] as const
        }),
      })
    })
  }
}

const machines = { session: sessionMachine, renewal: renewalMachine, account: accountMachine } as const
export type ChartName = keyof typeof machines
const nodes = new Map(Object.values(machines).flatMap((machine) => nodesOf(machine).map((node) => [node.id, node])))

function nodeOf(id: string): AnyStateNode {
  const node = nodes.get(id)
  if (node === undefined) throw new Error(`A page tells of a state that no chart has: ${id}`)
  return node
}

/** What the charts did in all pages that were tapped, by the same collectors as at the other levels. */
export function collectFromPages(): {
  readonly coverage: Readonly<Record<ChartName, Coverage>>
  watch(context: BrowserContext): Promise<void>
} {
  const collectors = {
    session: collectCoverage('session'),
    renewal: collectCoverage('renewal'),
    account: collectCoverage('account'),
  }
  const names = Object.keys(collectors) as ChartName[]
  const systems = new Map<string, readonly ((inspected: InspectionEvent) => void)[]>()
  const actors = new Map<string, object>()

  const hear = (page: string, { kind, machine, actor, event, states, taken }: Told): void => {
    const observers = systems.get(page) ?? names.map((name) => collectors[name].inspect())
    systems.set(page, observers)
    const key = `${page} ${actor}`
    const actorRef = actors.get(key) ?? {}
    actors.set(key, actorRef)
    const inspected = {
      type: kind === 'microstep' ? '@xstate.microstep' : '@xstate.snapshot',
      actorRef,
      event: { type: event },
      // As much of a snapshot as `watchSteps` reads.
      snapshot: { machine: { id: machine }, _nodes: states.map(nodeOf) } as unknown as AnyMachineSnapshot,
      _transitions: taken.map(([source, type, place]) => alternativesOf(nodeOf(source), type)[place]),
    }
    for (const observe of observers) observe(inspected as unknown as InspectionEvent)
  }
  return {
    coverage: collectors,
    async watch(context) {
      await context.exposeFunction('level3Hears', hear)
      await context.addInitScript(tap)
    },
  }
}
