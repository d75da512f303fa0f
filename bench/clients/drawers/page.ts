import { draw } from 'virtual:drawer'
import { chartModelOf } from 'sessionchart/visualizer'
import { chartOf } from './charts.ts'
import type { DrawerPage } from './drawn.ts'

const shown = (): Promise<number> =>
  new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(performance.now()))))

async function drawn(): Promise<number> {
  const size = Number(new URLSearchParams(location.search).get('states'))
  await draw(chartModelOf(chartOf(size)), document.body)
  if (document.querySelector('svg') === null) throw new Error('nothing was drawn')
  return shown()
}

const page: DrawerPage = { drawn: drawn() }
window.drawer = page
// Whoever measures reads the reason there.
window.drawer.drawn.catch(() => {})
