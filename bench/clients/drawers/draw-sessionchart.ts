import { createElement } from 'react'
import { createRoot } from 'react-dom/client'
import { SessionChart } from 'sessionchart/visualizer'
import 'sessionchart/visualizer.css'
import type { Draw } from './drawer.ts'

/** As an app shows a chart. What is said until it is laid out is no drawing. */
export const draw: Draw = (model, into) =>
  new Promise((done, fail) => {
    const look = () => {
      const chart = into.querySelector('figure.chart')
      if (chart?.getAttribute('data-layout') === 'failed') fail(new Error('it could not be laid out'))
      if ((chart?.querySelectorAll('svg .chart-state').length ?? 0) >= model.states.length) done()
    }
    new MutationObserver(look).observe(into, { subtree: true, childList: true, attributes: true })
    createRoot(into).render(createElement(SessionChart, { model }))
  })
