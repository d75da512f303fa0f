/** Mutants on which nothing that anyone could notice differs, with the reason. At most one in twenty. */
export interface Equivalents {
  readonly because: string
  /** Ids, as `npm run chart:mutants` prints them. */
  readonly mutants: readonly string[]
}

export const equivalents: readonly Equivalents[] = []
