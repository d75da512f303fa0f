import { NavLink, Outlet } from 'react-router'
import { useSession } from 'sessionchart/react'

function Door() {
  const { status, login, logout } = useSession()
  if (status === 'signedOut')
    return (
      <button type="button" onClick={() => login({ returnTo: '/trips' })}>
        Log in
      </button>
    )
  if (status === 'signedIn' || status === 'reconnecting')
    return (
      <button type="button" onClick={() => logout()}>
        Log out
      </button>
    )
  return null
}

export function Layout() {
  return (
    <>
      <header className="row">
        <nav>
          <NavLink to="/">Home</NavLink>
          <NavLink to="/trips">Trips</NavLink>
          <NavLink to="/account">Account</NavLink>
        </nav>
        <Door />
      </header>
      <main>
        <Outlet />
      </main>
    </>
  )
}
