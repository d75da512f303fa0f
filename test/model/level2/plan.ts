import type { EventObject } from 'xstate'
import type { CredentialFacts } from '../../../machines/facts.ts'
import type { Edge, Model, Situation } from '../explore.ts'
import { indexBy } from '../walks.ts'

/** What of a model there is in the world. */
export interface Restriction {
  /** Nobody brings this about, in this situation. */
  isImpossible(edge: Edge): boolean
  /** The world goes on by itself after it, in a way that the model does not remember: a walk ends here. */
  isEnd(edge: Edge): boolean
}

/** The part of a model that can be walked in the world, and that can be reached in it. */
export function restrict({ machine, start, situations, edges }: Model, { isImpossible, isEnd }: Restriction): Model {
  const left = edges
    .filter((edge) => !isImpossible(edge))
    .map((edge) => (isEnd(edge) ? { ...edge, to: { ...edge.to } } : edge))
  const out = indexBy(left, ({ from }) => from)
  const reached = new Set([start])
  for (const here of reached) for (const { to } of out.get(here) ?? []) reached.add(to)
  return {
    machine,
    start,
    situations: situations.filter((situation) => reached.has(situation)),
    edges: left.filter(({ from }) => reached.has(from)),
  }
}

const factsOf = ({ snapshot }: Situation): CredentialFacts | null =>
  (snapshot.context as { readonly facts: CredentialFacts | null }).facts

const broken: ReadonlySet<string> = new Set([
  // Listening in a browser does not fail.
  'xstate.error.actor.watchSiblings',
  'xstate.error.actor.watchPage',
  'xstate.error.actor.watchActivity',
  'xstate.error.actor.watchConditions',
  'xstate.error.actor.holdTurn',
  // Machines handle each failure of their services.
  'xstate.error.actor.renewal',
  'xstate.error.actor.account',
  // It says `unsaved` where the storage refuses.
  'xstate.error.actor.commitTokens',
  // What cannot be written is remembered.
  'xstate.error.actor.discardPatches',
  // Raised by the chart itself alone.
  'credentials.replaced',
])

/** What the events of `session` say, as far as it is looked at here. */
interface Said {
  readonly output?: { readonly outcome?: string; readonly facts?: CredentialFacts }
  readonly error?: { readonly code?: string }
  readonly facts?: CredentialFacts
  readonly generation?: string
}

export const inSession = (isReadOnly: boolean): Restriction => ({
  isImpossible({ from, event }) {
    if (broken.has(event.type)) return true
    const facts = factsOf(from)
    const said = event as EventObject & Said
    const { configuration } = from
    switch (event.type) {
      case 'sibling.loggedIn':
        return said.facts?.generation === facts?.generation
      case 'sibling.renewed':
        return facts === null || said.facts?.generation !== facts.generation || said.facts.revision <= facts.revision
      case 'sibling.ended':
        return said.generation !== facts?.generation
      case 'xstate.error.actor.redirectSilently':
        return said.error?.code === 'login_required'
      case 'xstate.done.actor.stepUpInPopup':
        return said.output?.facts?.subject !== facts?.subject
      case 'xstate.error.actor.revokeTokens':
        // Where it is not known what ends, there may be nothing to revoke.
        return (
          (from.snapshot.context as { readonly ending?: { readonly generation: string | null } }).ending?.generation ===
          null
        )
      case 'xstate.done.actor.renewal':
        return said.output?.facts?.renewable === false
    }
    if (isReadOnly && /^metadata\.(saved|refused|changedElsewhere)$/.test(event.type)) return true
    if (/^(profile|metadata)\.(loaded|failed|saved|refused|changedElsewhere)$/.test(event.type))
      return !configuration.includes('access.authenticated')
    return false
  },
  // From here on the keeper holds nothing, where the chart still remembers the login that it had: until the vault is read again, nobody
  // can tell what became of that one.
  isEnd({ from, event, to }) {
    const { facts, output } = event as EventObject & Said
    const [before, after] = [factsOf(from), factsOf(to)]
    if (before === null || after === null) return false
    if (event.type === 'sibling.loggedIn') return facts?.subject !== before.subject
    return event.type === 'sibling.ended' || output?.outcome === 'discarded'
  },
})

export const inRenewal: Restriction = {
  isImpossible({ from, event }) {
    const { facts } = event as EventObject & Said
    const own = factsOf(from)
    return broken.has(event.type) || (facts !== undefined && own !== null && facts.revision <= own.revision)
  },
  // An answer that came is written all the same, whatever the chart does.
  isEnd: ({ from, event }) =>
    from.configuration.endsWith('committing') && /turn\.refused|untilVaultTimeout/.test(event.type),
}

export const inAccount = (isReadOnly: boolean): Restriction => ({
  isImpossible({ event }) {
    const { output } = event as EventObject & { readonly output?: { readonly writable?: boolean } }
    // Where nothing can be changed, nothing is sent either.
    if (isReadOnly && event.type.endsWith('saveMetadata')) return true
    return broken.has(event.type) || (output?.writable !== undefined && output.writable === isReadOnly)
  },
  isEnd: () => false,
})
