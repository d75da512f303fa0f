import type { AnyActorLogic, AnyActorRef, Snapshot } from 'xstate'

/** The services of one chart, by port. */
export type Services = Readonly<Record<string, AnyActorLogic>>

/** What the charts of one session invoke, and what account does at once. */
export interface ServicesOfCharts {
  readonly session: Services
  readonly renewal: Services
  readonly account: Services
  readonly accountActions: Readonly<Record<string, (params: never) => void>>
}

/** To build a machine takes long: one that is there already is given services by actor, and `provide` would build another one. */
const given = new WeakMap<object, () => ServicesOfCharts>()

/** What the session that runs as this actor, and the charts within it, invoke. `open` is called whenever one of them invokes something. */
export function giveServices(actor: AnyActorRef, open: () => ServicesOfCharts): void {
  given.set(actor, open)
}

/** An actor's logic, as XState makes it of a function, which it keeps. */
type PortLogic = AnyActorLogic & { readonly config: (args: { readonly self: AnyActorRef }) => unknown }

/** Ports of a chart: those of an actor that was given services are those, and others are what stands here. */
export function latePorts<TPorts extends Services>(
  chart: Exclude<keyof ServicesOfCharts, 'accountActions'>,
  ports: TPorts,
): TPorts {
  const late = Object.entries(ports).map(([name, port]) => {
    const logicFor = (self: AnyActorRef) => (servicesOf(self)?.[chart][name] ?? port) as PortLogic
    const logic: Pick<PortLogic, 'config' | 'start'> = {
      config: (args) => logicFor(args.self).config(args),
      start: (snapshot: Snapshot<unknown>, scope) => logicFor(scope.self as AnyActorRef).start?.(snapshot, scope),
    }
    return [name, { ...port, ...logic }] as const
  })
  // The same names, with logic of the same kinds.
  return Object.fromEntries(late) as unknown as TPorts
}

/** What an action that is a port does: nothing, but for an actor that was given services. */
export function actLate(self: AnyActorRef, name: string, params: object): void {
  servicesOf(self)?.accountActions[name]?.(params as never)
}

function servicesOf(actor: AnyActorRef): ServicesOfCharts | undefined {
  for (let above: AnyActorRef | undefined = actor; above !== undefined; above = above._parent) {
    const open = given.get(above)
    if (open !== undefined) return open()
  }
  return undefined
}
