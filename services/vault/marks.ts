import type { EndMark } from './types.ts'

/** Any generation: a logout that did not know which login there was. */
const anyGeneration = '*'

/** Where the end of a login is noted synchronously, so that it counts even when the page closes at once. */
export interface Marks {
  /** The mark that ends this generation; `null`: none does. */
  on(generation: string): EndMark | null
  /** Without a generation: any. */
  leave(generation: string | null, end: Pick<EndMark, 'reason'>): LeftMark
  /** A new login has taken the place of whatever was marked. Returns how to put the mark back. */
  lift(): () => void
}

export interface LeftMark {
  /** Has a login taken the place of what was marked? False where the mark could not be left at all. */
  wasLifted(): boolean
  /** Another mark by now stays. */
  remove(): void
}

/** `storage` may be missing or refuse: then the database alone knows of an end. */
export function createMarks(storage: Storage | null, scope: string): Marks {
  const key = `sessionchart.ended.${scope}`

  const read = (): string | null => {
    try {
      return storage?.getItem(key) ?? null
    } catch {
      return null
    }
  }
  const write = (text: string | null): void => {
    try {
      if (text === null) storage?.removeItem(key)
      else storage?.setItem(key, text)
    } catch {
      // A full storage takes no mark; the database gets it next. One that stays names a generation that does not come back.
    }
  }

  return {
    on(generation) {
      const mark = parse(read())
      if (mark === null || (mark.generation !== generation && mark.generation !== anyGeneration)) return null
      return { generation, reason: mark.reason }
    },
    leave(generation, { reason }) {
      const text = JSON.stringify({ generation: generation ?? anyGeneration, reason } satisfies EndMark)
      write(text)
      const isLeft = read() === text
      return {
        wasLifted: () => isLeft && read() === null,
        remove: () => {
          if (read() === text) write(null)
        },
      }
    },
    lift() {
      const before = read()
      write(null)
      return () => {
        if (read() === null) write(before)
      }
    },
  }
}

function parse(text: string | null): EndMark | null {
  try {
    return JSON.parse(text ?? 'null') as EndMark | null
  } catch {
    return null
  }
}
