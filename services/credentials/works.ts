/** Work that is under way and must not be cut. */
export interface Works {
  track<T>(work: Promise<T>): Promise<T>
  /** Resolves once none is left, however it ended. */
  settled(): Promise<void>
}

export function createWorks(): Works {
  const works = new Set<Promise<unknown>>()
  return {
    track(work) {
      works.add(work)
      const settled = (): void => void works.delete(work)
      work.then(settled, settled)
      return work
    },
    async settled() {
      while (works.size > 0) await Promise.allSettled(works)
    },
  }
}
