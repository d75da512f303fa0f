import { StrictMode, Suspense } from 'react'
import { createRoot } from 'react-dom/client'
import { StatechartPage } from './page.tsx'
import '../visualizer/chart/chart.css'
import './page.css'

const element = document.getElementById('root')
if (element === null) throw new Error('The page has no element with the id "root".')
createRoot(element).render(
  <StrictMode>
    <Suspense fallback={<p className="loading">The chart is being drawn.</p>}>
      <StatechartPage />
    </Suspense>
  </StrictMode>,
)
