import type { Platform, TabChannel } from './platform.ts'
import { openStorageChannel } from './storage-channel.ts'

const messageVersion = 1

/** Between tabs goes no more than this: facts come from the vault. */
export type SiblingMessage =
  /** Something changed; look. */
  | { readonly kind: 'look' }
  /** What is kept beside the credentials changed; look. */
  | { readonly kind: 'notes' }
  /** The person was active in the sending tab; epoch ms. */
  | { readonly kind: 'active'; readonly at: number }
  /** Does the tab that has the turn still live? `by`: a random id of whoever asks, good for this question alone. */
  | { readonly kind: 'turn.asked'; readonly by: string }
  /** It does, and needs the turn. */
  | { readonly kind: 'turn.held' }

export interface Siblings {
  /** Is there a way to the other tabs? Without one, silence says nothing. */
  readonly isReachable: boolean
  announce(message: SiblingMessage): void
  listen(listener: (message: SiblingMessage) => void): () => void
  close(): void
}

/** The other tabs of this vault. Messages of other versions are not for us and are left alone. */
export function joinSiblings(scope: string, platform: Platform): Siblings {
  let channel = openChannel(`sessionchart|${scope}`, platform)
  const listeners = new Set<(message: SiblingMessage) => void>()
  let stopHearing: (() => void) | null = null

  const hear = (received: unknown): void => {
    const message = readMessage(received)
    if (message === null) return
    for (const listener of listeners) listener(message)
  }

  return {
    get isReachable() {
      return channel !== null
    },
    announce(message) {
      try {
        channel?.post({ version: messageVersion, ...message })
      } catch {
        // What was announced is in the vault all the same; whoever announces has more to do than this.
      }
    },
    listen(listener) {
      listeners.add(listener)
      stopHearing ??= channel?.listen(hear) ?? null
      return () => {
        listeners.delete(listener)
        if (listeners.size > 0) return
        stopHearing?.()
        stopHearing = null
      }
    },
    close() {
      stopHearing?.()
      stopHearing = null
      channel?.close()
      channel = null
    },
  }
}

/** `null`: there is no way to the other tabs; then a tab finds out when it is shown or next reads. */
function openChannel(name: string, platform: Platform): TabChannel | null {
  try {
    const channel = platform.openChannel(name)
    if (channel !== null) return channel
  } catch {
    // A browser that has channels may still refuse one.
  }
  return openStorageChannel(name, platform)
}

function readMessage(received: unknown): SiblingMessage | null {
  if (typeof received !== 'object' || received === null) return null
  const { version, kind, at, by } = received as Readonly<Record<string, unknown>>
  if (version !== messageVersion) return null
  if (kind === 'look' || kind === 'notes' || kind === 'turn.held') return { kind }
  if (kind === 'turn.asked') return typeof by === 'string' ? { kind, by } : null
  return kind === 'active' && typeof at === 'number' ? { kind, at } : null
}
