import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { promisify } from 'node:util'
import { app, type Say, type TestProvider } from './types.ts'

const run = promisify(execFile)
/** Debian's own, which has Debian's packages. */
const python = '/usr/bin/python3'
const packages = ['python3-django-oauth-toolkit', 'python3-django-cors-headers']
const person = { username: 'alice', password: 'looking-glass' }

/** django-oauth-toolkit in a Django project of its own (django/), as Debian packages it, in a process of its own. */
export const djangoProvider: TestProvider = {
  name: 'django-oauth-toolkit',
  async start(say) {
    await install(say)
    const folder = await mkdtemp(join(tmpdir(), 'sessionchart-django-'))
    const server = spawn(python, ['-B', join(import.meta.dirname, 'django', 'serve.py')], {
      env: { ...process.env, PROVIDER_TOLD: JSON.stringify({ app, folder, ...person }) },
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    const ended = once(server, 'close')
    const stop = async (): Promise<void> => {
      // It ends when its standard input does, which is also how it notices the end of this process.
      server.stdin.end()
      await ended
      await rm(folder, { recursive: true, force: true })
    }
    let trouble = ''
    server.stderr.setEncoding('utf8').on('data', (text: string) => (trouble += text))
    try {
      for await (const line of createInterface(server.stdout)) {
        const { port, clientId } = JSON.parse(line) as { readonly port: number; readonly clientId: string }
        const authority = `http://127.0.0.1:${port}/o`
        // It knows no `offline_access`, and refuses scopes that it does not know.
        return { options: { authority, clientId, scope: 'openid profile email' }, person, stop }
      }
      throw new Error('it says nothing')
    } catch (error) {
      await stop()
      const why = trouble.trim().split('\n').at(-1) || String(error)
      throw new Error(`the Django project did not start: ${why}`, { cause: error })
    }
  },
}

const modules = ['corsheaders', 'django', 'jwcrypto', 'oauth2_provider']
const isInstalled = (): Promise<boolean> =>
  run(python, [
    '-c',
    `from importlib.util import find_spec as find; assert all(map(find, ${JSON.stringify(modules)}))`,
  ]).then(
    () => true,
    () => false,
  )

async function install(say: Say): Promise<void> {
  if (await isInstalled()) return
  const command = `apt-get install -y --no-install-recommends ${packages.join(' ')}`
  if (process.getuid?.() !== 0) throw new Error(`it is not installed. On Debian or Ubuntu: sudo ${command}`)
  say(`Installing django-oauth-toolkit: ${command}`)
  const [apt = '', ...args] = command.split(' ')
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  try {
    await run(apt, ['update', '-q'], { env })
    await run(apt, args, { env })
  } catch (error) {
    throw new Error(`it is not installed, and "${command}" failed: ${lastLineOf(error)}`, { cause: error })
  }
  if (!(await isInstalled())) throw new Error(`"${command}" went well, and ${python} still cannot import it`)
}

function lastLineOf(error: unknown): string {
  const { stderr } = error as { readonly stderr?: string }
  return stderr?.trim().split('\n').at(-1) ?? String(error)
}
