import { join } from 'node:path'
import { runNode } from '../../scripts/command.ts'
import type { Row, Section } from '../lab/figures.ts'
import type { Lab, Measure } from '../lab/lab.ts'
import { bench, root } from '../lab/places.ts'
import type { MachineFigures } from './machine/figures.ts'

const what: readonly { readonly key: keyof MachineFigures; readonly who: string; readonly unit: string }[] = [
  { key: 'eventsPerSecond', who: 'events through the session chart, a second', unit: '' },
  { key: 'ignoredPerSecond', who: 'events that the chart ignores, a second', unit: '' },
  { key: 'toggleEventsPerSecond', who: '(the smallest chart that XState can run: events a second)', unit: '' },
  { key: 'startMs', who: 'from nothing to signed in, ms, the first', unit: '' },
  { key: 'startAgainMs', who: 'the same, every further one', unit: '' },
  { key: 'oneKiB', who: 'memory of one signed-in session, KiB', unit: '' },
  { key: 'toggleKiB', who: '(of the smallest chart, KiB)', unit: '' },
  { key: 'tenThousandMiB', who: 'memory of 10,000 signed-in sessions, MiB', unit: '' },
]

/** In a process of its own each time, whose garbage can be collected when it is asked to. */
async function figures(): Promise<MachineFigures> {
  const script = join(bench, 'measures/machine/figures.ts')
  const { ok, output } = await runNode(['--expose-gc', join(root, 'scripts/run.mjs'), script])
  if (!ok) throw new Error(`the figures of the charts could not be taken:\n${output}`)
  return JSON.parse(output.trim().split('\n').at(-1) ?? '') as MachineFigures
}

async function run({ rounds, say }: Lab): Promise<Section> {
  const all: MachineFigures[] = []
  for (let round = 0; round < rounds; round += 1) {
    all.push(await figures())
    say(`round ${round + 1} of ${rounds}`)
  }
  return {
    name: 'machine',
    title: 'Machine cost',
    how: 'The session chart with its renewal and account charts in Node, on scripted services that answer at once; each round in a process of its own. Events go back and forth between two states of the signed-in session.',
    tables: [
      {
        title: 'the charts',
        columns: [{ name: 'figure', unit: '', better: 'none' }],
        rows: what.map(({ key, who }): Row => ({ who, values: { figure: all.map((each) => each[key]) } })),
      },
    ],
    curves: [],
    cannot: [],
  }
}

export const machine: Measure = { name: 'machine', rounds: 5, run }
