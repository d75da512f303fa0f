import { beforeAll, describe, expect, test } from 'vitest'
import { betterAuthProvider } from './better-auth.ts'
import { stepNames, travelAt, type Journey, type StepName } from './journey.ts'
import { notAsInDocs } from './report.ts'

// The same journey as `npm run test:providers`, at a provider that nobody here wrote.
describe('at better-auth, the whole way twice in one browser', () => {
  let journey: Journey
  beforeAll(async () => {
    journey = await travelAt(betterAuthProvider, () => {})
  })

  const promises: Readonly<Record<Exclude<StepName, 'metadata'>, string>> = {
    login: 'P14 a person logs in, with a password and without, and the ID token is signed with a published key',
    reopen: 'P1 who comes back is signed in without a request to the token endpoint',
    renew: 'P2 P8 an access token that expired while the page was closed is renewed',
    rotate: 'P4 the rotated refresh token is used, and reuse of the one before is refused',
    userinfo: 'P18 the profile comes from userinfo',
    revoke: 'P17 a logout revokes the refresh token',
    logout: 'P17 a logout at the provider comes back to the app, and the next login asks for the password',
    dpop: 'P21 tokens bound to a key are taken',
    'logout, no revocation': 'P17 without a revocation endpoint everything else of a logout happens',
    'logout, no logout page': 'P17 without a logout page everything else of a logout happens, and the page stays',
    'logout, offline': 'P17 offline the person is logged out here, and stays so',
  }
  test.each(Object.entries(promises) as [StepName, string][])('%s: %s', (step) => {
    expect(journey[step].result).toBe('ok')
  })

  test('there is no user metadata like Auth0’s, and its absence is explained', () => {
    expect(journey.metadata).toEqual({ result: 'unsupported', remark: expect.stringContaining('answers 404') })
  })

  test('docs/providers.md says the same', () => {
    expect(notAsInDocs({ 'better-auth': journey })).toEqual([])
  })

  test('every step was taken', () => {
    expect(Object.keys(journey)).toEqual(stepNames)
  })

  test('a logout there knows whose session it is, and asks nobody to confirm it', () => {
    expect(journey.logout.remark).toBe('without a page in between')
  })

  test('reuse ends the session there, and the access token is dead after a revocation', () => {
    expect(journey.rotate.remark).toContain('400 invalid_grant, and ends its successors too')
    expect(journey.revoke.remark).toContain('401 at userinfo')
  })
})
