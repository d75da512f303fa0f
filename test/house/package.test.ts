import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { root, runNode, toolOf } from '../../scripts/command.ts'

// The package as app developers have it: packed, and alone with its dependencies in a folder of its own.

const app = mkdtempSync(join(tmpdir(), 'sessionchart-app-'))
const modules = join(app, 'node_modules')

beforeAll(async () => {
  const built = await runNode(['scripts/run.mjs', 'scripts/build-package.ts'], { cwd: root })
  if (!built.ok) throw new Error(built.output)
  mkdirSync(modules)
  for (const name of ['xstate', '@xstate', 'oidc-client-ts', 'jwt-decode', 'idb', 'jose', 'react', '@types'])
    symlinkSync(join(root, 'node_modules', name), join(modules, name), 'junction')
  // What `files` of package.json names, which is what `npm pack` takes.
  for (const name of ['package.json', 'dist/package'])
    cpSync(join(root, name), join(modules, 'sessionchart', name), { recursive: true })
  writeFileSync(join(app, 'package.json'), JSON.stringify({ name: 'app', type: 'module' }))
}, 120_000)
afterAll(() => rmSync(app, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }))

const use = `
import { sessionIn, derive, explore, catalogueOf } from 'sessionchart/testing'
import { selectStatus, sessionMachine } from 'sessionchart'

const session = await sessionIn('active.access.refreshing.late')
const status: string = selectStatus(session.getSnapshot())
const transitions: number = catalogueOf(sessionMachine).length
console.log(JSON.stringify({ status, transitions: transitions > 100, functions: [typeof derive, typeof explore] }))
`

it('sessionchart/testing puts a session into any state, in plain Node, from the package alone', async () => {
  const plain = use.replaceAll(': string', '').replaceAll(': number', '')
  writeFileSync(join(app, 'use.js'), plain)
  const { ok, output } = await runNode([join(app, 'use.js')], { cwd: app })
  expect([ok, output.trim()]).toEqual([
    true,
    '{"status":"reconnecting","transitions":true,"functions":["function","function"]}',
  ])
}, 60_000)

it('sessionchart/visualizer has the charts as data, in plain Node, and its looks beside it', async () => {
  writeFileSync(
    join(app, 'draw.js'),
    `import { chartModelOf, createRecorder } from 'sessionchart/visualizer'
import { sessionMachine } from 'sessionchart'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
const { id, transitions } = chartModelOf(sessionMachine)
const looks = existsSync(fileURLToPath(import.meta.resolve('sessionchart/visualizer.css')))
console.log(JSON.stringify([id, transitions.length > 100, typeof createRecorder, looks]))`,
  )
  const { ok, output } = await runNode([join(app, 'draw.js')], { cwd: app })
  expect([ok, output.trim()]).toEqual([true, '["session",true,"function",true]'])
}, 60_000)

it.each(['bundler', 'nodenext'])(
  'its types are found and right, with moduleResolution %s',
  async (moduleResolution) => {
    writeFileSync(join(app, 'use.ts'), use)
    writeFileSync(join(app, 'wrong.ts'), use.replace('refreshing.late', 'refreshing.soon'))
    const module = moduleResolution === 'bundler' ? 'esnext' : 'nodenext'
    const check = (file: string) => {
      const compilerOptions = {
        module,
        moduleResolution,
        target: 'es2023',
        strict: true,
        noEmit: true,
        types: ['node'],
      }
      writeFileSync(join(app, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: [file] }))
      return runNode([toolOf('@typescript/native', 'tsc'), '-p', app], { cwd: app })
    }
    const right = await check('use.ts')
    expect([right.output, right.ok]).toEqual(['', true])
    const wrong = await check('wrong.ts')
    expect(wrong.ok).toBe(false)
    expect(wrong.output).toContain('"active.access.refreshing.soon"')
  },
  120_000,
)

it('names no file that is not there', () => {
  const files = new Set(readdirSync(join(modules, 'sessionchart/dist/package'), { recursive: true, encoding: 'utf8' }))
  expect(
    ['services/index.js', 'ui/react/index.js', 'ui/visualizer/layout/worker.js', 'test/model/index.js'].filter(
      (file) => !files.has(file),
    ),
  ).toEqual([])
  expect([...files].filter((file) => file.endsWith('.test.js'))).toEqual([])
})
