import { IDBFactory, IDBObjectStore } from 'fake-indexeddb'
import 'fake-indexeddb/auto'

/** What of the storage refuses now. */
export type Refusal = 'reading' | 'writing'

const refusals = new Map<string, Refusal>()
const { get, put } = IDBObjectStore.prototype

/** By its key, a record belongs to one app, at one client of one provider. */
const isRefused = (key: unknown, refusal: Refusal): boolean =>
  [...refusals].some(([client, refused]) => refused === refusal && String(key).endsWith(`|${client}`))

export interface BrowserStorage {
  /** `app`: of a client at a provider. */
  refuse(app: string, refusal: Refusal | null): void
  /** It is the browser's own again. */
  remove(): void
}

/** A database of the browser's, empty, whose records of an app can be made to refuse. */
export function installStorage(): BrowserStorage {
  globalThis.indexedDB = new IDBFactory()
  IDBObjectStore.prototype.get = function (this: IDBObjectStore, key: IDBValidKey) {
    if (isRefused(key, 'reading')) throw new DOMException('The disk does not answer.', 'UnknownError')
    return get.call(this, key)
  } as typeof get
  IDBObjectStore.prototype.put = function (this: IDBObjectStore, value: unknown, key?: IDBValidKey) {
    if (isRefused(key, 'writing')) throw new DOMException('The quota is exceeded.', 'QuotaExceededError')
    return put.call(this, value, key)
  } as typeof put
  return {
    refuse: (client, refusal) => void (refusal === null ? refusals.delete(client) : refusals.set(client, refusal)),
    remove: () => {
      refusals.clear()
      Object.assign(IDBObjectStore.prototype, { get, put })
    },
  }
}
