import { renderToString } from 'react-dom/server'
import { describe, expect, it, vi } from 'vitest'
import { scriptedSession, signedInSession } from '../../services/memory/index.ts'
import type { Session } from '../../services/index.ts'
import {
  SessionGate,
  SessionProvider,
  useAccessToken,
  useCan,
  useProfile,
  useRenewal,
  useSession,
  useUserMetadata,
} from '../../ui/react/index.ts'
import { quietAccount } from '../support/charts.ts'

/** As much of a session as a render needs, over a chart with scripted services. */
function sessionOver({ actor }: Pick<ReturnType<typeof scriptedSession>, 'actor'>) {
  const start = vi.fn<() => void>()
  const refuse = () => Promise.reject(new Error('Nobody asks for that in a render.'))
  const session: Session = {
    actor,
    tab: 'here',
    ready: Promise.resolve(),
    start,
    send: (event) => actor.send(event),
    getSnapshot: () => actor.getSnapshot(),
    subscribe: (listener) => actor.subscribe(listener),
    on: () => ({ unsubscribe: () => {} }),
    hasValid: () => false,
    canRenew: () => false,
    getAccessToken: refuse,
    fetch: refuse,
    dispose: () => Promise.resolve(),
  }
  return { session, start }
}

function Everything() {
  const { status } = useSession()
  const profile = useProfile()
  const metadata = useUserMetadata()
  const renewal = useRenewal()
  const canLogOut = useCan({ type: 'logout' })
  const getAccessToken = useAccessToken()
  const shown = [status, profile.status, profile.profile, metadata.status, metadata.metadata, renewal, canLogOut]
  return <pre>{JSON.stringify([...shown, typeof getAccessToken])}</pre>
}

const text = (html: string) => html.replace(/<[^>]*>/g, '').replaceAll('&quot;', '"')

describe('on the server', () => {
  it('every hook renders, and tells that it is not known yet who is there', () => {
    const { session, start } = sessionOver(scriptedSession())
    const html = renderToString(
      <SessionProvider session={session}>
        <Everything />
      </SessionProvider>,
    )
    expect(JSON.parse(text(html))).toEqual(['restoring', 'none', null, 'none', null, null, false, 'function'])
    expect(start).not.toHaveBeenCalled()
  })

  it('the same is shown for a session that is restored already, so that the browser takes the markup over', async () => {
    const play = await signedInSession()
    quietAccount(play)
    await play.rest()
    const { session } = sessionOver(play)
    const html = renderToString(
      <SessionProvider session={session}>
        <Everything />
      </SessionProvider>,
    )
    expect(JSON.parse(text(html))).toEqual(['restoring', 'none', null, 'none', null, null, false, 'function'])
  })

  it('a gate shows what is for restoring, and nothing of what it guards', async () => {
    const { session } = sessionOver(await signedInSession())
    const html = renderToString(
      <SessionProvider session={session}>
        <SessionGate restoring={({ status }) => <i>{status}</i>} signedOut={<b>Log in</b>}>
          <b>secret</b>
        </SessionGate>
      </SessionProvider>,
    )
    expect(html).toBe('<i>restoring</i>')
  })
})

it('a hook outside the provider says what is missing', () => {
  expect(() => renderToString(<Everything />)).toThrow(/SessionProvider/)
})
