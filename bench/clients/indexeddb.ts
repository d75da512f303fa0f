import type { CreateClient } from './client.ts'

const settled = <Value>(request: IDBRequest<Value>): Promise<Value> =>
  new Promise((done, fail) => {
    request.onsuccess = () => done(request.result)
    request.onerror = () => fail(request.error ?? new Error('the database did not answer'))
  })

interface Kept {
  readonly key: CryptoKey
  readonly iv: Uint8Array<ArrayBuffer>
  readonly sealed: ArrayBuffer
}

function openDatabase(): Promise<IDBDatabase> {
  const opening = indexedDB.open('floor', 1)
  opening.onupgradeneeded = () => void opening.result.createObjectStore('kept')
  return settled(opening)
}

/** About what credentials are: an access token, a refresh token, an ID token. */
const credentials = { user: 'somebody', token: 'a'.repeat(43), refreshToken: 'r'.repeat(43), idToken: 'i'.repeat(900) }

/**
 * What every client takes at least that keeps its credentials sealed by a key which no script can read: it opens a database, gets one
 * entry, and opens that by AES-GCM. Nothing else is done, and nobody can log in with it.
 */
export const create: CreateClient = () => {
  const read = async () => {
    const database = await openDatabase()
    const kept: unknown = await settled(database.transaction('kept').objectStore('kept').get('credentials'))
    if (kept === undefined) return null
    // What `login` wrote.
    const { key, iv, sealed } = kept as Kept
    const text = new TextDecoder().decode(await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, key, sealed))
    return JSON.parse(text) as typeof credentials
  }
  const token = async () => (await read())?.token ?? ''
  return {
    open: async () => (await read())?.user ?? null,
    async login() {
      const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
      const iv = crypto.getRandomValues(new Uint8Array(12))
      const sealed = await crypto.subtle.encrypt(
        { name: 'AES-GCM', iv },
        key,
        new TextEncoder().encode(JSON.stringify(credentials)),
      )
      const database = await openDatabase()
      const writing = database.transaction('kept', 'readwrite')
      await settled(writing.objectStore('kept').put({ key, iv, sealed }, 'credentials'))
    },
    token,
    renewed: token,
    user: async () => (await read())?.user ?? null,
  }
}
