import type { StateStore } from 'oidc-client-ts'

const prefix = 'sessionchart.signin.'

/** Where a login is remembered while the person is at the provider: the storage of the browser, for any tab to go on. */
export function createStates(storage: Storage): StateStore {
  return {
    set: async (id, value) => storage.setItem(prefix + id, value),
    get: async (id) => storage.getItem(prefix + id),
    async remove(id) {
      const value = storage.getItem(prefix + id)
      storage.removeItem(prefix + id)
      return value
    },
    getAllKeys: async () =>
      Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? '')
        .filter((key) => key.startsWith(prefix))
        .map((key) => key.slice(prefix.length)),
  }
}

/** Where the browser gives no storage, a login in this page (by popup) still works. */
export function memoryStorage(): Storage {
  const items = new Map<string, string>()
  return {
    get length() {
      return items.size
    },
    clear: () => items.clear(),
    getItem: (key) => items.get(key) ?? null,
    key: (index) => [...items.keys()][index] ?? null,
    removeItem: (key) => void items.delete(key),
    setItem: (key, value) => void items.set(key, value),
  }
}
