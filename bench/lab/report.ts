import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { join } from 'node:path'
import type { Section } from './figures.ts'
import { pageOf } from './page-text.ts'
import { bench, root } from './places.ts'
import { merged, textOf, type MeasuredSection, type Results } from './results.ts'
import { drawCurve } from './svg.ts'

const file = join(bench, 'results.json')

export const thisMachine = (): string =>
  `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}, Node ${process.versions.node}`

/** What was measured before. */
export async function readResults(): Promise<Results> {
  const text = await readFile(file, 'utf8').catch(() => null)
  return text === null ? { versions: {}, sections: [] } : (JSON.parse(text) as Results)
}

/** Before the work at the figures began. */
interface Before {
  readonly date: string
  readonly sections: readonly Section[]
}

/** The page, as it is made of what is there. */
export async function pageNow(results: Results): Promise<string> {
  const before = JSON.parse(await readFile(join(bench, 'before.json'), 'utf8')) as Before
  return pageOf(results, before.sections, before.date, await readFile(join(bench, 'reading.md'), 'utf8'))
}

/** Writes `bench/results.json`, `docs/benchmarks.md` and its pictures; what is not fresh stays. `names`: of all measurements. */
export async function writeReport(fresh: readonly MeasuredSection[], names: readonly string[]): Promise<Results> {
  const sections = merged((await readResults()).sections, fresh, names)
  const { devDependencies } = JSON.parse(await readFile(join(bench, 'package.json'), 'utf8')) as {
    devDependencies: Readonly<Record<string, string>>
  }
  await writeFile(file, textOf({ versions: devDependencies, sections }))
  // As whoever reads the file has them.
  const results = await readResults()
  const pictures = join(root, 'docs/pictures/bench')
  await mkdir(pictures, { recursive: true })
  for (const curve of results.sections.flatMap(({ curves }) => curves))
    await writeFile(join(pictures, `${curve.file}.svg`), drawCurve(curve))
  await writeFile(join(root, 'docs/benchmarks.md'), await pageNow(results))
  return results
}
