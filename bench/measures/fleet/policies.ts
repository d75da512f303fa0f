import { waitAfterFailure } from '../../../machines/renewal/backoff.ts'
import { factsOf, type FactsPolicy } from '../../../services/credentials/facts.ts'
import type { Policy } from './day.ts'

/** Apps ask for a token at every request to their API; here each 30 s on average. */
const nextCall = (chance: () => number): number => -30 * Math.log(1 - chance())

const answer = { accessToken: 'a', tokenType: 'Bearer', refreshToken: 'r' }
const stamp = { generation: 'login', revision: 1 }

/** By the code that every write of credentials goes through. */
function dueByOurs(now: number, lifetime: number, chance: () => number, policy: FactsPolicy): number {
  const facts = factsOf({
    answer: { ...answer, expiresIn: lifetime },
    subject: 'somebody',
    scope: 'openid',
    renewable: true,
    ceilingAt: undefined,
    stamp,
    writtenBy: 'a tab',
    before: null,
    clock: { now: () => now * 1000, chance },
    policy,
  })
  return facts.renewAt / 1000
}

/** By the code of the renewal chart, with the figures of services/options.ts. */
function waitOfOurs(attempts: number, now: number, expiresAt: number, chance: () => number): number {
  const left = (expiresAt - now) * 1000
  return waitAfterFailure({ attempts, left, chance: chance() }, { backoffFirst: 1_000, backoffMost: 30_000 }) / 1000
}

const fixedLead = (lead: number) => (now: number, lifetime: number) => now + lifetime - lead

export const policies: readonly Policy[] = [
  {
    name: 'sessionchart',
    dueAt: (now, lifetime, chance) => dueByOurs(now, lifetime, chance, { lead: 60_000 }),
    waitAfter: waitOfOurs,
  },
  { name: '(fixed lead)', dueAt: fixedLead(60), waitAfter: () => 5 },
  {
    // `accessTokenExpiringNotificationTimeInSeconds` 60, looked at every 5 s. An error is told and not tried again; the app's
    // next call finds the token expired and asks again.
    name: 'oidc-client-ts',
    dueAt: (now, lifetime, chance) => now + lifetime - 60 + 5 * chance(),
    waitAfter: (_, now, expiresAt, chance) => Math.max(0, expiresAt - now) + nextCall(chance),
  },
  {
    // On demand: at the first call within the last 60 s, and again at every further one.
    name: 'auth0-spa-js',
    dueAt: (now, lifetime, chance) => now + lifetime - 60 + nextCall(chance),
    waitAfter: (_attempts, _now, _expiresAt, chance) => nextCall(chance),
  },
  {
    // 120 s, less up to 40 s by chance, drawn once in a page; looked at every second. Four tries at once, then signed out.
    name: 'axa-oidc-client',
    dueAt: (now, lifetime, chance) => now + lifetime - 120 + Math.floor(40 * chance()),
    waitAfter: (attempts) => (attempts < 4 ? 0.006 : null),
  },
  {
    // `expireEarlySeconds`, which an app can set in development only: 30. After a failure the access token is removed; the app's next
    // call asks again.
    name: 'okta-auth-js',
    dueAt: fixedLead(30),
    waitAfter: (_attempts, _now, _expiresAt, chance) => nextCall(chance),
  },
  {
    // On demand, with the 5 s of `updateToken` that its documentation shows.
    name: 'keycloak-js',
    dueAt: (now, lifetime, chance) => now + lifetime - 5 + nextCall(chance),
    waitAfter: (_attempts, _now, _expiresAt, chance) => nextCall(chance),
  },
]

/** Renewals over a share of the lifetime, before a lead of 60 s. */
export const spreadBy = (share: number): Policy => ({
  name: `${share}`,
  dueAt: (now, lifetime, chance) => now + lifetime - 60 - share * lifetime * chance(),
  waitAfter: waitOfOurs,
})
