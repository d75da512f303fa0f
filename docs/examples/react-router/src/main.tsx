import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { RouterProvider } from 'react-router/dom'
import { SessionProvider } from 'sessionchart/react'
import { router } from './router.tsx'
import { session } from './session.ts'
import './style.css'

// After a login, back to the page that asked for it; the callback's address is nothing to come back to.
const goBack = ({ returnTo = '/' }) => void router.navigate(returnTo, { replace: true })
session.on('login.completed', goBack)
session.on('login.failed', goBack)

const element = document.getElementById('root')
if (element === null) throw new Error('The page has no element with the id "root".')

createRoot(element).render(
  <StrictMode>
    <SessionProvider session={session}>
      <RouterProvider router={router} />
    </SessionProvider>
  </StrictMode>,
)
