import type Provider from 'oidc-provider'
import { isRecord } from './json.ts'

export interface IssuedToken {
  kind: 'access_token' | 'refresh_token' | 'id_token'
  value: string
}

/** Adds the value of every token of every token response to `issued`. */
export function collectIssuedTokens(provider: Provider, issued: IssuedToken[]) {
  provider.on('grant.success', (ctx) => {
    const body: unknown = ctx.body
    if (!isRecord(body)) return
    for (const kind of ['access_token', 'refresh_token', 'id_token'] as const) {
      const value = body[kind]
      if (typeof value === 'string') issued.push({ kind, value })
    }
  })
}
