import { spawn } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import ts from 'typescript'
import { startLocalProvider } from '../../idp/index.ts'
import { root } from '../../scripts/command.ts'
import { betterAuthProvider } from '../providers/better-auth.ts'
import { app } from '../providers/types.ts'

// The command as `npx` runs it: a process of its own, of plain JavaScript, with nothing installed beside it.

const folder = mkdtempSync(join(tmpdir(), 'sessionchart-doctor-'))
beforeAll(() => {
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
  mkdirSync(join(folder, 'doctor'))
  const compilerOptions = {
    module: ts.ModuleKind.ESNext,
    target: ts.ScriptTarget.ES2023,
    rewriteRelativeImportExtensions: true,
  }
  for (const file of readdirSync(join(root, 'doctor'))) {
    const source = readFileSync(join(root, 'doctor', file), 'utf8')
    const { outputText } = ts.transpileModule(source, { compilerOptions, fileName: file })
    writeFileSync(join(folder, 'doctor', file.replace(/\.ts$/, '.js')), outputText)
  }
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const stops: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
})

function start(args: readonly string[]) {
  const child = spawn(process.execPath, [join(folder, 'doctor/cli.js'), ...args], { cwd: folder })
  const out = { plain: '', problems: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out.plain += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (out.problems += text))
  const ended = once(child, 'close').then(([code, signal]) => ({
    ...out,
    code: code as number | null,
    signal: signal as string | null,
  }))
  return { child, ended }
}

const doctor = (...args: readonly string[]) => start(['doctor', ...args]).ended

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  stops.push(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
}

async function local() {
  const provider = await startLocalProvider({ apps: ['http://localhost:5173'] })
  stops.push(() => provider.stop())
  return provider
}

test('a provider that is set up: exit code 0, the options at the end, no escape sequences in a pipe', async () => {
  const { issuer, clientId } = await local()
  const { code, plain, problems } = await doctor('--authority', issuer, '--client-id', clientId)
  expect([code, problems]).toEqual([0, ''])
  expect(plain).toMatch(/^ok +\w/)
  expect(plain).toContain(`createSession({\n  authority: '${issuer}',\n  clientId: '${clientId}',`)
  // oxlint-disable-next-line no-control-regex -- it is what must not be there
  expect(plain).not.toMatch(/\u001b/)
}, 20_000)

test('it asks few things, begins no login and leaves nothing at the provider', async () => {
  const { issuer, clientId, requests } = await local()
  await doctor('--authority', issuer, '--client-id', clientId)
  const asked = requests.list()
  expect(asked.length).toBeLessThanOrEqual(14)
  expect(asked.filter(({ endpoint }) => endpoint === 'interaction' || endpoint === 'end_session')).toEqual([])
}, 20_000)

test('--json is one object: findings, the worst first, and what createSession needs; exit code 1 for a problem', async () => {
  const { issuer } = await local()
  const { code, plain } = await doctor(
    '--json',
    '--authority',
    `${issuer}/.well-known/openid-configuration`,
    '--client-id',
    'x',
  )
  expect(code).toBe(1)
  const told = JSON.parse(plain) as { readonly findings: Record<string, unknown>[]; readonly createSession: object }
  expect(told.createSession).toEqual({
    authority: issuer,
    clientId: 'x',
    redirectUri: 'http://localhost:5173/callback',
  })
  expect(told.findings[0]).toMatchObject({ verdict: 'problem', set: expect.any(String), seen: expect.any(String) })
  expect(told.findings.at(-1)).toMatchObject({ verdict: 'ok', title: expect.any(String), why: expect.any(String) })
}, 20_000)

test('better-auth has nothing to mend, and what it cannot tell is said', async () => {
  const { options, stop } = await betterAuthProvider.start(() => undefined)
  stops.push(stop)
  const { authority, clientId } = options
  const { code, plain } = await doctor('--authority', authority, '--client-id', clientId, '--origin', app)
  expect(code).toBe(0)
  expect(plain).toMatch(/^This looks like better-auth/)
  expect(plain).toContain('unknown Public client: Any client ID gets the same answer, an invented one too.')
}, 20_000)

test.each([
  ['--authority is missing', ['doctor', '--client-id', 'x']],
  ['--client-id is missing', ['doctor', '--authority', 'https://id.example']],
  ['There is one command', ['docter', '--authority', 'https://id.example', '--client-id', 'x']],
  ["Unknown option '--nonsense'", ['doctor', '--nonsense']],
  [
    '--timeout is a number of seconds',
    ['doctor', '--authority', 'https://a.example', '--client-id', 'x', '--timeout', 'soon'],
  ],
  [
    '--redirect-uri has to be a whole URL',
    ['doctor', '--authority', 'https://a.example', '--client-id', 'x', '--redirect-uri', '/cb'],
  ],
])('wrong options are named, with exit code 2: %s', async (words, args) => {
  const { code, plain, problems } = await start(args).ended
  expect([code, plain]).toEqual([2, ''])
  expect(problems).toContain(words)
  expect(problems).toContain('Usage: sessionchart doctor')
})

test('--help explains itself', async () => {
  expect(await doctor('--help')).toMatchObject({ code: 0, plain: expect.stringContaining('--redirect-uri URL') })
})

test('nothing listens, no JSON, no provider, no answer in time: each in its own words, with what to do', async () => {
  const gone = await startLocalProvider({ apps: [app] })
  await gone.stop()
  const page = await serve((_req, res) => res.setHeader('Content-Type', 'text/html').end('<html>'))
  const silent = await serve(() => undefined)
  const told = async (authority: string) => {
    const { code, plain } = await doctor('--authority', authority, '--client-id', 'x', '--timeout', '0.5')
    expect(code).toBe(1)
    expect(plain).toContain('Set: ')
    expect(plain).not.toContain('createSession(')
    return plain
  }
  expect(await told(gone.issuer)).toContain('Nothing listens at 127.0.0.1')
  expect(await told(page)).toContain('is answered with 200 text/html, not with a JSON object')
  expect(await told(silent)).toContain('No answer from 127.0.0.1 within 0.5 s.')
  expect(await told('id.example.com')).toContain('is no URL')
  expect(await told('http://id.example.com')).toContain('neither https nor on this machine')
}, 30_000)

test('Ctrl-C ends it at once, while it waits for an answer', async () => {
  const requests = new EventEmitter()
  const silent = await serve((req) => requests.emit('request', req))
  const asked = once(requests, 'request')
  const { child, ended } = start(['doctor', '--authority', silent, '--client-id', 'x', '--timeout', '600'])
  await asked
  child.kill('SIGINT')
  expect(await ended).toMatchObject({ signal: 'SIGINT', plain: '' })
}, 20_000)
