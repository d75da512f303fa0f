// @vitest-environment happy-dom
import { act, Component, StrictMode, Suspense, use, useState, type ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { SessionError, type RestoreOutcome, type UserMetadata } from '../../machines/index.ts'
import { asSession, createScript, scriptedSession, someSession, testNow } from '../../services/memory/index.ts'
import {
  SessionGate,
  SessionProvider,
  useAccessToken,
  useProfile,
  useSession,
  useUserMetadata,
} from '../../ui/react/index.ts'
import type { StandardSchemaV1, UseUserMetadata } from '../../ui/react/index.ts'

// What apps do to the bindings, on purpose or not.

const closers: (() => void)[] = []
afterEach(() => {
  for (const close of closers.splice(0)) close()
})

function open() {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true)
  const complaints = vi.spyOn(console, 'error').mockImplementation(() => {})
  const view = document.createElement('main')
  const root = createRoot(view)
  closers.push(() => act(() => root.unmount()))
  const render = (tree: ReactNode) => act(async () => root.render(<StrictMode>{tree}</StrictMode>))
  return { view, render, complaints: () => complaints.mock.calls.map((call) => call.map(String).join(' ')) }
}

const alice: RestoreOutcome = { outcome: 'found', ...someSession() }
const loggedOut: RestoreOutcome = { outcome: 'empty', reason: 'logout' }

async function sessionOf(metadata: UserMetadata, restored: RestoreOutcome = alice, name = 'alice') {
  const script = createScript()
  script.answer('restoreSession', restored)
  script.answer('loadProfile', ({ subject }) => ({ sub: subject, name }))
  script.answer('loadMetadata', { metadata, pending: [], writable: true })
  const session = asSession(scriptedSession({ script }))
  await session.rest()
  return session
}

class Boundary extends Component<{ readonly children: ReactNode }, { readonly error: unknown }> {
  override state = { error: null as unknown }
  static getDerivedStateFromError = (error: unknown) => ({ error })
  override render() {
    const { error } = this.state
    if (error === null) return this.props.children
    return <b>{error instanceof SessionError ? error.code : error instanceof Error ? error.message : 'no error'}</b>
  }
}

function Who() {
  const { status } = useSession()
  const { profile } = useProfile()
  return (
    <p>
      {status} {profile?.name}
    </p>
  )
}

describe('a provider', () => {
  it('that is gone and comes back finds its session as it was', async () => {
    const { view, render } = open()
    const session = await sessionOf({})
    const app = (
      <SessionProvider session={session}>
        <Who />
      </SessionProvider>
    )
    await render(app)
    await render(null)
    expect(session.actor.getSnapshot().status).toBe('active')
    session.send({ type: 'logout' })
    await render(app)
    expect(view.textContent).toBe('signingOut ')
  })

  it('within another one gives its own session', async () => {
    const { view, render } = open()
    const [outer, inner] = [await sessionOf({}), await sessionOf({}, loggedOut)]
    await render(
      <SessionProvider session={outer}>
        <Who />
        <SessionProvider session={inner}>
          <Who />
        </SessionProvider>
      </SessionProvider>,
    )
    expect(view.textContent).toBe('signedIn alicesignedOut ')
  })

  it('that is given another session shows that one from its first render on, and leaves the first as it is', async () => {
    const { view, render } = open()
    const [first, second] = [await sessionOf({}), await sessionOf({}, alice, 'bob')]
    const seen: string[] = []
    function Seen() {
      const { status } = useSession()
      const { profile } = useProfile()
      seen.push(`${status} ${profile?.name}`)
      return null
    }
    const app = (session: typeof first) => (
      <SessionProvider session={session}>
        <Who />
        <Seen />
      </SessionProvider>
    )
    await render(app(first))
    seen.length = 0
    await render(app(second))
    expect(view.textContent).toBe('signedIn bob')
    expect(new Set(seen)).toEqual(new Set(['signedIn bob']))
    await act(async () => first.send({ type: 'logout' }))
    expect(view.textContent).toBe('signedIn bob')
    await act(async () => second.send({ type: 'logout' }))
    expect(view.textContent).toBe('signingOut ')
  })

  it.each([
    ['none', <Who key="none" />],
    // As plain JavaScript may forget it.
    [
      'no session',
      <SessionProvider key="forgotten" {...({} as { session: never })}>
        <Who />
      </SessionProvider>,
    ],
  ])('that is missing or has %s is named by the hooks, with what to do', async (_, tree) => {
    const { view, render } = open()
    await render(<Boundary>{tree}</Boundary>)
    expect(view.textContent).toMatch(/<SessionProvider session=\{…\}>.*wrap/)
  })
})

describe('metadata', () => {
  const given = { country: 'Norway', seats: 5 }

  async function show(metadata: UserMetadata, use: () => UseUserMetadata<unknown>) {
    const { view, render, complaints } = open()
    const session = await sessionOf(metadata)
    const told: UseUserMetadata<unknown>[] = []
    function Metadata() {
      const state = use()
      told.push(state)
      return <p>{JSON.stringify([state.metadata, state.status, state.problem?.code, state.problem?.message])}</p>
    }
    await render(
      <SessionProvider session={session}>
        <Boundary>
          <Metadata />
        </Boundary>
      </SessionProvider>,
    )
    return { view, session, complaints, told, render }
  }

  it('under a schema that is made anew at every render comes to rest', async () => {
    const { view, session, told } = await show(given, () => useUserMetadata(z.object({ country: z.string() })))
    expect(view.textContent).toBe('[{"country":"Norway"},"ready",null,null]')
    const before = told.length
    session.script.hold('saveMetadata')
    await act(async () => told.at(-1)?.patch({ country: 'Peru' }))
    expect(view.textContent).toContain('[{"country":"Peru"},"saving"')
    expect(told.length - before).toBeLessThan(6)
  })

  it('that the schema rejects says which key, and can be mended', async () => {
    const schema = z.object({ country: z.number() })
    const { view, session, told } = await show(given, () => useUserMetadata(schema))
    expect(view.textContent).toContain('[null,"ready","metadata_invalid","country: ')
    session.script.hold('saveMetadata')
    expect(() => told.at(-1)?.patch({ country: 'Peru' })).toThrow(/^country: /)
    await act(async () => told.at(-1)?.patch({ country: 47 }))
    expect(view.textContent).toBe('[{"country":47},"saving",null,null]')
  })

  it('under a schema that checks asynchronously fails in words, in a boundary of the app’s', async () => {
    const schema: StandardSchemaV1 = z.object({ country: z.string().refine(() => Promise.resolve(true)) })
    const { view } = await show(given, () => useUserMetadata(schema))
    expect(view.textContent).toBe('invalid_option')
  })

  it('that is being saved while its component goes is saved all the same', async () => {
    const { view, session, told, render, complaints } = await show(given, () => useUserMetadata())
    session.script.hold('saveMetadata')
    await act(async () => told.at(-1)?.patch({ country: 'Peru' }))
    await render(null)
    session.script.settle('saveMetadata', { metadata: { country: 'Peru' }, pending: [] })
    await act(() => session.rest())
    await render(
      <SessionProvider session={session}>
        <Country />
      </SessionProvider>,
    )
    expect(view.textContent).toBe('Peru, ready')
    expect(complaints()).toEqual([])
  })

  function Country() {
    const { metadata, status } = useUserMetadata()
    return `${String(metadata?.['country'])}, ${status}`
  }
})

describe('a token', () => {
  /** As React wants it: the promise is made in a handler, and kept in the state of a component that does not suspend. */
  function Asking() {
    const getAccessToken = useAccessToken()
    const [token, ask] = useState<Promise<string> | null>(null)
    return (
      <>
        <button onClick={() => ask(getAccessToken())}>Ask</button>
        <Boundary>
          <Suspense fallback={<i>One moment</i>}>{token && <Length token={token} />}</Suspense>
        </Boundary>
      </>
    )
  }
  const Length = ({ token }: { readonly token: Promise<string> }) => <u>{use(token).length > 10 ? 'came' : 'short'}</u>

  it.each<readonly [string, RestoreOutcome, string]>([
    ['somebody is in', alice, 'came'],
    ['nobody is in', loggedOut, 'no_credentials'],
  ])('that is read by `use` where %s', async (_, restored, shown) => {
    const { view, render } = open()
    const session = await sessionOf({}, restored)
    await render(
      <SessionProvider session={session}>
        <Asking />
      </SessionProvider>,
    )
    await act(async () => view.querySelector('button')?.click())
    expect(view.textContent).toBe(`Ask${shown}`)
  })

  it('that has to be renewed first is waited for by the boundary', async () => {
    const { view, render } = open()
    const session = await sessionOf({}, { outcome: 'found', ...someSession({ expiresAt: testNow, renewAt: testNow }) })
    await render(
      <SessionProvider session={session}>
        <SessionGate>
          <Asking />
        </SessionGate>
      </SessionProvider>,
    )
    await act(async () => view.querySelector('button')?.click())
    expect(view.textContent).toBe('AskOne moment')
    await act(async () => session.dispose())
    expect(view.textContent).toBe('Askdisposed')
  })
})
