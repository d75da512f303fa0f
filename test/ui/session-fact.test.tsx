// @vitest-environment happy-dom
import { act } from 'react'
import { createRoot } from 'react-dom/client'
import { expect, it, vi } from 'vitest'
import { sessionIn } from '../model/index.ts'
import { SessionProvider, useSessionFact } from '../../ui/react/index.ts'

async function listening() {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true)
  const session = await sessionIn('active.access.authenticated')
  const on = vi.spyOn(session, 'on')
  const heard: string[] = []
  function Listener({ name }: { readonly name: string }) {
    useSessionFact('session.ended', ({ reason }) => heard.push(`${name}: ${reason}`))
    return null
  }
  const root = createRoot(document.createElement('main'))
  const show = (name: string) =>
    act(() =>
      root.render(
        <SessionProvider session={session}>
          <Listener name={name} />
        </SessionProvider>,
      ),
    )
  const logOut = () =>
    act(async () => {
      session.send({ type: 'logout' })
      session.script.settle('clearCredentials', undefined)
      await session.rest()
    })
  return { heard, on, show, logOut, close: () => act(() => root.unmount()) }
}

it('useSessionFact listens once, and calls the listener of the last render', async () => {
  const { heard, on, show, logOut, close } = await listening()
  show('first')
  show('second')
  await logOut()
  expect(heard).toEqual(['second: logout'])
  expect(on).toHaveBeenCalledTimes(1)
  close()
})

it('useSessionFact hears nothing any more once its component is gone', async () => {
  const { heard, show, logOut, close } = await listening()
  show('first')
  close()
  await logOut()
  expect(heard).toEqual([])
})
