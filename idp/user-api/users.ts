import type { DataFile } from '../data-file.ts'
import { isRecord, type JsonObject } from '../json.ts'
import { picturePath, type Person } from '../people.ts'

interface Kept {
  metadata: JsonObject | undefined
  /** Epoch milliseconds. */
  updatedAt: number
}

export interface UserStore {
  metadataOf(person: Person): JsonObject | undefined
  setMetadata(person: Person, metadata: JsonObject | undefined): Promise<void>
  /** The user as Auth0 shows it. Without metadata there is no `user_metadata`. */
  userOf(person: Person): JsonObject
}

export function createUserStore(file: DataFile, issuer: string): UserStore {
  const kept = restore(file)
  return {
    metadataOf: (person) => kept.get(person.subject)?.metadata,
    async setMetadata(person, metadata) {
      kept.set(person.subject, { metadata, updatedAt: Date.now() })
      await file.save(() => JSON.stringify({ version: 1, users: [...kept] }))
    },
    userOf(person) {
      const { updated_at: seconds, locale: _locale, ...claims } = person.claims
      const [provider, id] = person.subject.split('|')
      const { metadata, updatedAt } = kept.get(person.subject) ?? { updatedAt: seconds * 1000 }
      return {
        user_id: person.subject,
        ...claims,
        picture: issuer + picturePath(person),
        identities: [{ provider, user_id: id, connection: 'people', isSocial: false }],
        created_at: new Date(Date.UTC(2025, 10, 3, 8)).toISOString(),
        updated_at: new Date(updatedAt).toISOString(),
        ...(metadata && { user_metadata: metadata }),
      }
    },
  }
}

function restore(file: DataFile): Map<string, Kept> {
  if (file.initial === undefined) return new Map()
  const users = isRecord(file.initial) ? file.initial['users'] : undefined
  const isUser = (pair: unknown): pair is [string, { metadata?: JsonObject; updatedAt: number }] =>
    Array.isArray(pair) &&
    typeof pair[0] === 'string' &&
    isRecord(pair[1]) &&
    typeof pair[1]['updatedAt'] === 'number' &&
    (pair[1]['metadata'] === undefined || isRecord(pair[1]['metadata']))
  if (!Array.isArray(users) || !users.every(isUser)) {
    throw file.complain('it is not a list of users as this provider writes them')
  }
  return new Map(users.map(([subject, { metadata, updatedAt }]) => [subject, { metadata, updatedAt }]))
}
