import type { InputFrom, OutputFrom } from 'xstate'
import type { accountPorts } from '../../machines/account/ports.ts'
import type { AccountEvent, MetadataPatch } from '../../machines/account/types.ts'
import type { renewalPorts } from '../../machines/renewal/ports.ts'
import type { RenewalEvent } from '../../machines/renewal/types.ts'
import type { sessionPorts } from '../../machines/session/ports.ts'
import type { SessionNews, SessionRequest } from '../../machines/session/types.ts'

type Machines = 'renewal' | 'account'
type Shared = 'watchConditions'
type Ports = Omit<typeof sessionPorts, Machines> & Omit<typeof renewalPorts, Shared> & Omit<typeof accountPorts, Shared>

/** What each port that listens can say. The watches of `renewal` and of `account` share a name, and hear the same world. */
export interface News {
  readonly watchSiblings: Extract<SessionNews, { readonly type: `sibling.${string}` }>
  readonly watchPage: Extract<SessionNews, { readonly type: `page.${string}` }>
  readonly watchActivity: Extract<SessionRequest, { readonly type: 'person.active' }>
  readonly watchConditions:
    | Exclude<RenewalEvent, { readonly type: `${'turn' | 'renewal'}.${string}` }>
    | Extract<AccountEvent, { readonly type: 'notes.changed' }>
  readonly holdTurn: Extract<RenewalEvent, { readonly type: `turn.${string}` }>
}

/** Services that say something as often as there is something to say. */
export type ListeningPort = keyof News
/** Services that answer once. */
export type AskingPort = Exclude<keyof Ports, ListeningPort>
/** Actions that a service provides; nothing waits for them. */
export type NotingPort = keyof Noted
/** Every service of the three charts. */
export type PortName = AskingPort | ListeningPort | NotingPort

interface Noted {
  readonly keepPatch: { readonly subject: string; readonly patch: MetadataPatch }
  readonly forgetSetbacks: { readonly subject: string }
}

/** What a chart gives to a service. */
export type PortInput<TPort extends PortName> = TPort extends keyof Ports
  ? InputFrom<Ports[TPort]>
  : TPort extends NotingPort
    ? Noted[TPort]
    : InputFrom<typeof renewalPorts.watchConditions | typeof accountPorts.watchConditions>
/** What a service answers. */
export type PortOutput<TPort extends AskingPort> = OutputFrom<Ports[TPort]>

/** The chart that invokes a service. */
export type MachineName = 'session' | Machines

/** One call of a service by a chart: what it was asked, and how far it has come. */
export interface PortCall<TPort extends PortName = PortName> {
  readonly port: TPort
  readonly machine: MachineName
  readonly input: PortInput<TPort>
  /**
   * - `waiting`: the chart waits for an answer. `settled`, `failed`: it got one. `left`: it went on without.
   * - `listening`: the chart hears what is said. `disposed`: not any more.
   * - `noted`: nothing was waited for.
   */
  readonly state: 'waiting' | 'settled' | 'failed' | 'left' | 'listening' | 'disposed' | 'noted'
}
