import type { Adapter, AdapterPayload } from 'oidc-provider'
import type { DataFile } from './data-file.ts'
import { isRecord } from './json.ts'

interface Entry {
  /** Kept as text, so that what comes back is the same from memory and from the file, and nobody shares an object. */
  json: string
  expiresAt?: number
  grantId?: string
  uid?: string
  userCode?: string
  /** Epoch milliseconds of the first use of what can be used once: a window of reuse is counted from there. */
  consumedAt?: number
}

/** Everything oidc-provider remembers: sessions, grants, codes, tokens. */
export interface ProviderStore {
  adapter: (model: string) => Adapter
  /** Whether this refresh token was used before, also when its family has been ended since. */
  isSpent: (refreshToken: string) => boolean
  /** Ends every grant of a person with all that came from it, and says how many there were. */
  endGrantsOf: (subject: string) => Promise<number>
}

/** Spent tokens that are gone from the store and still known as spent. */
const spentLimit = 100_000
const grantKey = 'Grant:'

/**
 * Without a limit on purpose: the adapter that comes with oidc-provider forgets beyond 1,000 entries, and a forgotten
 * grant looks like a revoked one. A change is in the file before oidc-provider goes on, so that no answer with a rotated
 * token leaves before the rotation would survive a crash.
 */
export function createProviderStore(file: DataFile, reuseWindow = 0): ProviderStore {
  const entries = new Map<string, Entry>()
  const spent = new Set<string>()
  const grants = new Map<string, Set<string>>()
  const sessionByUid = new Map<string, string>()
  const byUserCode = new Map<string, string>()

  const put = (key: string, entry: Entry) => {
    drop(key)
    entries.set(key, entry)
    if (entry.grantId !== undefined) {
      const members = grants.get(entry.grantId) ?? new Set()
      grants.set(entry.grantId, members.add(key))
    }
    if (entry.uid !== undefined) sessionByUid.set(entry.uid, key)
    if (entry.userCode !== undefined) byUserCode.set(entry.userCode, key)
  }
  const drop = (key: string) => {
    const entry = entries.get(key)
    if (!entry) return
    entries.delete(key)
    if (entry.grantId !== undefined) {
      const members = grants.get(entry.grantId)
      members?.delete(key)
      if (members?.size === 0) grants.delete(entry.grantId)
    }
    if (entry.uid !== undefined && sessionByUid.get(entry.uid) === key) sessionByUid.delete(entry.uid)
    if (entry.userCode !== undefined && byUserCode.get(entry.userCode) === key) byUserCode.delete(entry.userCode)
  }
  const isPast = (entry: Entry) => entry.expiresAt !== undefined && entry.expiresAt <= Date.now()
  const get = (key: string | undefined): AdapterPayload | undefined => {
    const entry = key === undefined ? undefined : entries.get(key)
    // Our own JSON.stringify of an AdapterPayload.
    return entry && !isPast(entry) ? (JSON.parse(entry.json) as AdapterPayload) : undefined
  }
  const remove = async (keys: Iterable<string>) => {
    for (const key of [...keys]) drop(key)
    await save()
  }
  const serialize = () => {
    for (const [key, entry] of entries) if (isPast(entry)) drop(key)
    return JSON.stringify({ version: 1, entries: [...entries] })
  }
  const save = () => file.save(serialize)

  if (file.initial !== undefined) {
    for (const [key, entry] of restore(file)) put(key, entry)
  }

  const adapter = (model: string): Adapter => ({
    async upsert(id, payload, expiresIn) {
      const entry: Entry = { json: JSON.stringify(payload) }
      if (typeof expiresIn === 'number') entry.expiresAt = Date.now() + expiresIn * 1000
      if (payload.grantId !== undefined) entry.grantId = payload.grantId
      if (model === 'Session' && payload.uid !== undefined) entry.uid = payload.uid
      if (payload.userCode !== undefined) entry.userCode = payload.userCode
      put(`${model}:${id}`, entry)
      await save()
    },
    find: async (id) => {
      const key = `${model}:${id}`
      const payload = get(key)
      const { consumedAt = -Infinity } = entries.get(key) ?? {}
      // oidc-provider takes what is not marked as used for unused, and so rotates it once more.
      if (model === 'RefreshToken' && Date.now() - consumedAt < reuseWindow * 1000) delete payload?.consumed
      return payload
    },
    findByUid: async (uid) => get(sessionByUid.get(uid)),
    findByUserCode: async (userCode) => get(byUserCode.get(userCode)),
    async consume(id) {
      const key = `${model}:${id}`
      const entry = entries.get(key)
      const payload = get(key)
      if (!entry || !payload || entry.consumedAt !== undefined) return
      entry.consumedAt = Date.now()
      if (model === 'RefreshToken') spent.add(id)
      const [oldest] = spent
      if (oldest !== undefined && spent.size > spentLimit) spent.delete(oldest)
      entry.json = JSON.stringify({ ...payload, consumed: Math.floor(Date.now() / 1000) })
      await save()
    },
    async destroy(id) {
      await remove([`${model}:${id}`])
    },
    async revokeByGrantId(grantId) {
      await remove(grants.get(grantId) ?? [])
    },
  })
  return {
    adapter,
    isSpent: (refreshToken) =>
      spent.has(refreshToken) || entries.get(`RefreshToken:${refreshToken}`)?.consumedAt !== undefined,
    async endGrantsOf(subject) {
      const ended = [...entries.keys()].filter((key) => key.startsWith(grantKey) && get(key)?.accountId === subject)
      const members = ended.flatMap((key) => [...(grants.get(key.slice(grantKey.length)) ?? [])])
      await remove([...ended, ...members])
      return ended.length
    },
  }
}

function restore(file: DataFile): [string, Entry][] {
  const entries = isRecord(file.initial) ? file.initial['entries'] : undefined
  const isEntry = (pair: unknown): pair is [string, Entry] =>
    Array.isArray(pair) && typeof pair[0] === 'string' && isRecord(pair[1]) && typeof pair[1]['json'] === 'string'
  if (Array.isArray(entries) && entries.every(isEntry)) return entries
  throw file.complain('it is not a list of entries as this provider writes them')
}
