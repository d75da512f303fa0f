import mermaid from 'mermaid'
import { toMermaid } from 'sessionchart/visualizer'
import type { Draw } from './drawer.ts'

/** The same chart, by our own export. */
export const draw: Draw = async (model, into) => {
  mermaid.initialize({ startOnLoad: false, maxTextSize: 1e7, maxEdges: 10_000 })
  const { svg } = await mermaid.render('drawn', toMermaid(model))
  into.innerHTML = svg
}
