/** Why the covering set of all paths does not take some transitions of the session chart in Chromium. */
export interface Reason {
  /** Ids of transitions, as in `catalogueOf`. */
  readonly transitions: RegExp
  /** One sentence. */
  readonly because: string
}

export const reasons: readonly Reason[] = []

export const reasonOf = (id: string): string | undefined =>
  reasons.find(({ transitions }) => transitions.test(id))?.because
