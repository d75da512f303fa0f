import type { Fault } from '../../../idp/index.ts'
import type { faults as reliabilityFaults } from '../../../scripts/soak/chaos.ts'

/** What one expiry meets. */
export interface Spell {
  readonly fault: Fault
  /** For how long, where it lasts and where something hangs. */
  readonly ms: number
  /** For how long what is asked at the expiry is refused or unanswered, ms. */
  readonly floor: number
}

type Kind = (typeof reliabilityFaults)[number]

/** Nothing was processed, and it is the same for whoever asks again. */
const lasts = (fault: Kind): boolean =>
  ['status', 'drop', 'hang', 'invalid_json'].includes(fault.kind) && !('processed' in fault && fault.processed)

function floorOf(fault: Kind, ms: number): number {
  if (fault.kind === 'delay') return fault.delay
  return lasts(fault) || fault.kind === 'hang' ? ms : 0
}

/** Each fault once, in an order and for a time by chance. */
export function spellsOf(faults: readonly Kind[], chance: () => number): readonly Spell[] {
  const drawn = faults.map((fault) => ({ fault, place: chance(), ms: 500 + 2_500 * chance() }))
  return drawn
    .toSorted((a, b) => a.place - b.place)
    .map(({ fault, ms }) => ({
      fault: { endpoint: 'token', grantType: 'refresh_token', count: lasts(fault) ? 'always' : 1, ...fault },
      ms,
      floor: floorOf(fault, ms),
    }))
}
