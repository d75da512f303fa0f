import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { QueryClientProvider } from '@tanstack/react-query'
import { SessionProvider } from 'sessionchart/react'
import { App } from './app.tsx'
import { queryClient } from './query-client.ts'
import { session } from './session.ts'
import './style.css'

const element = document.getElementById('root')
if (element === null) throw new Error('The page has no element with the id "root".')

createRoot(element).render(
  <StrictMode>
    <SessionProvider session={session}>
      <QueryClientProvider client={queryClient}>
        <App />
      </QueryClientProvider>
    </SessionProvider>
  </StrictMode>,
)
