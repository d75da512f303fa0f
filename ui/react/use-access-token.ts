import { useCallback } from 'react'
import type { AccessTokenOptions } from '../../services/index.ts'
import { useSessionInstance } from './provider.tsx'

/**
 * A function that gets a usable access token, as `session.getAccessToken` does; always the same function. The token itself
 * is no part of any render: it would be out of date soon, and stand in React's tree for every script to read. Where a
 * request can be sent by `session.fetch`, no token has to be touched at all.
 */
export function useAccessToken(): (options?: AccessTokenOptions) => Promise<string> {
  const session = useSessionInstance()
  return useCallback((options?: AccessTokenOptions) => session.getAccessToken(options), [session])
}
