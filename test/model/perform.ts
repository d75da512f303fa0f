import type { EventObject } from 'xstate'
import { SessionError } from '../../machines/index.ts'
import type { RenewalOutcome } from '../../machines/index.ts'
import type { AskingPort, ListeningPort, News, PortOutput, Scripted } from '../../services/memory/index.ts'
import { timeOf } from './derive.ts'

/** A scripted chart, whichever it is. */
export type Play = Pick<Scripted<never>, 'script' | 'rest' | 'clock' | 'shiftClock' | 'endWait'> & {
  readonly actor: { send(event: EventObject): void }
}

/** Who tells which news, as `News` of the scripted services says; anything else is sent by the app. */
const told: readonly (readonly [RegExp, ListeningPort])[] = [
  [/^sibling\./, 'watchSiblings'],
  [/^page\./, 'watchPage'],
  [/^person\.active$/, 'watchActivity'],
  [/^turn\./, 'holdTurn'],
  [/^(notes|network|page|sibling)\./, 'watchConditions'],
]

/** Brings an event of the model about in the real chart: by a service, by a timer, or as the app would. */
export async function perform(play: Play, event: EventObject): Promise<void> {
  const { script, actor } = play
  const now = timeOf(event)
  if (now !== undefined) play.shiftClock(now - play.clock.now())
  const [, kind, name = ''] = /^xstate\.(done|error|after)\.(?:actor\.)?(.+)$/.exec(event.type) ?? []
  const teller = told.find(([types, port]) => types.test(event.type) && script.isOpen(port))?.[1]
  if (kind === 'after') play.endWait(event.type)
  else if (kind === 'done' && name === 'renewal') await finishRenewal(play, outputOf<RenewalOutcome>(event))
  else if (kind === 'done') script.settle(name as AskingPort, outputOf<PortOutput<AskingPort>>(event))
  else if (kind === 'error' && machines.has(name)) await breakMachine(play, name, event)
  // A listener fails only as it begins, when it does; XState brings the news of it as an event, and so do we, at any time.
  else if (kind === 'error' && isListener(name)) actor.send(event)
  else if (kind === 'error') script.fail(name as AskingPort, (event as unknown as { readonly error: unknown }).error)
  else if (teller !== undefined) script.say(teller, event as unknown as News[typeof teller])
  else actor.send(event)
  await play.rest()
}

const machines: ReadonlySet<string> = new Set(['renewal', 'account'])
const isListener = (port: string): boolean => port.startsWith('watch') || port === 'holdTurn'

const outputOf = <TOutput>(event: EventObject): TOutput => (event as unknown as { readonly output: TOutput }).output

/** The real renewal within a session runs through to this outcome. */
async function finishRenewal({ script, rest }: Play, result: RenewalOutcome): Promise<void> {
  script.grantTurn()
  await rest()
  if (result.outcome === 'adopted') return script.settle('recheckVault', result)
  script.settle('recheckVault', { outcome: 'same' })
  await rest()
  if (result.outcome === 'rejected') {
    script.fail('requestTokens', new SessionError(result.problem.code, result.problem.message))
    await rest()
    return script.settle('confirmVerdict', result)
  }
  script.settle('requestTokens', undefined)
  await rest()
  script.settle('commitTokens', result)
}

/** A service that breaks its word, which no port's type allows, breaks the machine that trusts it. */
async function breakMachine({ script, rest, actor }: Play, machine: string, event: EventObject): Promise<void> {
  const broken = undefined as never
  if (machine === 'renewal') {
    script.grantTurn()
    await rest()
    script.settle('recheckVault', broken)
    await rest()
    if (script.isOpen('holdTurn')) throw new Error('The renewal broke, and its turn is held by nobody.')
  } else if (script.isOpen('loadMetadata')) script.settle('loadMetadata', broken)
  // It broke before, and cannot again.
  else actor.send(event)
}
