import { Link, useParams } from 'react-router'
import { useProfile } from 'sessionchart/react'

const trips = [
  { id: 'lofoten', name: 'Lofoten', text: 'By boat to the end of the islands, and over the ridge on foot.' },
  { id: 'tatra', name: 'Tatra', text: 'From hut to hut, with a day to spare for the weather.' },
]

export function Home() {
  return (
    <section className="card">
      <title>Home · Trips</title>
      <h1>Anyone may read this</h1>
      <p>
        The <Link to="/trips">trips</Link> are for those who are signed in.
      </p>
    </section>
  )
}

export function Trips() {
  const { profile } = useProfile()
  return (
    <section className="card">
      <title>Trips</title>
      <h1>Where next, {profile?.given_name ?? 'traveller'}?</h1>
      <ul>
        {trips.map(({ id, name }) => (
          <li key={id}>
            <Link to={`/trips/${id}`}>{name}</Link>
          </li>
        ))}
      </ul>
    </section>
  )
}

export function Trip() {
  const { id } = useParams()
  const trip = trips.find((one) => one.id === id)
  if (trip === undefined) return <Missing />
  return (
    <section className="card">
      <title>{`${trip.name} · Trips`}</title>
      <h1>{trip.name}</h1>
      <p>{trip.text}</p>
    </section>
  )
}

export function Account() {
  const { profile, problem, reload } = useProfile()
  return (
    <section className="card">
      <title>Account · Trips</title>
      <h1>{profile?.name ?? 'Your account'}</h1>
      <p className="soft">{profile?.email}</p>
      {problem && (
        <p role="alert">
          {problem.message}{' '}
          <button type="button" onClick={reload}>
            Try again
          </button>
        </p>
      )}
    </section>
  )
}

export function Missing() {
  return (
    <section className="card">
      <title>Not found · Trips</title>
      <h1>There is no such page</h1>
      <Link to="/">To the start</Link>
    </section>
  )
}
