import { DataFolderProblem } from './data-folder-problem.ts'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** One JSON file in the data folder, or nothing at all when the provider keeps its data in memory. */
export interface DataFile {
  /** What the file held when it was opened; undefined when there was none. */
  initial: unknown
  /** Resolves once a write that includes the present content is in place. Calls that come during a write share the next. */
  save(serialize: () => string): Promise<void>
  /** Resolves when no write is under way. */
  settled(): Promise<void>
  /** The error for a file whose JSON is fine but whose shape is not. */
  complain(why: string): Error
}

const memory: DataFile = {
  initial: undefined,
  save: async () => {},
  settled: async () => {},
  complain: (why) => new DataFolderProblem(why),
}

export async function makeDataFolder(folder: string) {
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch((cause: unknown) => {
    throw new DataFolderProblem(
      `The data folder ${folder} cannot be made: ${reason(cause)}. Choose another dataFolder.`,
      { cause },
    )
  })
}

/**
 * Opens `name` in `folder`. A file that cannot be read or parsed is left exactly as it is: the error names it and says
 * what to do, because starting empty would overwrite it at the first write.
 */
export async function openDataFile(folder: string | undefined, name: string, holds: string): Promise<DataFile> {
  if (folder === undefined) return memory
  const path = join(folder, name)
  const initial = await read(path, holds)

  // A temporary file that is renamed: whoever reads the file, even after a crash, sees the old content or the new.
  const write = async (serialize: () => string) => {
    const temporary = `${path}.${process.pid}.tmp`
    await writeFile(temporary, serialize(), { mode: 0o600 })
    await rename(temporary, path)
  }

  let current: Promise<void> | undefined
  let next: Promise<void> | undefined
  const save = (serialize: () => string): Promise<void> => {
    if (current) {
      const afterCurrent = (): Promise<void> => {
        next = undefined
        return save(serialize)
      }
      return (next ??= current.then(afterCurrent, afterCurrent))
    }
    current = write(serialize).finally(() => (current = undefined))
    return current
  }
  const settled = async () => {
    while (current) await (next ?? current).catch(() => {})
  }
  return { initial, save, settled, complain: (why) => new DataFolderProblem(unusable(path, holds, why)) }
}

async function read(path: string, holds: string): Promise<unknown> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined
    throw new DataFolderProblem(unusable(path, holds, reason(cause)), { cause })
  }
  try {
    return JSON.parse(text) as unknown
  } catch (cause) {
    throw new DataFolderProblem(unusable(path, holds, 'it is not valid JSON'), { cause })
  }
}

function unusable(path: string, holds: string, why: string): string {
  return (
    `The provider's file ${path} (${holds}) cannot be used: ${why}. Nothing was changed. ` +
    `Put a good copy in its place, or move it away to start without it, and start again.`
  )
}

function reason(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}
