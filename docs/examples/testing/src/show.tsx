import { act } from 'react'
import { createRoot } from 'react-dom/client'
import { SessionProvider } from 'sessionchart/react'
import { sessionIn, type SessionPlace } from 'sessionchart/testing'
import { onTestFinished, vi } from 'vitest'
import { App } from './app.tsx'

/** The app, with a session that is in these states: the real chart, whose services are in the test's hands. */
export async function show(...places: readonly SessionPlace[]) {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true)
  const session = await sessionIn(places)
  const page = document.body.appendChild(document.createElement('div'))
  const root = createRoot(page)
  act(() =>
    root.render(
      <SessionProvider session={session}>
        <App />
      </SessionProvider>,
    ),
  )
  onTestFinished(async () => {
    act(() => root.unmount())
    page.remove()
    await session.dispose()
  })

  /** Lets something happen, and the app show what comes of it. */
  const happen = (what: () => unknown) =>
    act(async () => {
      await what()
      await session.rest()
    })
  const press = (name: string) =>
    happen(() => {
      const button = [...page.querySelectorAll('button')].find(({ textContent }) => textContent === name)
      if (button === undefined) throw new Error(`There is no button “${name}”: ${page.textContent}`)
      button.click()
    })
  return { session, script: session.script, text: () => page.textContent, happen, press }
}
