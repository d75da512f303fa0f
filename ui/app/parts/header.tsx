import { useSession } from '../../react/index.ts'
import { AccountMenu } from './account-menu.tsx'
import { Mark } from './icons.tsx'

export function Header() {
  const session = useSession()
  const isIn = session.status === 'signedIn' || session.status === 'reconnecting'
  return (
    <header className="header">
      <div className="header-inner">
        <span className="brand">
          <Mark />
          <span>Sessionchart</span>
        </span>
        {isIn && <AccountMenu subject={session.subject} logout={session.logout} />}
      </div>
    </header>
  )
}
