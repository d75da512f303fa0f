import type { ReactElement } from 'react'
import { jsx } from 'react/jsx-runtime'
import { renderToString } from 'react-dom/server'
import { expect, test, vi } from 'vitest'
import * as sessionchart from '../../services/index.ts'
import type { Session } from '../../services/index.ts'
import { bob, expectStatus, origin, patience } from '../contract/world.ts'
import type { ScriptedFace } from '../model/index.ts'
import { readProof } from '../support/proofs.ts'
import { around, listenAtTheApi } from './recipe-world.ts'
import { runRecipe } from './run.ts'
import { scripted } from './scripted.ts'

// See recipes.test.ts. Here is how things are kept, and what goes further.

const here = around()

/** The app's own machine, as its recipe makes it. */
interface ShopActor {
  getSnapshot(): { readonly value: unknown }
  send(event: { readonly type: 'leave' }): void
  stop(): void
}

test('Several tabs', async () => {
  const { world, tab, options, packageIn } = here()
  await world.logIn(tab, { metadata: null })
  const queries = { clear: vi.fn<() => void>() }
  const second = world.tab()
  const { session } = await runRecipe('Several tabs', 0, packageIn(second), { options, queries })
  await expectStatus(session as Session, 'signedIn')
  queries.clear.mockClear()
  await world.logIn(world.tab(), { metadata: null, onSubjectChange: 'follow' }, bob)
  const bobsSubject = world.provider.people.find(({ username }) => username === 'bob')?.subject
  await expect.poll(() => (session as Session).getSnapshot().context.facts?.subject, patience).toBe(bobsSubject)
  expect(queries.clear).toHaveBeenCalled()
  await expectStatus(session as Session, 'signedIn')
})

test('DPoP: tokens that are bound to this browser', async () => {
  const { world, tab, options, packageIn } = here()
  await world.logIn(tab, { metadata: null, dpop: true })
  const heard = listenAtTheApi(world)
  const given = { options }
  await runRecipe('DPoP: tokens that are bound to this browser', 0, packageIn(world.tab()), given)
  expect(heard).toMatchObject([{ authorization: expect.stringMatching(/^DPoP /) }])
  const { proof } = await readProof(heard[0]?.proof ?? null)
  expect(proof).toMatchObject({ htm: 'GET', htu: 'https://api.example.com/orders' })
})

test('User metadata, typed by a schema', async () => {
  const { world, tab, options, packageIn } = here()
  await world.logIn(tab, { metadata: null })
  const heard = listenAtTheApi(world, () => Response.json({ theme: 'dark' }, { headers: { ETag: '"1"' } }))
  const given = { options, location: { origin } }
  const { session } = await runRecipe('User metadata, typed by a schema', 1, packageIn(world.tab()), given)
  const metadata = () => {
    const account = sessionchart.selectAccount((session as Session).getSnapshot())?.getSnapshot()
    return account && sessionchart.selectMetadata(account)
  }
  await expect.poll(metadata, patience).toEqual({ theme: 'dark' })
  expect(heard.map(({ url, method }) => `${method} ${url}`)).toEqual([`GET ${origin}/api/me/metadata`])
})

test('Errors', async () => {
  const { tab, packageIn } = here()
  const show = vi.fn<(text: string) => void>()
  const after = async (error: Error) => {
    const restored = { outcome: 'empty', reason: 'never' } as const
    const session = await scripted({ restored, fetch: () => Promise.reject(error) })
    await runRecipe('Errors', 0, packageIn(tab), { session, show, location: { pathname: '/orders' } })
    return session
  }
  const { SessionError } = sessionchart
  const { script } = await after(new SessionError('no_credentials', 'Nobody is signed in.'))
  expect(script.lastInput('redirectToLogin').request).toMatchObject({ returnTo: '/orders' })
  await after(new SessionError('aborted', 'Given up.'))
  expect(show).not.toHaveBeenCalled()
  await after(new SessionError('timeout', 'It took too long.'))
  expect(show).toHaveBeenCalledWith('It took too long.')
  await expect(after(new TypeError('Failed to fetch'))).rejects.toThrow('Failed to fetch')
})

test('Embedding in your own machine', async () => {
  const { world, tab, packageIn } = here()
  await world.leave(await world.logIn(tab, { metadata: null }))
  const heard = listenAtTheApi(world)
  const ran = await runRecipe('Embedding in your own machine', 0, packageIn(tab), { location: { origin } })
  const app = ran['app'] as ShopActor
  try {
    await expect.poll(() => app.getSnapshot().value, patience).toBe('inside')
    expect(heard).toMatchObject([{ url: `${origin}/api/cart`, authorization: expect.stringMatching(/^Bearer /) }])
    app.send({ type: 'leave' })
    await expect.poll(() => app.getSnapshot().value, patience).toBe('outside')
  } finally {
    app.stop()
  }
})

test('A snapshot for display', async () => {
  const { world, tab, options, packageIn } = here()
  await world.logIn(tab, { metadata: null })
  const kept = new Map<string, string>()
  const page = new EventTarget()
  const given = {
    options,
    render: vi.fn<(status: string) => void>(),
    sessionStorage: {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, text: string) => kept.set(key, text),
    },
    addEventListener: page.addEventListener.bind(page),
  }
  const run = () => runRecipe('A snapshot for display', 0, packageIn(world.tab(), false), given)
  const { session } = await run()
  expect(given.render).not.toHaveBeenCalled()
  await expectStatus(session as Session, 'signedIn')
  page.dispatchEvent(new Event('pagehide'))
  const stored = [...kept.values()].join('\n')
  for (const { value } of world.provider.issuedTokens()) expect(stored).not.toContain(value)
  await run()
  expect(given.render.mock.calls).toEqual([['signedIn']])
})

test('Hot reload keeps the session', async () => {
  const { world, tab, options, packageIn } = here()
  await world.logIn(tab, { metadata: null })
  const page = world.tab()
  const given = { options, __meta: { hot: { data: {} } } }
  const run = async () => {
    const ran = await runRecipe('Hot reload keeps the session', 0, packageIn(page), given)
    await expectStatus(ran['session'] as Session, 'signedIn')
    return ran['session'] as Session
  }
  const first = await run()
  const second = await run()
  expect([first, second].map((one) => one.getSnapshot().status)).toEqual(['stopped', 'active'])
  // In a built app there is none of it.
  await runRecipe('Hot reload keeps the session', 0, packageIn(page), { ...given, __meta: {} })
})

test('Rendered by a server', async () => {
  const { tab, packageIn } = here()
  // The package as it is: this process has no page.
  const modules = { ...packageIn(tab), sessionchart }
  const { App } = await runRecipe('Rendered by a server', 0, modules, { Orders: () => 'secret' })
  expect(renderToString(jsx(App as () => ReactElement, {}))).toBe('<p>One moment…</p>')
})

test('In your tests', async () => {
  const { tab, packageIn } = here()
  const render = vi.fn<(view: ReactElement) => void>()
  const { session } = await runRecipe('In your tests', 0, packageIn(tab), { render, App: () => 'app' })
  expect(render).toHaveBeenCalledOnce()
  const { script, rest } = session as ScriptedFace
  await rest()
  expect(script.isOpen('recheckVault')).toBe(true)
})
