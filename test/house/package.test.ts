import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startLocalProvider, type LocalProvider } from '../../idp/index.ts'
import { accountMachine, renewalMachine, sessionMachine } from '../../machines/index.ts'
import { runNode, toolOf } from '../../scripts/command.ts'
import { install, pack, runNpx } from '../../scripts/pack.ts'
import { chartModelOf } from '../../ui/visualizer/model/chart.ts'
import { catalogueOf } from '../model/catalogue.ts'

// The package as app developers have it: packed, and the tarball installed into a fresh folder.

const folder = mkdtempSync(join(tmpdir(), 'sessionchart-app-'))
const app = join(folder, 'app')
const bare = join(folder, 'bare')

beforeAll(async () => {
  const tarball = await pack(folder)
  await install(bare, tarball)
  await install(app, tarball, ['react', '@types/react', '@types/node', 'elkjs'], { typescript: '5.9.3' })
}, 120_000)
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }))

async function run(where: string, file: string, code: string): Promise<unknown> {
  writeFileSync(join(where, file), code)
  const { ok, output } = await runNode([join(where, file)], { cwd: where })
  if (!ok) throw new Error(output)
  return JSON.parse(output)
}

it('sessionchart/testing puts a session into any state, in plain Node, from the tarball alone', async () => {
  expect(
    await run(
      bare,
      'use.js',
      `import { sessionIn, derive, explore, catalogueOf } from 'sessionchart/testing'
import { selectStatus, sessionMachine } from 'sessionchart'
const session = await sessionIn('active.access.refreshing.late')
const transitions = catalogueOf(sessionMachine).length > 100
console.log(JSON.stringify([selectStatus(session.getSnapshot()), transitions, typeof derive, typeof explore]))`,
    ),
  ).toEqual(['reconnecting', true, 'function', 'function'])
}, 60_000)

it('sessionchart/visualizer has the charts as data, in plain Node, and its looks beside it', async () => {
  expect(
    await run(
      app,
      'draw.js',
      `import { chartModelOf, createRecorder } from 'sessionchart/visualizer'
import { sessionMachine } from 'sessionchart'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
const { id, transitions } = chartModelOf(sessionMachine)
const looks = existsSync(fileURLToPath(import.meta.resolve('sessionchart/visualizer.css')))
console.log(JSON.stringify([id, transitions.length > 100, typeof createRecorder, looks]))`,
    ),
  ).toEqual(['session', true, 'function', true])
}, 60_000)

it('keeps the sentences of the charts out of the machines, and has them where charts are drawn, with the layouts made for them', async () => {
  const inside = './node_modules/sessionchart/dist/package'
  const [models, said, laidOut, strangers, why] = (await run(
    app,
    'describe.js',
    `import { chartModelOf, whyNot } from 'sessionchart/visualizer'
import { accountMachine, renewalMachine, sessionMachine } from 'sessionchart'
import { catalogueOf, sessionIn } from 'sessionchart/testing'
import { createMachine } from 'xstate'
import { hashOf } from '${inside}/ui/visualizer/layout/hash.js'
import { layouts } from '${inside}/ui/visualizer/layouts/index.js'
const models = [sessionMachine, renewalMachine, accountMachine].map((machine) => chartModelOf(machine))
const said = catalogueOf(sessionMachine.provide({})).map(({ description }) => description)
const laidOut = models.map((model) =>
  ['built', 'experienced'].every((words) => hashOf(model, { words, direction: 'best' }) in layouts))
const stranger = createMachine({ id: 'renewal', initial: 'renewed', states: { renewed: {} } })
const strangers = chartModelOf(stranger).states.map(({ description }) => description)
const session = await sessionIn('active.access.authenticated')
const why = whyNot(session.getSnapshot(), { type: 'logout' }).words
console.log(JSON.stringify([models, said, laidOut, strangers, why]))`,
  )) as readonly unknown[]
  expect(models).toEqual([sessionMachine, renewalMachine, accountMachine].map((machine) => chartModelOf(machine)))
  expect(said).toEqual(catalogueOf(sessionMachine).map(({ description }) => description))
  expect(laidOut).toEqual([true, true, true])
  expect(strangers).toEqual(['', ''])
  expect(why).toContain('The person leaves')
  const machines = join(app, inside, 'machines')
  const modules = readdirSync(machines, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.js'))
  expect(modules.length).toBeGreaterThan(20)
  expect(modules.filter((file) => /\bdescription\b/.test(readFileSync(join(machines, file), 'utf8')))).toEqual([])
}, 60_000)

it('is installed with what it needs and no more: elkjs is for those who draw machines of their own', () => {
  const installed = readdirSync(join(bare, 'node_modules')).filter((name) => !name.startsWith('.'))
  expect(installed).toEqual(expect.arrayContaining(['idb', 'jose', 'oidc-client-ts', 'sessionchart', 'xstate']))
  expect(installed).not.toContain('elkjs')
})

describe('npx sessionchart doctor, from the tarball alone', () => {
  let provider: LocalProvider
  beforeAll(async () => {
    provider = await startLocalProvider({ apps: ['http://localhost:5173'] })
  }, 30_000)
  afterAll(() => provider.stop())

  it('finds nothing to mend at the local provider', async () => {
    const { issuer, clientId } = provider
    const args = ['sessionchart', 'doctor', '--authority', issuer, '--client-id', clientId]
    const { ok, output } = await runNpx(args, bare)
    expect([ok, output]).toEqual([true, expect.stringMatching(/^http:.*\n\d+ fine\. 15 requests, no login\.$/m)])
    expect(output).toContain(`clientId: '${clientId}'`)
  }, 60_000)

  it('says in JSON what is to be mended, and fails', async () => {
    const args = ['sessionchart', 'doctor', '--json', '--authority', provider.issuer, '--client-id', 'nobody']
    const { ok, output } = await runNpx(args, bare)
    const line = output.split('\n').find((one) => one.startsWith('{')) ?? ''
    const { findings } = JSON.parse(line) as {
      readonly findings: readonly { readonly id: string; readonly verdict: string }[]
    }
    expect(ok).toBe(false)
    expect(findings).toContainEqual(expect.objectContaining({ id: 'client.public', verdict: 'problem' }))
  }, 60_000)
})

describe('its types', () => {
  const use = `
import { createSession, selectStatus, sessionMachine, SessionError, type Session } from 'sessionchart'
import { SessionGate, SessionProvider, useSession } from 'sessionchart/react'
import { sessionIn, catalogueOf } from 'sessionchart/testing'
import { chartModelOf, SessionChart } from 'sessionchart/visualizer'

export const made: Session = createSession({ authority: 'https://a.example', clientId: 'c', redirectUri: 'https://b.example/callback' })
const session = await sessionIn('active.access.refreshing.late')
export const status: string = selectStatus(session.getSnapshot())
export const transitions: number = catalogueOf(sessionMachine).length
export const token: Promise<string> = made.getAccessToken({ minTtl: 30_000 })
export function View() {
  const state = useSession()
  const who: string | null = state.status === 'signedIn' ? state.subject : null
  return <SessionProvider session={made}><SessionGate signedOut="Log in">{who}</SessionGate><SessionChart model={chartModelOf(sessionMachine)} /></SessionProvider>
}
export const is = (error: unknown) => error instanceof SessionError && error.code === 'no_credentials'
`
  const wrong = use
    .replace('refreshing.late', 'refreshing.soon')
    .replace("'no_credentials'", "'no_credential'")
    .replace('state.subject', 'state.subjects')
    .replace('selectStatus(session.getSnapshot())', 'selectStatus(session)')

  const compilers: readonly (readonly [string, string])[] = [
    ['5.9', join(app, 'node_modules/typescript/bin/tsc')],
    ['6', toolOf('typescript', 'tsc6')],
    ['7', toolOf('@typescript/native', 'tsc')],
  ]
  const ways = compilers.flatMap(([version, tsc]) =>
    ['bundler', 'nodenext'].map((moduleResolution) => [version, moduleResolution, tsc] as const),
  )
  it.each(ways)(
    'are found and right under TypeScript %s with moduleResolution %s, libraries checked too',
    async (version, moduleResolution, tsc) => {
      const place = join(app, `${version}-${moduleResolution}`)
      mkdirSync(place)
      writeFileSync(join(place, 'use.tsx'), use)
      writeFileSync(join(place, 'wrong.tsx'), wrong)
      const compilerOptions = {
        module: moduleResolution === 'bundler' ? 'esnext' : 'nodenext',
        moduleResolution,
        target: 'es2023',
        lib: ['es2023', 'dom', 'dom.iterable'],
        jsx: 'react-jsx',
        strict: true,
        noEmit: true,
        types: ['node', 'react'],
      }
      writeFileSync(join(place, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['use.tsx', 'wrong.tsx'] }))
      const { output } = await runNode([tsc, '-p', place, '--pretty', 'false'], { cwd: place })
      const errors = output.split('\n').filter((line) => /error TS/.test(line))
      expect(errors.filter((line) => !line.startsWith('wrong.tsx'))).toEqual([])
      const words = ['"active.access.refreshing.soon"', "'SessionSnapshotLike'", "'subjects'", '"no_credential"']
      expect(errors).toHaveLength(words.length)
      for (const [index, word] of words.entries()) expect(errors[index]).toContain(word)
    },
    120_000,
  )
})
