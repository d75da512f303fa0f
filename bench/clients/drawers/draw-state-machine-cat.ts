import { toScxml } from 'sessionchart/visualizer'
import * as machineCat from 'state-machine-cat'
import type { Draw } from './drawer.ts'

// Its types say that it returns a string; since Graphviz comes as WebAssembly, it is a promise of one.
const { render } = machineCat as unknown as {
  render(text: string, options: { readonly inputType: 'scxml'; readonly outputType: 'svg' }): Promise<string>
}

/** The same chart, by our own export. */
export const draw: Draw = async (model, into) => {
  into.innerHTML = await render(toScxml(model), { inputType: 'scxml', outputType: 'svg' })
}
