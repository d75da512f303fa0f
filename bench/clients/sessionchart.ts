import { createSession } from 'sessionchart'
import type { CreateClient } from './client.ts'

/** As README has it; the vault is the default, which is encrypted. */
export const create: CreateClient = ({ issuer, clientId, redirectUri }) => {
  const session = createSession({ authority: issuer, clientId, redirectUri })
  session.on('login.completed', () => history.replaceState(null, '', '/'))
  const user = () => session.getSnapshot().context.facts?.subject ?? null
  return {
    async open() {
      const back = location.pathname === '/callback'
      const answered = new Promise((done) => {
        session.on('login.completed', done)
        session.on('login.failed', done)
      })
      session.start()
      await (back ? answered : session.ready)
      return user()
    },
    login: () => Promise.resolve(session.send({ type: 'login' })),
    token: () => session.getAccessToken(),
    user: () => Promise.resolve(user()),
  }
}
