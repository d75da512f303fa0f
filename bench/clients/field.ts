import type { CreateClient } from './client.ts'

/** The limit that a client can reach: a token in a field. Nobody can log in with it. */
export const create: CreateClient = () => {
  const held = { token: 'a token', user: 'somebody' }
  return {
    open: () => Promise.resolve(held.user),
    login: () => Promise.resolve(),
    token: () => Promise.resolve(held.token),
    renewed: () => Promise.resolve(held.token),
    tokenNow: () => held.token,
    user: () => Promise.resolve(held.user),
  }
}
