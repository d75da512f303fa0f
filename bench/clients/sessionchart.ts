import { createSession, type SessionOptions } from 'sessionchart'
import type { BenchConfig, CreateClient } from './client.ts'

/** As README has it; with another vault than the default, which is encrypted. */
export function withVault({ issuer, clientId, redirectUri }: BenchConfig, more: Pick<SessionOptions, 'vault'>) {
  const session = createSession({ authority: issuer, clientId, redirectUri, ...more })
  session.on('login.completed', () => history.replaceState(null, '', '/'))
  const user = () => session.getSnapshot().context.facts?.subject ?? null
  return {
    async open() {
      const back = location.pathname === '/callback'
      const answered = new Promise((done) => {
        session.on('session.started', done)
        session.on('login.failed', done)
      })
      session.start()
      await (back ? answered : session.ready)
      return user()
    },
    login: () => Promise.resolve(session.send({ type: 'login' })),
    token: () => session.getAccessToken(),
    renewed: () => session.getAccessToken({ forceRenewal: true }),
    user: () => Promise.resolve(user()),
  }
}

export const create: CreateClient = (config) => withVault(config, {})
