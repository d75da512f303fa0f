import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { bundle, type Taken } from '../../scripts/size/bundles.ts'
import { ours, peers } from '../../scripts/size/entries.ts'
import type { Row, Section } from '../lab/figures.ts'
import type { Lab, Measure } from '../lab/lab.ts'
import { bench, root } from '../lab/places.ts'

const kB = (files: readonly string[]): number =>
  files.reduce((bytes, file) => bytes + gzipSync(readFileSync(file), { level: 9 }).length, 0) / 1000

async function rowOf(taken: Taken, where: string, who = taken.name): Promise<Row> {
  const { first, later } = await bundle(taken, where)
  return { who, values: { 'at once': [kB(first)], 'in all': [kB(first) + kB(later)] } }
}

async function run({ say }: Lab): Promise<Section> {
  const table = async (title: string, own: string, isIt: (name: string) => boolean) => {
    const mine = ours.find(({ name }) => name === own)
    const rows = mine === undefined ? [] : [await rowOf(mine, root, 'sessionchart')]
    for (const peer of peers.filter(({ name }) => isIt(name))) rows.push(await rowOf(peer, bench))
    say(title)
    return {
      title,
      columns: [
        { name: 'at once', unit: 'kB', better: 'less' },
        { name: 'in all', unit: 'kB', better: 'less' },
      ] as const,
      rows,
    }
  }
  const isReact = (name: string): boolean => name.includes('react')
  return {
    name: 'weight',
    title: 'Weight',
    how: 'Bundled by Vite, minified, each file gzipped by itself; React is not counted. At once: what a page loads before it knows who is signed in. In all: with everything that login, renewal and logout load. `npm run size` prints the same with budgets.',
    tables: [
      await table('without React', 'session', (name) => !isReact(name)),
      await table('with React', 'react', isReact),
    ],
    curves: [],
    cannot: [],
  }
}

export const weight: Measure = { name: 'weight', rounds: 1, run }
