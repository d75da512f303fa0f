import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { chartsPage, pictureTag } from './charts/page.ts'
import { chartPictures, pictures } from './charts/pictures.ts'
import { root } from './command.ts'

/**
 * Draws the charts from the running code: pictures in `docs/pictures/charts`, `docs/charts.md` whole, and the session between two marks in
 * the README. `npm run charts` writes them; a test fails when they are stale.
 */
export async function main(): Promise<void> {
  const files = await drawnFiles()
  await mkdir(pictures, { recursive: true })
  for (const { path, text } of files) await writeFile(path, text)
  const drawn = new Set(files.map(({ path }) => basename(path)))
  for (const name of await readdir(pictures)) if (!drawn.has(name)) await rm(join(pictures, name))
  console.log(`Drawn: docs/charts.md, ${files.length - 2} pictures in docs/pictures/charts, and the one in README.md.`)
}

export interface DrawnFile {
  readonly path: string
  readonly text: string
}

/** The files as they should be. */
export async function drawnFiles(): Promise<readonly DrawnFile[]> {
  const readme = join(root, 'README.md')
  const drawn = await chartPictures()
  return [
    ...drawn.map(({ file, svg }) => ({ path: join(pictures, file), text: svg })),
    { path: join(root, 'docs/charts.md'), text: chartsPage(new Set(drawn.map(({ name }) => name))) },
    { path: readme, text: withPicture(await readFile(readme, 'utf8')) },
  ]
}

const marks = { begin: '<!-- chart: begin (npm run charts) -->', end: '<!-- chart: end -->' }

function withPicture(readme: string): string {
  const begin = readme.indexOf(marks.begin)
  const end = readme.indexOf(marks.end)
  if (begin === -1 || end < begin)
    throw new Error(`README.md has no place for the chart: put "${marks.begin}" and "${marks.end}" there.`)
  const picture = pictureTag('session', 'The session, from opening the app to leaving it', 'docs/pictures/charts')
  return `${readme.slice(0, begin + marks.begin.length)}\n\n${picture}\n\n${readme.slice(end)}`
}
