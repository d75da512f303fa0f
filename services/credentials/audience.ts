/** Whoever wants to hear of something. */
export interface Audience<T> {
  tell(news: T): void
  /** Returns how to stop. */
  listen(listener: (news: T) => void): () => void
  clear(): void
}

export function createAudience<T>(): Audience<T> {
  const listeners = new Set<(news: T) => void>()
  return {
    tell(news) {
      for (const listener of listeners) listener(news)
    },
    listen(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    clear: () => listeners.clear(),
  }
}
