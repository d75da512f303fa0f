// @vitest-environment happy-dom
import 'fake-indexeddb/auto'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { act } from 'react'
import { hydrateRoot } from 'react-dom/client'
import { beforeAll, expect, it, vi } from 'vitest'
import { root } from '../../scripts/command.ts'
import { selectStatus, snapshotForDisplay } from '../../services/index.ts'
import { sessionIn } from '../model/index.ts'
import type { Stored } from './server/app.tsx'
import type { Told } from './server/program.tsx'

// The markup comes from a plain Node process, which has no window, no document and no navigator of a page.

const shell = '<div><i>One moment</i><p>nobody, none, no renewal, false</p><!--$--><q>Ready</q><!--/$-->'

let told: Told
let complained: string
let stored: Stored
beforeAll(async () => {
  const { actor } = await sessionIn('active.access.authenticated')
  const kept = JSON.stringify(actor.getPersistedSnapshot())
  stored = JSON.parse(kept) as Stored
  const args = ['scripts/run.mjs', 'test/ui/server/program.tsx', kept]
  // It ends by itself, or is killed, and this rejects.
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { cwd: root, timeout: 20_000 })
  told = JSON.parse(stdout) as Told
  complained = stderr
}, 30_000)

it('a module that makes its session is rendered by a server, which does not know yet who is there', () => {
  expect(told.string).toBe(`${shell}</div>`)
  expect(complained).toBe('')
  expect(told.status.slice(0, 4)).toEqual([
    { checkingStorage: 'looking' },
    { checkingStorage: 'looking' },
    false,
    false,
  ])
})

it('streams it: what the server waits for comes later', () => {
  const [first = '', ...later] = told.streamed
  expect(first).toContain(`${shell}<!--$?-->`)
  expect(first).toContain('News…')
  expect(first).not.toContain('It rains')
  expect(later.join('')).toContain('It rains')
})

it('P21 whoever asks for a token on a server is refused at once, and told why', () => {
  expect(told.refused).toEqual(['no_page', 'no_page', 'no_page'])
  expect(told.status.slice(4)).toEqual(['unauthenticated', 'no_page'])
})

it('a snapshot that was stored is shown by a server; one of its own says that nothing is known', () => {
  expect(told.displayed).toBe(`${shell}</div>`.replace('moment', 'moment, alice'))
  expect(selectStatus(snapshotForDisplay(told.snapshot))).toBe('restoring')
})

it.each<'string' | 'displayed'>(['string', 'displayed'])(
  'the session of the page takes the markup (%s) over without a mismatch, starts, and believes its vault alone',
  async (markup) => {
    vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true)
    const complaints = vi.spyOn(console, 'error').mockImplementation(() => {})
    const onRecoverableError = vi.fn<(error: unknown) => void>()
    // Whom the provider would ask is nobody's business here.
    vi.stubGlobal('fetch', () => Promise.reject(new Error('No network.')))
    // The same module, where there is a page; a page of its own each time.
    vi.resetModules()
    const { App, session } = await import('./server/app.tsx')
    expect(session.tab).not.toBe('no-page')
    const view = document.createElement('main')
    view.innerHTML = told[markup]
    const fromServer = view.querySelector('p')
    const app = markup === 'string' ? <App /> : <App stored={stored} />
    const hydrated = await act(async () => hydrateRoot(view, app, { onRecoverableError }))
    expect(view.innerHTML).toBe(told[markup].replace('false', 'true'))
    await act(() => session.ready)
    expect(view.querySelector('i')).toBe(null)
    expect(view.textContent).toContain('nobody, none')
    expect(view.querySelector('p')).toBe(fromServer)
    expect(onRecoverableError).not.toHaveBeenCalled()
    expect(complaints.mock.calls).toEqual([])
    act(() => hydrated.unmount())
    await session.dispose()
  },
)
