import { spawn } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import ts from 'typescript'
import { listen } from '../../idp/http-server.ts'
import { startLocalProvider, type LocalProvider } from '../../idp/index.ts'
import { root } from '../../scripts/command.ts'
import { betterAuthProvider } from '../providers/better-auth.ts'
import { app } from '../providers/types.ts'
import { certificateFor } from './certificate.ts'

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

function start(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, [join(folder, 'doctor/cli.js'), ...args], {
    cwd: folder,
    env: { ...process.env, ...env },
  })
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

let local: LocalProvider
beforeAll(async () => {
  local = await startLocalProvider({ apps: ['http://localhost:5173'], recordTokens: true })
}, 30_000)
afterAll(() => local.stop())

test('a provider that is set up: exit code 0, the options at the end, no escape sequences in a pipe', async () => {
  const { issuer, clientId } = local
  const { code, plain, problems } = await doctor('--authority', issuer, '--client-id', clientId)
  expect([code, problems]).toEqual([0, ''])
  const [first, second] = plain.split('\n')
  expect(first).toBe(issuer)
  expect(second).toMatch(/^\d+ fine\. 15 requests, no login\.$/)
  expect(plain).toContain(`createSession({\n  authority: '${issuer}',\n  clientId: '${clientId}',`)
  // oxlint-disable-next-line no-control-regex -- it is what must not be there
  expect(plain).not.toMatch(/\u001b/)
}, 20_000)

test('it asks few things, begins no login and leaves nothing at the provider', async () => {
  const { issuer, clientId, requests, issuedTokens } = local
  const before = requests.list().length
  await doctor('--authority', issuer, '--client-id', clientId, '--post-logout-redirect-uri', 'http://localhost:5173/')
  const asked = requests.list().slice(before)
  expect(asked.length).toBeLessThanOrEqual(17)
  expect(asked.filter(({ endpoint }) => endpoint === 'interaction')).toEqual([])
  expect(issuedTokens()).toEqual([])
}, 20_000)

test('--json is one line of one object, whose shape the page describes; exit code 1 for a problem', async () => {
  const { issuer } = local
  const { code, plain, problems } = await doctor(
    ...['--json', '--authority', `${issuer}/.well-known/openid-configuration`, '--client-id', 'x'],
  )
  expect([code, problems]).toEqual([1, ''])
  expect(plain.trimEnd().split('\n')).toHaveLength(1)
  const told = JSON.parse(plain) as {
    readonly findings: Record<string, unknown>[]
    readonly counts: Record<string, number>
  }
  const text = expect.any(String)
  const { problem = 0, warning = 0, unknown = 0, ok = 0 } = told.counts
  expect(problem + warning + unknown + ok).toBe(told.findings.length)
  expect(told).toEqual({
    counts: { problem, warning, unknown, ok },
    requests: expect.any(Number),
    findings: expect.any(Array),
    notes: [],
    createSession: { authority: issuer, clientId: 'x', redirectUri: 'http://localhost:5173/callback' },
  })
  for (const { set, sent, ...rest } of told.findings) {
    expect(rest).toEqual({ id: text, verdict: text, title: text, seen: text, why: text })
    expect([undefined, ...told.findings.map((one) => one['set'])]).toContain(set)
    expect([undefined, 'object']).toContain(sent === undefined ? sent : typeof sent)
  }
  expect(told.findings[0]).toMatchObject({ verdict: 'problem', set: text })
  expect(told.findings.at(-1)).toMatchObject({ verdict: 'ok' })
}, 20_000)

test('better-auth has nothing to mend, and what it cannot tell is said', async () => {
  const { options, stop } = await betterAuthProvider.start(() => undefined)
  stops.push(stop)
  const { authority, clientId } = options
  const { code, plain } = await doctor('--authority', authority, '--client-id', clientId, '--origin', app)
  expect(code).toBe(0)
  expect(plain.split('\n').slice(0, 2)).toEqual([
    `${authority}, which looks like better-auth`,
    expect.stringMatching(/^1 cannot be told from outside, \d+ fine\. 15 requests, no login\.$/),
  ])
  expect(plain).toContain('unknown  Public client  client.public\n         Any client ID gets the same answer')
}, 20_000)

test.each<[string, readonly string[]]>([
  ['--authority is missing', ['doctor', '--client-id', 'x']],
  ['--client-id is missing', ['doctor', '--authority', 'https://id.example']],
  ['There is one command', ['docter', '--authority', 'https://id.example', '--client-id', 'x']],
  [
    '--timeout is a number of seconds',
    ['doctor', '--authority', 'https://a.example', '--client-id', 'x', '--timeout', 'soon'],
  ],
  ["Unknown option '--nonsense'\n", ['doctor', '--nonsense']],
  ["Option '--authority <value>' argument missing", ['doctor', '--authority']],
  ['--client-id is missing', ['doctor', '--authority', 'https://a.example', '--client-id', ' ']],
  ['There is one command', []],
  ...(
    [
      ['--scope has to hold openid', '--scope', 'profile'],
      ['--timeout is a number of seconds', '--timeout', '0'],
      ['--origin has to be https', '--origin', 'http://app.example'],
      ['--redirect-uri has to be https', '--redirect-uri', 'javascript:alert(1)'],
      ['--redirect-uri may have no fragment', '--redirect-uri', 'https://app.example/callback#'],
      ['--redirect-uri may hold no user name', '--redirect-uri', 'https://a:b@app.example/callback'],
      [
        '--post-logout-redirect-uri has another origin',
        '--post-logout-redirect-uri',
        'https://b.example/',
        '--origin',
        'https://app.example',
      ],
      ['--redirect-uri has another origin', '--redirect-uri', 'https://b.example/', '--origin', 'https://app.example'],
    ] as const
  ).map(
    ([words, ...args]) =>
      [words, ['doctor', '--authority', 'https://a.example', '--client-id', 'x', ...args]] as [string, string[]],
  ),
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
  const gone = await listen(0, () => () => Promise.resolve())
  await gone.stop()
  const page = await serve((_req, res) => res.setHeader('Content-Type', 'text/html').end('<html>'))
  const silent = await serve(() => undefined)
  const told = async (authority: string) => {
    const { code, plain } = await doctor('--authority', authority, '--client-id', 'x', '--timeout', '0.5')
    expect(code).toBe(1)
    expect(plain).toMatch(/^ {4}Set {2}\w/m)
    expect(plain).not.toContain('createSession(')
    // As one text, wherever the lines end.
    return plain.replaceAll(/\s+/g, ' ')
  }
  expect(await told(`http://127.0.0.1:${gone.port}`)).toContain('Nothing listens at 127.0.0.1')
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

test('a reader that has read enough is no crash', async () => {
  const { issuer, clientId } = local
  const { child, ended } = start(['doctor', '--authority', issuer, '--client-id', clientId, '--json'])
  child.stdout.destroy()
  expect(await ended).toMatchObject({ code: 0, problems: '' })
}, 20_000)

test('a certificate that is trusted is for this name, or for another', async () => {
  const at = async (host: string) => {
    const certificate = certificateFor(host)
    const server = createTlsServer(certificate, (_req, res) => res.writeHead(404).end()).listen(0, '127.0.0.1')
    await once(server, 'listening')
    stops.push(() => void server.close())
    const address = server.address()
    const authority = `https://localhost:${typeof address === 'object' ? address?.port : ''}`
    const file = join(folder, `${host}.pem`)
    writeFileSync(file, certificate.cert)
    const args = ['doctor', '--authority', authority, '--client-id', 'x']
    const { plain } = await start(args, { NODE_EXTRA_CA_CERTS: file }).ended
    return plain.replaceAll(/\s+/g, ' ')
  }
  expect(await at('localhost')).toContain('is answered with 404')
  expect(await at('other.example')).toContain('The TLS certificate is for another name than localhost.')
}, 20_000)
