import type { Platform } from './platform.ts'

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
  const channel = platform.openChannel(`sessionchart|${scope}`)
  return {
    announce: (message) => channel?.post({ version: messageVersion, ...message }),
    listen: (listener) =>
      channel?.listen((received) => {
        const message = readMessage(received)
        if (message !== null) listener(message)
      }) ?? (() => {}),
    close: () => channel?.close(),
  }
}

function readMessage(received: unknown): SiblingMessage | null {
  if (typeof received !== 'object' || received === null) return null
  const { version, kind, at } = received as Readonly<Record<string, unknown>>
  if (version !== messageVersion) return null
  if (kind === 'look') return { kind }
  return kind === 'active' && typeof at === 'number' ? { kind, at } : null
}
