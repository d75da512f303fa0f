import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { selectFacts, type LoginRequest, type Session, type SessionFact } from '../../services/index.ts'
import { cancelAuthorization, completeAuthorization } from '../support/sign-in-by-http.ts'
import type { Tab } from '../support/tab.ts'
import { alice, bob, createWorld, expectStatus, patience, problemOf, type World } from './world.ts'

let world: World
beforeEach(async () => {
  world = await createWorld()
})
afterEach(() => world.close())

const password = 'urn:sessionchart:password'
const secondFactor = 'http://schemas.openid.net/pape/policies/2007/06/multi-factor'

type Answer = (address: string) => Promise<string>
const as =
  (person: typeof alice): Answer =>
  (address) =>
    completeAuthorization(address, person)
const factsOf = (session: Session) => selectFacts(session.getSnapshot())

async function firstOf(facts: readonly SessionFact[]): Promise<SessionFact> {
  await expect.poll(() => facts[0], patience).toBeDefined()
  return facts[0] as SessionFact
}

/** Steps up from within the session and answers at the provider. Returns the session of the page that has the answer. */
async function stepUp(
  tab: Tab,
  session: Session,
  request: LoginRequest,
  answer: Answer,
): Promise<[Session, SessionFact]> {
  const facts: SessionFact[] = []
  const listen = (to: Session): void => {
    for (const type of ['login.completed', 'login.failed'] as const) to.on(type, (fact) => facts.push(fact))
  }
  if (request.via === 'popup') {
    listen(session)
    tab.onPopup = (url) => {
      void answer(url).then((callback) => {
        const popup = world.tab()
        popup.arrive(callback)
        world.open(popup)
      })
    }
    session.send({ type: 'stepUp', ...request })
    return [session, await firstOf(facts)]
  }
  const gone = tab.visited.length
  session.send({ type: 'stepUp', ...request })
  await expect.poll(() => tab.visited.length, patience).toBe(gone + 1)
  await world.leave(session)
  tab.arrive(await answer(tab.visited[gone] ?? ''))
  const next = world.open(tab)
  listen(next)
  return [next, await firstOf(facts)]
}

describe.each(['redirect', 'popup'] as const)('authenticating again from within a session: %s', (via) => {
  test('P14 brings a new login of the same person, and what came of it can be seen, also later', async () => {
    const tab = world.tab()
    const session = await world.logIn(tab)
    const before = factsOf(session)
    const [after, fact] = await stepUp(tab, session, { via, acrValues: secondFactor, maxAge: 0 }, as(alice))
    expect(fact.type).toBe('login.completed')
    await expectStatus(after, 'signedIn')
    const facts = factsOf(after)
    expect(facts).toMatchObject({ subject: before?.subject, acr: secondFactor })
    expect(facts?.generation).not.toBe(before?.generation)
    expect(Math.abs((facts?.authenticatedAt ?? 0) - Date.now())).toBeLessThan(60_000)
    await after.getAccessToken({ forceRenewal: true })
    expect(factsOf(after)).toMatchObject({ revision: 2, acr: secondFactor, authenticatedAt: facts?.authenticatedAt })
    await world.leave(after)
    const reopened = world.open(tab)
    await reopened.ready
    expect(factsOf(reopened)).toMatchObject({ acr: secondFactor, authenticatedAt: facts?.authenticatedAt })
  })

  test.each<[string, string, LoginRequest, Answer]>([
    ['is denied', 'login_denied', { prompt: 'login' }, (address) => cancelAuthorization(address)],
    ['brings another person', 'subject_changed', { prompt: 'login' }, (address) => as(bob)(address)],
    [
      'is not as strong as was asked for',
      'authentication_too_weak',
      { acrValues: 'urn:gold' },
      (address) => as(alice)(address),
    ],
  ])('P14 leaves the session as it was when it %s', async (_, code, request, answer) => {
    const tab = world.tab()
    const session = await world.logIn(tab)
    const before = factsOf(session)
    const [after, fact] = await stepUp(tab, session, { via, returnTo: '/transfer', ...request }, answer)
    expect(fact).toMatchObject({ type: 'login.failed', problem: { code }, returnTo: '/transfer' })
    await expectStatus(after, 'signedIn')
    expect(factsOf(after)).toEqual(before)
    expect(problemOf(after)?.code).toBe(code)
    await expect(after.getAccessToken({ forceRenewal: true })).resolves.toBeTypeOf('string')
    expect(factsOf(after)).toMatchObject({ subject: before?.subject, revision: 2 })
  })
})

test('a login that asks for more than the provider does is taken, and says what was done', async () => {
  const tab = world.tab()
  const popups = world.answerPopups(tab)
  const session = world.open(tab)
  await session.ready
  session.send({ type: 'login', via: 'popup', acrValues: 'urn:gold' })
  await expectStatus(session, 'signedIn')
  expect(factsOf(session)?.acr).toBe(password)
  expect(popups.tabs).toHaveLength(1)
})
