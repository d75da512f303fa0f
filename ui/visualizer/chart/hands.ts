/** What hands and keys can do with a drawing. Each is given an id. */
export interface DrawingHands {
  /** It is pointed at; `null`: nothing is. */
  readonly onPoint: (id: string | null) => void
  readonly onSelect: (id: string) => void
  /** A state is to be opened or closed. */
  readonly onToggle?: ((id: string) => void) | undefined
  /** The chart that a state invokes is to be shown. */
  readonly onEnter?: ((chart: string) => void) | undefined
}
