import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { SessionProvider } from 'sessionchart/react'
import { session } from './app-actor.ts'
import { App } from './app.tsx'
import './style.css'

const element = document.getElementById('root')
if (element === null) throw new Error('The page has no element with the id "root".')

createRoot(element).render(
  <StrictMode>
    <SessionProvider session={session}>
      <main>
        <App />
      </main>
    </SessionProvider>
  </StrictMode>,
)
