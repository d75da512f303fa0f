import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import { bootDemo } from './boot.ts'
import { ErrorBoundary } from './parts/error-boundary.tsx'
import { Trouble } from './screens/trouble.tsx'
import './styles/tokens.css'
import './styles/base.css'
import './styles/controls.css'
import './styles/header.css'
import './styles/layout.css'
import './styles/welcome.css'
import './styles/session.css'
import './styles/profile.css'
import './styles/details.css'

const element = document.getElementById('root')
if (element === null) throw new Error('The page has no element with the id "root".')

const root = createRoot(element)

async function show(): Promise<void> {
  const booted = await bootDemo()
  root.render(
    <StrictMode>
      <ErrorBoundary>{'problem' in booted ? <Trouble {...booted.problem} /> : <App demo={booted} />}</ErrorBoundary>
    </StrictMode>,
  )
}

void show()
