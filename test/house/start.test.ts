import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { freePort } from '../../scripts/ports.ts'
import { throwawayHouse } from '../support/throwaway-house.ts'

// The provider is ours; the page is a stand-in, so that this tells of starting and ending and of nothing else.
const house = throwawayHouse(
  {
    'ui/index.html': '<!doctype html><title>Stand-in</title><script type="module" src="/app/main.tsx"></script>\n',
    'ui/app/main.tsx': "document.body.textContent = 'started'\n",
  },
  ['idp'],
)

const children: ChildProcess[] = []

const npmStart = (...args: string[]) => start(process.execPath, ['scripts/run.mjs', 'scripts/start.ts', ...args])

function start(command: string, args: readonly string[]) {
  const child = spawn(command, args, { cwd: house.folder })
  children.push(child)
  let output = ''
  const ended = new Promise<number | null>((done) => child.once('exit', done))
  const greeted = new Promise<string>((done, fail) => {
    const hear = (chunk: Buffer) => {
      output += chunk.toString()
      if (output.includes('Ctrl-C')) done(output)
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    child.once('close', () => fail(new Error(`ended before it greeted:\n${output}`)))
  })
  greeted.catch(() => {})
  return { child, ended, greeted, output: () => output }
}

async function isServed(address: string): Promise<boolean> {
  return fetch(address).then(
    () => true,
    () => false,
  )
}

/** Takes a port; it is as good when another program has it already. */
async function occupy(port: number): Promise<Server> {
  const server = createServer()
  await new Promise<void>((done) => server.once('error', () => done()).listen(port, '127.0.0.1', done))
  return server
}

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

afterAll(() => house.remove())

describe('npm start', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('serves app, configuration and provider until %s', async (signal) => {
    const port = await freePort()
    const { child, ended, greeted } = npmStart(
      '--port',
      String(port),
      '--token-lifetime',
      '20',
      '--vault',
      'local',
      '--dpop',
    )
    const greeting = await greeted

    const app = `http://127.0.0.1:${port}/`
    expect(greeting).toContain(app)
    expect(greeting).toMatch(/alice +password/)
    expect(greeting).toContain('access tokens live 20 s')

    expect(greeting).toContain('in the vault “local”, bound to a key of the browser')

    const page = await fetch(`${app}callback?code=x`)
    expect(await page.text()).toContain('<title>Stand-in</title>')

    const config = (await (await fetch(`${app}demo-config.json`)).json()) as Record<string, unknown>
    expect(config).toMatchObject({ redirectUri: `${app}callback`, tokenLifetime: 20, vault: 'local', dpop: true })
    expect(page.headers.get('content-security-policy')).toContain(`connect-src 'self' ${String(config['authority'])}`)

    const discovery = await fetch(`${String(config['authority'])}/.well-known/openid-configuration`)
    expect(await discovery.json()).toMatchObject({ issuer: config['authority'] })
    expect(existsSync(join(house.folder, '.sessionchart'))).toBe(true)

    const asked = performance.now()
    child.kill(signal)
    expect(await ended).toBe(0)
    expect(performance.now() - asked).toBeLessThan(2000)
    expect(await isServed(app)).toBe(false)
    expect(await isServed(String(config['authority']))).toBe(false)
  })

  it('lets an app of one’s own log in, and says what to give to createSession', async () => {
    const own = 'http://localhost:5173'
    const { greeted } = npmStart('--app', own)
    const greeting = await greeted
    const [, authority = '', clientId = ''] = /authority '([^']+)', clientId '([^']+)'/.exec(greeting) ?? []
    expect(greeting).toContain(`redirectUri '${own}/callback'`)

    const token = await fetch(`${authority}/oauth/token`, { method: 'POST', headers: { origin: own } })
    expect(token.headers.get('access-control-allow-origin')).toBe(own)
    const authorize = new URL(`${authority}/authorize`)
    authorize.search = String(
      new URLSearchParams({
        client_id: clientId,
        redirect_uri: `${own}/callback`,
        response_type: 'code',
        scope: 'openid',
        code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
        code_challenge_method: 'S256',
      }),
    )
    const { status, headers } = await fetch(authorize, { redirect: 'manual' })
    expect([status, headers.get('location')]).toEqual([303, expect.stringContaining('/interaction/')])
  })

  it('ends as well when only npm is told to', async () => {
    const port = await freePort()
    const { child, greeted } = start('npm', ['start', '--', '--port', String(port)])
    await greeted
    child.kill('SIGTERM')
    await expect.poll(() => isServed(`http://127.0.0.1:${port}/`), { timeout: 3000 }).toBe(false)
  })

  it('takes free ports when its own are taken, and says so', async () => {
    const taken = [await occupy(4400), await occupy(4401)]
    try {
      const { greeted } = npmStart()
      const greeting = await greeted
      expect(greeting).toContain('(port 4400 was taken)')
      const app = /Open +(\S+)/.exec(greeting)?.[1] ?? ''
      expect(await isServed(app)).toBe(true)
    } finally {
      for (const server of taken) server.close()
    }
  })

  it('refuses a taken port that was asked for', async () => {
    const port = await freePort()
    const taken = await occupy(port)
    const { ended, output } = npmStart('--port', String(port))
    expect(await ended).toBe(2)
    expect(output()).toContain(`Port ${port} is taken`)
    taken.close()
  })

  it.each([
    [['--prot', '1'], "Unknown option '--prot'"],
    [['--port', 'http'], '--port takes a whole number'],
    [['--port'], '--port'],
    [['--token-lifetime', '0'], '--token-lifetime takes a whole number'],
    [['--vault', 'cookie'], '--vault takes one of encrypted, local, session, memory'],
    [['--app', 'https://elsewhere.example'], '--app takes the origin of an app on this machine'],
    [['--app', 'http://localhost:5173/callback'], '--app takes the origin of an app on this machine'],
    [['now'], "Unexpected argument 'now'"],
  ])('refuses %j', async (args, told) => {
    const { ended, output } = npmStart(...args)
    expect(await ended).toBe(2)
    expect(output()).toContain(told)
    expect(output()).toContain('Usage: npm start')
  })
})
