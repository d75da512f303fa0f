import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { LocalProvider, LocalProviderOptions } from '../../idp/index.ts'
import { renewal, signIn, startProvider } from './client.ts'

let dataFolder: string
let lock: string
let running: LocalProvider[] = []
let children: ChildProcess[] = []
beforeEach(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), 'idp-'))
  lock = join(dataFolder, 'provider.lock')
})
afterEach(async () => {
  await Promise.all(running.map((provider) => provider.stop()))
  await Promise.all(children.map(kill))
  running = []
  children = []
  await rm(dataFolder, { recursive: true })
})

const start = async (options: Partial<LocalProviderOptions> = {}) => {
  const provider = await startProvider({ dataFolder, ...options })
  running.push(provider)
  return provider
}
const run = (...args: string[]): ChildProcess => {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] })
  children.push(child)
  return child
}
const kill = async (child: ChildProcess) => {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGKILL')
  await once(child, 'exit')
}
const providerProcess = fileURLToPath(new URL('./provider-process.ts', import.meta.url))
const idle = ['-e', 'setInterval(() => {}, 1000)']

describe('two providers on one data folder', () => {
  test('the second is refused in the same process, by folder and by what to do, and the first goes on', async () => {
    const first = await start()
    const { refresh_token } = await signIn(first)
    await expect(start()).rejects.toThrow(
      new RegExp(`${dataFolder} is in use by another provider, of this process.*Stop that one.*remove ${lock}`),
    )
    expect((await renewal(first, refresh_token)).status).toBe(200)
    expect(existsSync(lock)).toBe(true)
  })

  test('also when both start at the same moment, or the folder has another name', async () => {
    const other = `${dataFolder}-link`
    await symlink(dataFolder, other)
    const outcomes = await Promise.allSettled([start(), start({ dataFolder: other }), start()])
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected', 'rejected'])
    await rm(other)
  })

  test('the second is refused while the first runs in another process, and recovers when that was killed', async () => {
    const child = run('scripts/run.mjs', providerProcess, dataFolder)
    await once(child.stdout ?? child, 'data')
    const before = await readdir(dataFolder)
    await expect(start()).rejects.toThrow(`in use by another provider, of process ${child.pid}.`)
    expect(await readdir(dataFolder)).toEqual(before)
    await kill(child)
    expect(existsSync(lock)).toBe(true)
    expect((await signIn(await start())).refresh_token).toBeTruthy()
  })

  test('a thread of this process counts as another', async () => {
    const worker = new Worker('setInterval(() => {}, 1000)', { eval: true })
    await once(worker, 'online')
    await writeFile(lock, JSON.stringify({ pid: process.pid, thread: worker.threadId }))
    await expect(start()).rejects.toThrow('in use by another provider, of this process')
    await worker.terminate()
    await rm(lock)
  })

  test('providers without a data folder do not mind each other', async () => {
    const providers = await Promise.all([startProvider(), startProvider()])
    expect(providers[0].issuer).not.toBe(providers[1].issuer)
    await Promise.all(providers.map((provider) => provider.stop()))
  })
})

describe('the lock of a data folder', () => {
  test('is gone once the provider has stopped, and stopping twice takes it from nobody', async () => {
    const first = await start()
    await first.stop()
    expect(existsSync(lock)).toBe(false)
    await start()
    await first.stop()
    expect(existsSync(lock)).toBe(true)
    await expect(start()).rejects.toThrow('in use')
  })

  test('is given back when the start fails', async () => {
    const first = await startProvider()
    await expect(start({ port: Number(new URL(first.issuer).port) })).rejects.toThrow('Port')
    await first.stop()
    await writeFile(join(dataFolder, 'users.json'), 'null')
    await expect(start()).rejects.toThrow('cannot be used')
    await rm(join(dataFolder, 'users.json'))
    expect(existsSync(lock)).toBe(false)
    await start()
  })

  const written = (holder: object | null) => JSON.stringify(holder)
  test.for<[string, () => string | Promise<string>]>([
    ['of a process that has ended', async () => written({ pid: await endedPid(), thread: 0 })],
    [
      'of another process, which this one has the pid of',
      () => written({ pid: process.pid, thread: 0, started: 'long ago' }),
    ],
    ['that was never written', () => ''],
    ['that holds no JSON', () => '{'],
    ['that holds something else', () => written(null)],
    ['with a pid that is none', () => written({ pid: -1, thread: 0 })],
  ])('%s is taken over', async ([, content]) => {
    await writeFile(lock, await content())
    await start()
    expect(JSON.parse(await readFile(lock, 'utf8'))).toMatchObject({ pid: process.pid })
    expect((await readdir(dataFolder)).sort()).toEqual(['keys.json', 'provider.lock'])
  })

  // Elsewhere nothing tells when a process began, and a pid that was given away has to be taken for the provider's.
  test.runIf(process.platform === 'linux')('of a process whose pid was given away is taken over', async () => {
    await writeFile(lock, written({ pid: run(...idle).pid, thread: 0, started: 'long ago' }))
    await start()
    expect(JSON.parse(await readFile(lock, 'utf8'))).toMatchObject({ pid: process.pid })
  })

  test('of a process that runs is respected, also without a time of its start', async () => {
    const { pid } = run(...idle)
    await writeFile(lock, JSON.stringify({ pid, thread: 0 }))
    await expect(start()).rejects.toThrow(`of process ${pid}.`)
    await rm(lock)
  })

  test('that is stale goes to one of several that find it', async () => {
    await writeFile(lock, JSON.stringify({ pid: await endedPid(), thread: 0 }))
    const processes = Array.from({ length: 4 }, () => run('scripts/run.mjs', providerProcess, dataFolder))
    const outcomes = await Promise.all(
      processes.map((child) =>
        Promise.race([once(child.stdout ?? child, 'data').then(() => 'runs'), once(child, 'exit').then(() => 'ended')]),
      ),
    )
    expect(outcomes.toSorted()).toEqual(['ended', 'ended', 'ended', 'runs'])
  })
})

async function endedPid(): Promise<number | undefined> {
  const child = run('-e', '')
  await once(child, 'exit')
  return child.pid
}
