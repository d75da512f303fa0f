/** An implementation for each port, of the port's own type. */
export type Implements<TPorts, TExcept extends keyof TPorts = never> = {
  readonly [TPort in Exclude<keyof TPorts, TExcept>]: TPorts[TPort]
}
