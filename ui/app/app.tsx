import { useEffect, useRef } from 'react'
import { SessionProvider, useSession } from '../react/index.ts'
import type { Demo } from './boot.ts'
import { DemoContext } from './demo-context.ts'
import { DraftKeeper } from './metadata/draft-keeper.tsx'
import { Footer } from './parts/footer.tsx'
import { Header } from './parts/header.tsx'
import { StatusLine } from './parts/status-line.tsx'
import { StillThere } from './parts/still-there.tsx'
import { Restoring } from './screens/restoring.tsx'
import { SignedIn } from './screens/signed-in.tsx'
import { SignedOut } from './screens/signed-out.tsx'
import { SigningIn } from './screens/signing-in.tsx'
import { SigningOut } from './screens/signing-out.tsx'

function Screen() {
  const session = useSession()
  switch (session.status) {
    case 'restoring':
      return <Restoring />
    case 'signedOut':
      return <SignedOut problem={session.problem} login={session.login} />
    case 'signingIn':
      return <SigningIn step={session.step} cancel={session.cancelLogin} />
    case 'signedIn':
    case 'reconnecting':
      return <SignedIn facts={session.facts} isUsable={session.status === 'signedIn'} problem={session.problem} />
    case 'signingOut':
      return <SigningOut ending={session.ending} />
  }
}

/** Whoever used the keyboard on a screen that went away goes on at the heading of the next one. */
function Stage() {
  const { status } = useSession()
  const screen = status === 'reconnecting' ? 'signedIn' : status
  const main = useRef<HTMLElement>(null)
  const shown = useRef(screen)
  useEffect(() => {
    if (shown.current === screen) return
    shown.current = screen
    if (document.activeElement === null || document.activeElement === document.body) {
      main.current?.querySelector('h1')?.focus({ preventScroll: true })
    }
  }, [screen])
  return (
    <main ref={main} className="stage" data-screen={screen}>
      <Screen />
    </main>
  )
}

export function App({ demo }: { readonly demo: Demo }) {
  return (
    <DemoContext value={demo}>
      <SessionProvider session={demo.session}>
        <DraftKeeper>
          <Header />
          <StatusLine />
          <Stage />
          <StillThere />
          <Footer />
        </DraftKeeper>
      </SessionProvider>
    </DemoContext>
  )
}
