import { readdirSync } from 'node:fs'
import { expect, test, vi } from 'vitest'
import type { Session } from '../../services/index.ts'
import { alice, expectStatus, origin, patience, statusOf } from '../contract/world.ts'
import type { RestoreOutcome } from '../../machines/session/types.ts'
import { someSession } from '../model/index.ts'
import { completeAuthorization, createCookieJar } from '../support/sign-in-by-http.ts'
import { read } from './code.ts'
import { around, fakeConsole, fakeHistory, listenAtTheApi } from './recipe-world.ts'
import { recipes, runRecipe } from './run.ts'
import { scripted } from './scripted.ts'

// Each recipe does what it says: with the real services and the local provider, in a tab in this process, or (where what an app does
// is all that counts) with a session on scripted services. Here are the way in, the way out and APIs; the rest is in
// recipes-kept.test.ts, and those with components are in recipes-react.test.tsx.

const here = around()

test('every block of every recipe is run, by its heading', () => {
  const tests = readdirSync(import.meta.dirname)
    .filter((name) => name.startsWith('recipes'))
    .map((name) => read(`test/docs/${name}`))
    .join('\n')
  const notRun = [...recipes].flatMap(([heading, blocks]) =>
    blocks.map((_, number) => `'${heading}', ${number}`).filter((called) => !tests.includes(`(${called},`)),
  )
  expect(notRun).toEqual([])
  expect(recipes.size).toBeGreaterThan(15)
})

test('Where to go after a login', async () => {
  const { tab, packageIn } = here()
  const go = async (restored: RestoreOutcome, pathname: string) => {
    const session = await scripted({ restored })
    const given = { session, history: fakeHistory(), location: { pathname } }
    await runRecipe('Where to go after a login', 0, packageIn(tab), given)
    return { ...given, session }
  }
  const { session } = await go({ outcome: 'empty', reason: 'never' }, '/')
  expect(session.script.lastInput('redirectToLogin').request).toMatchObject({ returnTo: '/orders?open=17' })
  for (const [returnTo, pathname, place] of [
    ['/orders?open=17', '/callback', '/orders?open=17'],
    [undefined, '/callback', '/'],
    [undefined, '/orders', null],
  ] as const) {
    const { session: back, history: places } = await go({ outcome: 'loginResponse' }, pathname)
    back.script.settle('completeLogin', { ...someSession(), ...(returnTo === undefined ? {} : { returnTo }) })
    await back.rest()
    expect(places.replaceState.mock.calls.map(([, , url]) => url)).toEqual(place === null ? [] : [place])
  }
})

test('Signed in without a click', async () => {
  const { world, options, packageIn } = here()
  const there = world.tab()
  const session = await world.logIn(there, { metadata: null })
  session.send({ type: 'logout' })
  await expectStatus(session, 'signedOut')
  await world.leave(session)
  indexedDB.deleteDatabase('sessionchart')
  there.localStorage?.clear()

  for (const [jar, status] of [
    [createCookieJar(), 'signedOut'],
    [world.jar, 'signedIn'],
  ] as const) {
    const page = world.tab()
    page.arrive(`${origin}/orders`)
    const given = { options, history: fakeHistory(), console: fakeConsole() }
    const leaves = await runRecipe('Signed in without a click', 0, packageIn(page), given)
    await expect.poll(() => page.visited.length, patience).toBe(1)
    await (leaves['session'] as Session).dispose()
    page.arrive(await completeAuthorization(page.visited[0] ?? '', alice, jar))
    const { session: back } = await runRecipe('Signed in without a click', 0, packageIn(page), given)
    await expectStatus(back as Session, status)
    expect(given.console.info).not.toHaveBeenCalled()
    const places = given.history.replaceState.mock.calls.map(([, , url]) => url)
    expect(places).toEqual(status === 'signedIn' ? [] : ['/orders'])
    await (back as Session).dispose()
  }
})

test('Calling an API', async () => {
  const { world, tab, packageIn } = here()
  const session = await world.logIn(tab, { metadata: null })
  const heard = listenAtTheApi(world, () => new Response(null, { status: 401 }))
  const given = { session, console: fakeConsole() }
  const { response } = await runRecipe('Calling an API', 0, packageIn(tab), given)
  expect(response).toMatchObject({ status: 401 })
  expect(given.console.info).toHaveBeenCalledOnce()
  // Once with the token that was there, and once with a fresh one.
  expect(heard.map(({ url, method }) => `${method} ${url}`)).toEqual(Array(2).fill(`POST ${origin}/api/orders`))
  expect(new Set(heard.map(({ authorization }) => authorization)).size).toBe(2)

  const callApi = vi.fn<(token: string) => Promise<void>>(() => Promise.resolve())
  await runRecipe('Calling an API', 1, packageIn(tab), { session, callApi })
  expect(callApi).toHaveBeenCalledWith(await session.getAccessToken())
})

test('A token for a WebSocket', async () => {
  const { world, tab, packageIn } = here()
  class FakeSocket extends EventTarget {
    static readonly OPEN = 1
    readyState = 0
    readonly sent: string[] = []
    send(text: string): void {
      this.sent.push((JSON.parse(text) as { readonly accessToken: string }).accessToken)
    }
    close(): void {
      this.readyState = 3
      this.dispatchEvent(new Event('close'))
    }
  }
  const session = await world.logIn(tab, { metadata: null })
  const given = { session, WebSocket: FakeSocket }
  const socket = (await runRecipe('A token for a WebSocket', 0, packageIn(tab), given))['socket'] as FakeSocket
  socket.readyState = 1
  socket.dispatchEvent(new Event('open'))
  await expect.poll(() => socket.sent.length).toBe(1)
  const next = await session.getAccessToken({ forceRenewal: true })
  await expect.poll(() => socket.sent).toEqual([expect.any(String), next])
  expect(socket.sent[0]).not.toBe(next)
  session.send({ type: 'logout' })
  await expect.poll(() => socket.readyState).toBe(3)
})

test('Step-up: the password again, or more', async () => {
  const { world, tab, packageIn } = here()
  const session = await world.logIn(tab, { metadata: null })
  const transfer = vi.fn<() => Promise<void>>(() => Promise.resolve())
  const run = () =>
    runRecipe('Step-up: the password again, or more', 0, packageIn(tab), { session, transfer }).catch(
      (error: unknown) => error,
    )
  // The browser opens no window.
  expect(await run()).toMatchObject({ message: expect.stringContaining('window') })
  expect(transfer).not.toHaveBeenCalled()

  let asked = ''
  const { onPopup } = (world.answerPopups(tab), tab)
  tab.onPopup = (url) => {
    asked = url
    onPopup?.(url)
  }
  await run()
  expect(transfer).toHaveBeenCalledOnce()
  expect(new URL(asked).searchParams.get('max_age')).toBe('0')
  expect(statusOf(session)).toBe('signedIn')
})

test('Logging out everywhere', async () => {
  const { world, tab, packageIn } = here()
  const session = await world.logIn(tab)
  tab.online = false
  session.send({ type: 'metadata.patch', patch: { colour: 'red' } })
  const confirm = vi.fn<(question: string) => boolean>(() => false)
  const given = { session, confirm, console: fakeConsole() }
  await runRecipe('Logging out everywhere', 0, packageIn(tab), given)
  expect(confirm).toHaveBeenCalledWith(expect.stringContaining('colour'))
  expect(statusOf(session)).toBe('signedIn')

  confirm.mockReturnValue(true)
  await runRecipe('Logging out everywhere', 0, packageIn(tab), given)
  await expectStatus(session, 'signedOut')
  const told = () => given.console.info.mock.calls.flat()
  await expect.poll(told, patience).toContainEqual(expect.stringContaining('could not be told'))
  await world.leave(session)

  tab.online = true
  const next = await world.logIn(tab)
  confirm.mockClear()
  await runRecipe('Logging out everywhere', 0, packageIn(tab), { ...given, session: next })
  await expect.poll(() => tab.visited.at(-1), patience).toContain('/logout')
  expect(confirm).not.toHaveBeenCalled()
  expect(world.provider.requests.count({ endpoint: 'revocation' })).toBe(2)
})
