import type { Platform, TabChannel } from './platform.ts'

const messageVersion = 1

/** Between tabs goes no more than this: facts come from the vault. */
export type SiblingMessage =
  /** Something changed; look. */
  | { readonly kind: 'look' }
  /** The person was active in the sending tab; epoch ms. */
  | { readonly kind: 'active'; readonly at: number }

export interface Siblings {
  announce(message: SiblingMessage): void
  listen(listener: (message: SiblingMessage) => void): () => void
  close(): void
}

/** The other tabs of this vault. Messages of other versions are not for us and are left alone. */
export function joinSiblings(scope: string, platform: Platform): Siblings {
  let channel = openChannel()

  function openChannel(): TabChannel | null {
    try {
      return platform.openChannel(`sessionchart|${scope}`)
    } catch {
      // A browser that has channels may still refuse one: then a tab finds out when it is shown or next reads.
      return null
    }
  }

  return {
    announce(message) {
      try {
        channel?.post({ version: messageVersion, ...message })
      } catch {
        // What was announced is in the vault all the same; whoever announces has more to do than this.
      }
    },
    listen: (listener) =>
      channel?.listen((received) => {
        const message = readMessage(received)
        if (message !== null) listener(message)
      }) ?? (() => {}),
    close() {
      channel?.close()
      channel = null
    },
  }
}

function readMessage(received: unknown): SiblingMessage | null {
  if (typeof received !== 'object' || received === null) return null
  const { version, kind, at } = received as Readonly<Record<string, unknown>>
  if (version !== messageVersion) return null
  if (kind === 'look') return { kind }
  return kind === 'active' && typeof at === 'number' ? { kind, at } : null
}
