import { expect, test } from 'vitest'
import { createLoginBrake } from '../../services/login/brake.ts'
import { createLogin } from '../../services/login/login.ts'
import type { Logins } from '../../services/oidc/logins.ts'
import { createProfile, openTab } from '../support/tab.ts'

const origin = 'http://127.0.0.1:4999'

test('a login that is cancelled while its code is loaded begins nothing', async () => {
  const tab = openTab({ origin, profile: createProfile() })
  let arrive = (_: Logins): void => {}
  const loading = new Promise<Logins>((resolve) => (arrive = resolve))
  const begun: string[] = []
  const login = createLogin({
    redirectUri: `${origin}/callback`,
    platform: tab,
    brake: createLoginBrake(tab),
    logins: () => loading,
  })
  const cancelling = new AbortController()
  const work = [
    login.redirect({ request: {} }, cancelling.signal),
    login.silently.inFrame(cancelling.signal),
    login.silently.redirect(cancelling.signal),
  ]
  const outcomes = Promise.allSettled(work)
  cancelling.abort()
  const begin = (): Promise<never> => {
    begun.push('begun')
    return Promise.reject(new Error('not in this test'))
  }
  arrive({ start: begin, answerElsewhere: begin, finish: begin, handOver: begin })
  expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
  expect(begun).toEqual([])
})
