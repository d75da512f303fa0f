import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { drawnFiles } from '../../scripts/charts.ts'

test('the drawn charts in the docs and the README are those of the running code', async () => {
  for (const { path, text } of await drawnFiles()) {
    expect(await readFile(path, 'utf8'), `${path} is stale: npm run charts`).toBe(text)
  }
})
