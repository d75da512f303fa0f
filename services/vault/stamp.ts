import type { Stamp, VaultContent } from './types.ts'

export const stampOf = ({ generation, revision }: Stamp): Stamp => ({ generation, revision })

/** Facts are stamped too. */
export const isSameWrite = (a: Stamp, b: Stamp): boolean => a.generation === b.generation && a.revision === b.revision

export const isHeld = (stamp: Stamp, { entry }: VaultContent): boolean =>
  entry !== null && isSameWrite(entry.facts, stamp)
