import { afterEach, beforeEach, expect, test } from 'vitest'
import { assign, createActor, fromPromise, sendTo, setup, type ActorRefFrom } from 'xstate'
import { createSessionLogicOn } from '../../services/create-session.ts'
import {
  accessTokenFrom,
  auth0UserMetadata,
  selectProfile,
  selectStatus,
  sessionFrom,
  snapshotForDisplay,
  selectAccount,
  SessionError,
  type SessionFact,
  type SessionLogic,
} from '../../services/index.ts'
import { completeAuthorization } from '../support/sign-in-by-http.ts'
import type { Tab } from '../support/tab.ts'
import { countHandles } from './handles.ts'
import {
  alice,
  createWorld,
  expectAccount,
  expectStatus,
  keptText,
  origin,
  patience,
  renewalsAt,
  type World,
} from './world.ts'

let world: World
beforeEach(async () => {
  world = await createWorld()
})
afterEach(() => world.close())

const logicIn = (tab: Tab): SessionLogic =>
  createSessionLogicOn(tab, {
    authority: world.provider.issuer,
    clientId: world.provider.clientId,
    redirectUri: `${origin}/callback`,
    metadata: auth0UserMetadata({ domain: world.provider.issuer }),
  })

test('what React’s hooks give to the logic, render by render, is what its chart goes by', () => {
  const logic = logicIn(world.tab()).provide({ delays: { untilWarning: 1 } })
  const { machine } = createActor(logic).getSnapshot()
  expect(machine).toBe(logic)
  logic.implementations = { ...logic.implementations, delays: { ...logic.implementations.delays, untilWarning: 2 } }
  expect(machine.implementations.delays).toMatchObject({ untilWarning: 2 })
  const { machine: another } = createActor(logicIn(world.tab())).getSnapshot()
  expect(another.implementations.delays).not.toMatchObject({ untilWarning: 2 })
})

/** An app whose machine has the session within: in its shop is who is signed in. */
const createShop = (session: SessionLogic) =>
  setup({
    types: { context: {} as { facts: string[] }, events: {} as SessionFact | { type: 'enter' } | { type: 'leave' } },
    actors: { session },
    actions: { note: assign({ facts: ({ context, event }) => [...context.facts, event.type] }) },
  }).createMachine({
    id: 'shop',
    context: { facts: [] },
    invoke: { src: 'session', id: 'session' },
    initial: 'outside',
    on: { 'profile.loaded': { actions: 'note' }, 'login.completed': { actions: 'note' } },
    states: {
      outside: {
        on: {
          enter: { actions: sendTo('session', { type: 'login', returnTo: '/cart' }) },
          'session.started': { target: 'inside', actions: 'note' },
        },
      },
      inside: {
        on: {
          leave: { actions: sendTo('session', { type: 'logout' }) },
          'session.ended': { target: 'outside', actions: 'note' },
        },
      },
    },
  })

function open(tab: Tab, logic = logicIn(tab)) {
  const app = createActor(createShop(logic))
  app.start()
  return { app, session: sessionIn(app) }
}

function sessionIn(app: ActorRefFrom<ReturnType<typeof createShop>>) {
  const { session } = app.getSnapshot().children
  if (session === undefined) throw new Error('The app has no session.')
  return sessionFrom(session)
}

async function signedIn(tab: Tab) {
  await world.leave(await world.logIn(tab))
  const opened = open(tab)
  await expectStatus(opened.session, 'signedIn')
  return opened
}

const stop = async ({ app, session }: ReturnType<typeof open>): Promise<void> => {
  app.stop()
  await session.dispose()
}

test('an app’s own machine logs in, hears of it, gets tokens and logs out, by the session that it invokes', async () => {
  const tab = world.tab()
  const before = open(tab)
  await before.session.ready
  before.app.send({ type: 'enter' })
  await expect.poll(() => tab.visited.length, patience).toBe(1)
  const callback = await completeAuthorization(tab.visited[0] ?? '', alice)
  await stop(before)
  tab.arrive(callback)
  const after = open(tab)
  await expect.poll(() => after.app.getSnapshot().value, patience).toBe('inside')
  await expectAccount(after.session)
  const token = await accessTokenFrom(after.session.actor)
  const { userinfo_endpoint: userinfo } = (await (
    await fetch(`${world.provider.issuer}/.well-known/openid-configuration`)
  ).json()) as { readonly userinfo_endpoint: string }
  const answer = await fetch(userinfo, { headers: { Authorization: `Bearer ${token}` } })
  expect(answer.ok).toBe(true)
  expect(await accessTokenFrom(after.session.actor, { forceRenewal: true })).not.toBe(token)
  expect(renewalsAt(world.provider)).toBe(1)
  after.app.send({ type: 'leave' })
  await expect.poll(() => after.app.getSnapshot().value, patience).toBe('outside')
  expect(after.app.getSnapshot().context.facts).toEqual([
    'login.completed',
    'session.started',
    'profile.loaded',
    'session.ended',
  ])
  await expect(accessTokenFrom(after.session.actor)).rejects.toMatchObject({ code: 'no_credentials' })
  await stop(after)
})

test('P22 nothing is left once the parent has stopped and dispose has resolved', async () => {
  const tab = world.tab()
  await world.leave(await world.logIn(tab))
  const left = countHandles(tab)
  const opened = open(tab)
  await expectStatus(opened.session, 'signedIn')
  await expectAccount(opened.session)
  expect(left()).toMatchObject({ channel: 1, databases: 1 })
  await stop(opened)
  expect(left()).toEqual({})
  await expect(accessTokenFrom(opened.session.actor)).rejects.toMatchObject({ code: 'disposed' })
})

test('P22 a renewal under way when the parent stops is drained, and its answer is kept', async () => {
  const tab = world.tab()
  const opened = await signedIn(tab)
  world.provider.faults.add({ endpoint: 'token', kind: 'delay', delay: 150, processed: true })
  const waiting = opened.session.getAccessToken({ forceRenewal: true })
  const refused = expect(waiting).rejects.toMatchObject({ code: 'disposed' })
  await expect.poll(() => renewalsAt(world.provider), patience).toBe(1)
  await stop(opened)
  await refused
  const next = open(tab)
  await expectStatus(next.session, 'signedIn')
  await next.session.getAccessToken({ forceRenewal: true })
  expect(renewalsAt(world.provider)).toBe(2)
  await stop(next)
})

test('P15 a login that is being completed when the parent stops is written all the same: its code is spent', async () => {
  const tab = world.tab()
  const before = open(tab)
  await before.session.ready
  before.app.send({ type: 'enter' })
  await expect.poll(() => tab.visited.length, patience).toBe(1)
  const callback = await completeAuthorization(tab.visited[0] ?? '', alice)
  await stop(before)
  tab.arrive(callback)
  world.provider.faults.add({ endpoint: 'token', kind: 'delay', delay: 150, processed: true })
  const during = open(tab)
  await expect.poll(() => world.provider.requests.count({ endpoint: 'token' }), patience).toBe(1)
  await stop(during)
  const after = open(tab)
  await expectStatus(after.session, 'signedIn')
  await stop(after)
})

test('an app that was made and never started has opened nothing', () => {
  const tab = world.tab()
  const left = countHandles(tab)
  createActor(createShop(logicIn(tab)))
  expect(left()).toEqual({})
})

test('one logic serves one actor after another, each with services of its own', async () => {
  const tab = world.tab()
  await world.leave(await world.logIn(tab))
  const logic = logicIn(tab)
  const first = open(tab, logic)
  await expectStatus(first.session, 'signedIn')
  await stop(first)
  const second = open(tab, logic)
  await expectStatus(second.session, 'signedIn')
  expect(second.session).not.toBe(first.session)
  expect(sessionFrom(second.session.actor)).toBe(second.session)
  await stop(second)
})

test('provide replaces one service, and leaves the others real', async () => {
  const tab = world.tab()
  const asked: unknown[] = []
  const logic = logicIn(tab).provide({
    actors: { redirectToLogin: fromPromise(({ input }) => new Promise<void>(() => asked.push(input))) },
  })
  const opened = open(tab, logic)
  await opened.session.ready
  opened.app.send({ type: 'enter' })
  expect(asked).toMatchObject([{ request: { returnTo: '/cart' } }])
  expect(tab.visited).toEqual([])
  await stop(opened)
})

test('P21 a stored snapshot of the app holds no token, and shows who was there before anything runs', async () => {
  const tab = world.tab()
  const opened = await signedIn(tab)
  await expectAccount(opened.session)
  const token = await opened.session.getAccessToken()
  const stored = structuredClone(opened.app.getPersistedSnapshot())
  const text = JSON.stringify(stored)
  expect(text).toContain('"session"')
  expect(text).not.toContain(token)
  expect(await keptText(tab)).not.toContain(token)
  const { children } = JSON.parse(text) as {
    children: { session: { snapshot: Parameters<typeof snapshotForDisplay>[0] } }
  }
  const requests = world.provider.requests.count({})
  const shown = snapshotForDisplay(children.session.snapshot)
  expect(selectStatus(shown)).toBe('signedIn')
  const account = selectAccount(shown)?.getSnapshot()
  expect(account === undefined ? null : selectProfile(account)).toMatchObject({ sub: expect.any(String) as string })
  expect(shown.can({ type: 'logout' })).toBe(true)
  expect(world.provider.requests.count({})).toBe(requests)
  await stop(opened)
})

test('an app that starts from a stored snapshot has its session read the vault: nobody is signed in by a snapshot', async () => {
  const tab = world.tab()
  const opened = await signedIn(tab)
  const snapshot = opened.app.getPersistedSnapshot()
  opened.app.send({ type: 'leave' })
  await expectStatus(opened.session, 'signedOut')
  await stop(opened)
  const app = createActor(createShop(logicIn(tab)), { snapshot })
  // The app is where it was; the session looks.
  expect(app.getSnapshot().value).toBe('inside')
  app.start()
  const session = sessionIn(app)
  expect(selectStatus(session.getSnapshot())).toBe('restoring')
  await expectStatus(session, 'signedOut')
  await stop({ app, session })
})

test('a snapshot that was taken in the middle of a renewal repeats no request', async () => {
  const tab = world.tab()
  const opened = await signedIn(tab)
  world.provider.faults.add({ endpoint: 'token', kind: 'delay', delay: 150, processed: true })
  opened.session.getAccessToken({ forceRenewal: true }).catch(() => {})
  await expect.poll(() => renewalsAt(world.provider), patience).toBe(1)
  const snapshot = JSON.parse(JSON.stringify(opened.app.getPersistedSnapshot())) as ReturnType<
    typeof opened.app.getPersistedSnapshot
  >
  await stop(opened)
  const app = createActor(createShop(logicIn(tab)), { snapshot })
  app.start()
  const session = sessionIn(app)
  await expectStatus(session, 'signedIn')
  await expectAccount(session)
  expect(renewalsAt(world.provider)).toBe(1)
  await stop({ app, session })
})

test('an actor that is no session is refused, in words', async () => {
  const actor = createActor(createShop(logicIn(world.tab()))) as unknown as ActorRefFrom<SessionLogic>
  expect(() => sessionFrom(actor)).toThrow(SessionError)
  await expect(accessTokenFrom(actor)).rejects.toThrow(/createSessionLogic/)
})
