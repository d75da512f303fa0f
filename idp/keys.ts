import { randomBytes } from 'node:crypto'
import { exportJWK, generateKeyPair, type JWK } from 'jose'
import type { DataFile } from './data-file.ts'
import { isRecord } from './json.ts'

export interface ProviderKeys {
  signing: JWK
  cookies: string[]
}

/** The keys of the data folder, or new ones: with new keys every ID token and cookie from before would be refused. */
export async function loadKeys(file: DataFile): Promise<ProviderKeys> {
  if (file.initial !== undefined) {
    const { signing, cookies } = isRecord(file.initial) ? file.initial : {}
    if (!isRecord(signing) || typeof signing['d'] !== 'string' || typeof signing['kid'] !== 'string') {
      throw file.complain('it holds no signing key')
    }
    if (!Array.isArray(cookies) || !cookies.length || !cookies.every((key) => typeof key === 'string')) {
      throw file.complain('it holds no cookie keys')
    }
    return { signing, cookies }
  }
  // RS256, because that is what Auth0 and most others sign with.
  const { privateKey } = await generateKeyPair('RS256', { extractable: true })
  const signing = { ...(await exportJWK(privateKey)), alg: 'RS256', use: 'sig', kid: randomBytes(8).toString('hex') }
  const keys = { signing, cookies: [randomBytes(32).toString('base64url')] }
  await file.save(() => JSON.stringify(keys))
  return keys
}
