// @vitest-environment happy-dom
import 'fake-indexeddb/auto'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { act } from 'react'
import { hydrateRoot } from 'react-dom/client'
import { beforeAll, expect, it, vi } from 'vitest'
import { root } from '../../scripts/command.ts'
import type { Told } from './server/program.tsx'

// The markup comes from a plain Node process, which has no window, no document and no navigator of a page.

const shell = '<div><i>One moment</i><p>nobody, none, no renewal, false</p>'

let told: Told
let complained: string
beforeAll(async () => {
  const args = ['scripts/run.mjs', 'test/ui/server/program.tsx']
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

it('the session of the page takes the markup over without a mismatch, and starts', async () => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true)
  const complaints = vi.spyOn(console, 'error').mockImplementation(() => {})
  const onRecoverableError = vi.fn<(error: unknown) => void>()
  // The same module, where there is a page. Whom the provider would ask is nobody's business here.
  vi.stubGlobal('fetch', () => Promise.reject(new Error('No network.')))
  const { App, session } = await import('./server/app.tsx')
  const view = document.createElement('main')
  view.innerHTML = told.string
  const fromServer = view.querySelector('p')
  expect(session.tab).not.toBe('no-page')
  const hydrated = await act(async () => hydrateRoot(view, <App />, { onRecoverableError }))
  expect(view.innerHTML).toBe(`${shell}</div>`.replace('false', 'true'))
  await act(() => session.ready)
  expect(view.textContent).toContain('nobody, none')
  expect(view.innerHTML).not.toContain('One moment')
  expect(view.querySelector('p')).toBe(fromServer)
  expect(onRecoverableError).not.toHaveBeenCalled()
  expect(complaints.mock.calls).toEqual([])
  act(() => hydrated.unmount())
  await session.dispose()
})
