import { DataFolderProblem } from './data-folder-problem.ts'
import { readFile, realpath, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { threadId } from 'node:worker_threads'
import { makeDataFolder } from './data-file.ts'
import { isRecord } from './json.ts'

interface Holder {
  pid: number
  thread: number
  /** When the process started, where that can be known: a pid is given to another process some day. */
  started: string | undefined
}

/** Those of this thread: what a file says of it may be left from a process that had its pid before. */
const held = new Set<string>()

/**
 * Takes a data folder for one provider, since two would overwrite each other's files. Rejects when another has it, in this
 * process or elsewhere on this machine; one that was killed is no hindrance. What it resolves with gives the folder back.
 */
export async function lockFolder(folder: string | undefined): Promise<() => Promise<void>> {
  if (folder === undefined) return async () => {}
  await makeDataFolder(folder)
  const path = join(await realpath(folder), 'provider.lock')
  if (held.has(path)) throw inUse(folder, path, process.pid)
  held.add(path)
  try {
    const mine = JSON.stringify({ pid: process.pid, thread: threadId, started: await startOf(process.pid) })
    await take(folder, path, mine)
    let given = false
    return async () => {
      // Once only: a provider that is stopped twice must not give back what the next one has taken.
      if (given) return
      given = true
      held.delete(path)
      if ((await contentOf(path)) === mine) await rm(path, { force: true })
    }
  } catch (error) {
    held.delete(path)
    throw error
  }
}

async function take(folder: string, path: string, mine: string) {
  for (let attempt = 0; attempt < 5; attempt++) {
    if (await create(path, mine)) return
    const content = await contentOf(path)
    if (content === undefined) continue
    const holder = holderIn(content)
    if (holder && (await isRunning(holder))) throw inUse(folder, path, holder.pid)
    await putAside(path, content)
  }
  throw inUse(folder, path, undefined)
}

/** False: there is one. */
async function create(path: string, content: string): Promise<boolean> {
  try {
    await writeFile(path, content, { flag: 'wx', mode: 0o600 })
    return true
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'EEXIST') return false
    throw new DataFolderProblem(
      `The data folder cannot be used: ${path} cannot be written. Choose another dataFolder.`,
      { cause },
    )
  }
}

/** Undefined when there is none. One that is empty may be about to be written: a moment later it is, or its writer died. */
async function contentOf(path: string): Promise<string | undefined> {
  const read = () => readFile(path, 'utf8').catch(() => undefined)
  const content = await read()
  if (content !== '') return content
  await new Promise((resolve) => setTimeout(resolve, 100))
  return read()
}

/** Two that find the same stale lock must not both remove it, the slower one the lock that the faster one has by then. */
async function putAside(path: string, stale: string) {
  const aside = `${path}.${process.pid}.${threadId}.stale`
  try {
    await rename(path, aside)
  } catch {
    return
  }
  const content = await contentOf(aside)
  if (content !== undefined && content !== stale) await create(path, content)
  await rm(aside, { force: true })
}

function holderIn(content: string): Holder | undefined {
  try {
    const parsed: unknown = JSON.parse(content)
    const { pid, thread, started } = isRecord(parsed) ? parsed : {}
    if (typeof pid !== 'number' || !Number.isSafeInteger(pid) || pid < 1) return undefined
    return { pid, thread: Number(thread), started: typeof started === 'string' ? started : undefined }
  } catch {
    return undefined
  }
}

async function isRunning({ pid, thread, started }: Holder): Promise<boolean> {
  // This thread holds none here, or it would have been refused before.
  if (pid === process.pid && thread === threadId) return false
  try {
    process.kill(pid, 0)
  } catch (cause) {
    // EPERM: it runs, as someone else.
    return cause instanceof Error && 'code' in cause && cause.code === 'EPERM'
  }
  const now = await startOf(pid)
  return now !== ended && (started === undefined || now === undefined || now === started)
}

const ended = 'ended'

/** On Linux; elsewhere a pid has to do. */
async function startOf(pid: number): Promise<string | undefined> {
  try {
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8')
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
    // After the name, which may hold anything: the state first, and the start, in ticks since boot, as the 20th.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' ? ended : `${boot.trim()} ${fields[19]}`
  } catch {
    return undefined
  }
}

function inUse(folder: string, path: string, pid: number | undefined): Error {
  const who = pid === process.pid ? 'this process' : `process ${pid ?? 'unknown'}`
  return new DataFolderProblem(
    `The data folder ${folder} is in use by another provider, of ${who}. Stop that one first, or choose another ` +
      `dataFolder. If none is running, remove ${path}.`,
  )
}
