// @vitest-environment happy-dom
import { act, memo } from 'react'
import { createRoot } from 'react-dom/client'
import { expect, it, vi } from 'vitest'
import { asSession, createScript, scriptedSession, someFacts, someSession } from '../../services/memory/index.ts'
import {
  SessionProvider,
  useAccessToken,
  useCan,
  useProfile,
  useRenewal,
  useSession,
  useSessionFact,
  useSessionInstance,
  useUserMetadata,
} from '../../ui/react/index.ts'
import { quietAccount, renew } from '../support/charts.ts'
import { report } from '../support/report.ts'

// A component under each hook, which renders again only when the hook says so; what it was given is compared by reference.

const hooks = {
  useSession,
  useProfile,
  useUserMetadata,
  useRenewal,
  useCan: () => useCan({ type: 'logout' }),
  useAccessToken,
  useSessionInstance,
  useSessionFact: () => useSessionFact('session.renewed', () => {}),
} satisfies Record<string, () => unknown>

type Hook = keyof typeof hooks
const names = Object.keys(hooks) as Hook[]

async function watchRenders() {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true)
  const script = createScript()
  quietAccount({ script })
  const session = asSession(scriptedSession({ script, policy: { idleTimeout: 3_600_000 } }))
  const on = vi.spyOn(session, 'on')
  const given = new Map<Hook, unknown[]>(names.map((name) => [name, []]))
  const watchers = names.map((name) =>
    memo(function Watcher() {
      given.get(name)?.push(hooks[name]())
      return null
    }),
  )
  const root = createRoot(document.createElement('main'))
  const tree = () => (
    <SessionProvider session={session}>
      {watchers.map((Watcher, index) => (
        <Watcher key={names[index]} />
      ))}
    </SessionProvider>
  )
  act(() => root.render(tree()))
  const total: Partial<Record<Hook, number>> = {}
  /** How often each rendered meanwhile, of those that did. */
  const during = async (what: () => unknown): Promise<Partial<Record<Hook, number>>> => {
    const before = new Map(names.map((name) => [name, given.get(name)?.length ?? 0]))
    await act(async () => {
      await what()
      await session.rest()
    })
    const counts: Partial<Record<Hook, number>> = {}
    for (const name of names) {
      const count = (given.get(name)?.length ?? 0) - (before.get(name) ?? 0)
      if (count > 0) counts[name] = count
      total[name] = (total[name] ?? 0) + count
    }
    return counts
  }
  return { session, script, given, during, total, on, again: () => root.render(tree()), root }
}

it('a component renders when what its hook tells has changed, and at no other time', async () => {
  const { session, script, given, during, total, on, again, root } = await watchRenders()
  /** Each step of a renewal in an `act` of its own, as in a browser, where React renders between them. */
  const rest = () => act(() => session.rest())
  const play = { script, clock: session.clock, rest }

  const life: Record<string, Partial<Record<Hook, number>>> = {}
  const tell = async (what: string, how: () => unknown) => {
    life[what] = await during(how)
  }
  await tell('the app renders again', again)
  await tell('signed in, profile and metadata there', () =>
    script.settle('restoreSession', { outcome: 'found', ...someSession() }),
  )
  await tell('the person is active', () => session.send({ type: 'person.active', at: session.clock.now() }))
  await tell('time passes', () => session.advance(60_000))
  await tell('a token is asked for', () => session.getAccessToken({ minTtl: 0 }))
  await tell('a renewal', async () => {
    await session.advance(180_000)
    await rest()
    await renew(play)
  })
  await tell('another tab renewed', () =>
    session.actor.send({
      type: 'sibling.renewed',
      facts: someFacts({ ...session.getSnapshot().context.facts, revision: 3 }),
    }),
  )
  await tell('that tab’s news once more', () =>
    session.actor.send({ type: 'sibling.renewed', facts: someFacts({ ...session.getSnapshot().context.facts }) }),
  )
  script.hold('saveMetadata')
  await tell('a change of metadata', () => session.send({ type: 'metadata.patch', patch: { country: 'Norway' } }))
  await tell('the profile is loaded again', async () => {
    script.hold('loadProfile')
    session.send({ type: 'profile.reload' })
    await rest()
    script.settle('loadProfile', { sub: 'alice', name: 'Alice' })
  })
  await tell('a logout', async () => {
    session.send({ type: 'logout' })
    await rest()
    script.settle('clearCredentials', undefined)
    await rest()
    script.settle('revokeTokens', 'done')
  })

  report(`Renders by the session: ${names.map((name) => `${name} ${total[name] ?? 0}`).join(', ')}`)
  expect(life).toEqual({
    'the app renders again': {},
    // The profile of the last visit, then the fresh one; metadata on its way, then there.
    'signed in, profile and metadata there': { useSession: 1, useProfile: 2, useUserMetadata: 2 },
    'the person is active': {},
    'time passes': {},
    'a token is asked for': {},
    // It begins and ends; it waits for its turn, asks, is over.
    'a renewal': { useSession: 2, useRenewal: 3 },
    'another tab renewed': { useSession: 1 },
    'that tab’s news once more': {},
    'a change of metadata': { useUserMetadata: 1 },
    'the profile is loaded again': { useProfile: 2 },
    // Clearing, revoking, signed out.
    'a logout': { useSession: 3, useProfile: 1, useUserMetadata: 1, useCan: 1 },
  })
  // No render told the same as the one before it.
  for (const [name, told] of given) {
    const shown = told.map((one) => JSON.stringify(one, (key, value: unknown) => (key === 'session' ? null : value)))
    expect([name, shown.filter((text, index) => index > 0 && text === shown[index - 1])]).toEqual([name, []])
  }
  // Its listener was another one at every render, and it listened once.
  expect(on).toHaveBeenCalledTimes(1)
  for (const name of ['useAccessToken', 'useSessionInstance'] as const) expect(given.get(name)).toHaveLength(1)
  act(() => root.unmount())
})
