import { accountMachine, renewalMachine, sessionMachine } from '../../machines/index.ts'
import {
  chartModelOf,
  type ChartModel,
  type ChartState,
  type ChartTransition,
} from '../../ui/visualizer/model/chart.ts'

/** A picture in Markdown, as bright as the page around it, and by itself at a click. `folder`: of the pictures, as seen from that page. */
export function pictureTag(name: string, alt: string, folder: string): string {
  const file = (theme: string) => `${folder}/${name}-${theme}.svg`
  return [
    `<a href="${file('light')}"><picture>`,
    `  <source media="(prefers-color-scheme: dark)" srcset="${file('dark')}">`,
    `  <img alt="${alt}" src="${file('light')}">`,
    '</picture></a>',
  ].join('\n')
}

/** `docs/charts.md`. `drawn`: names of the drawings that there are pictures of. */
export function chartsPage(drawn: ReadonlySet<string>): string {
  const charts = [sessionMachine, renewalMachine, accountMachine].map((machine) => chartModelOf(machine))
  return [
    '# The charts',
    '',
    'Drawn from the running code by `npm run charts`; a test fails when this page is stale. Do not edit it. `/statechart/` of the demo has the same charts to go about in, live, and to take along',
    'in other formats.',
    '',
    ...charts.flatMap((model) => [
      `## ${model.id}`,
      '',
      model.description,
      '',
      pictureTag(model.id, `The chart ${model.id}`, 'pictures/charts'),
      '',
      ...(drawn.has(`${model.id}.all`)
        ? [`[All of it in one picture](pictures/charts/${model.id}.all-light.svg), with every state open.`, '']
        : []),
      tablesOf(model, drawn),
      '',
    ]),
  ].join('\n')
}

const cell = (text: string): string => text.replaceAll('|', '\\|')

/** A state's id without that of its chart. */
const nameIn = (model: ChartModel, id: string): string => (id === model.id ? id : id.slice(model.id.length + 1))

const tablesOf = (model: ChartModel, drawn: ReadonlySet<string>): string =>
  model.states.map((state) => stateOf(state, model, drawn)).join('\n\n')

function stateOf(
  { id, name, parent, description, invokes }: ChartState,
  model: ChartModel,
  drawn: ReadonlySet<string>,
): string {
  const rows = model.transitions.filter(({ source }) => source === id).map((transition) => rowOf(transition, model))
  const invoked = invokes.map((service) => service.id).join(', ')
  const isOpened = parent !== null && drawn.has(id)
  return [
    `### ${nameIn(model, id)}`,
    '',
    description,
    ...(isOpened ? ['', pictureTag(id, `The chart ${model.id} with ${name} open`, 'pictures/charts')] : []),
    ...(invoked === '' ? [] : ['', `Invokes ${invoked}.`]),
    ...(rows.length === 0
      ? []
      : ['', '| event | if | leads to | what it means |', '| --- | --- | --- | --- |', ...rows]),
  ].join('\n')
}

function rowOf({ name, guard, targets, description }: ChartTransition, model: ChartModel): string {
  const leadsTo = targets.map((target) => nameIn(model, target)).join(', ') || '(stays)'
  return `| ${[name, guard ?? '', leadsTo, description].map(cell).join(' | ')} |`
}
