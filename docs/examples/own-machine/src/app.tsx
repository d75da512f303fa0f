import { useSelector } from '@xstate/react'
import { selectAccount, selectProfile, type Profile } from 'sessionchart'
import { useProfile, useSession } from 'sessionchart/react'
import { app, picture } from './app-actor.ts'

const teas = ['Assam', 'Sencha', 'Rooibos']

function Inside({ profile, isPicture = false }: { readonly profile: Profile | null; readonly isPicture?: boolean }) {
  const { receipts, problem } = useSelector(app, ({ context }) => context)
  const canOrder = useSelector(app, (snapshot) => snapshot.can({ type: 'order', tea: '' }))
  return (
    <section className="card" aria-busy={isPicture}>
      <div className="row">
        <h1>{profile?.name ?? 'Welcome'}</h1>
        <button type="button" disabled={isPicture} onClick={() => app.send({ type: 'leave' })}>
          Log out
        </button>
      </div>
      <p>What may it be?</p>
      <p className="row">
        {teas.map((tea) => (
          <button key={tea} type="button" disabled={!canOrder} onClick={() => app.send({ type: 'order', tea })}>
            {tea}
          </button>
        ))}
      </p>
      {problem && <p role="alert">{problem}</p>}
      <ul aria-label="Receipts">
        {receipts.map(({ number, text }) => (
          <li key={number}>{text}</li>
        ))}
      </ul>
      {isPicture && <output className="soft">As you left it; one moment…</output>}
    </section>
  )
}

function Outside() {
  const session = useSession()
  const ended = useSelector(app, ({ context }) => context.ended)
  const problem = session.status === 'signedOut' ? session.problem : null
  return (
    <section className="card">
      <h1>Tea house</h1>
      <p>{ended === 'idle' ? 'You were away for long, so the table was cleared.' : 'Come in, and choose a tea.'}</p>
      {problem && <p role="alert">{problem.message}</p>}
      <button type="button" className="primary" onClick={() => app.send({ type: 'enter' })}>
        Log in
      </button>
    </section>
  )
}

/** Which of the two is the app's own machine's to say; the session's status says what to show meanwhile. */
export function App() {
  const { status } = useSession()
  const { profile } = useProfile()
  const isInside = useSelector(app, (snapshot) => snapshot.matches('inside'))
  if (isInside) return <Inside profile={profile} />
  if (status === 'signedOut') return <Outside />
  const account = status === 'restoring' && picture !== null ? selectAccount(picture)?.getSnapshot() : undefined
  if (account !== undefined) return <Inside profile={selectProfile(account)} isPicture />
  return <output className="soft">One moment…</output>
}
