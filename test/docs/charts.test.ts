import { readdir, readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { expect, test } from 'vitest'
import { drawnFiles } from '../../scripts/charts.ts'
import { pictures } from '../../scripts/charts/pictures.ts'

test('the drawn charts in the docs and the README are those of the running code', async () => {
  const files = await drawnFiles()
  for (const { path, text } of files) {
    // Pictures are too long to be told where they differ.
    const isSame = (await readFile(path, 'utf8')) === text
    expect(isSame, `${path} is stale: npm run charts`).toBe(true)
  }
  const drawn = files.map(({ path }) => basename(path)).filter((name) => name.endsWith('.svg'))
  expect((await readdir(pictures)).toSorted()).toEqual(drawn.toSorted())
})
