import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import ts from 'typescript'
import { root } from '../../scripts/command.ts'

// The code on the pages, put into one TypeScript program. A block stands by itself; what else it takes as given is said in a
// comment of HTML before it, in TypeScript: `<!-- given: declare const … -->`. A block that begins with a comment such as
// `// src/session.ts` is that file, so that a later block can import it.

/** What apps import, and the file of ours that it is. */
const entries: ReadonlyMap<string, string> = new Map([
  ['sessionchart', 'services/index.ts'],
  ['sessionchart/react', 'ui/react/index.ts'],
  ['sessionchart/testing', 'test/model/index.ts'],
  ['sessionchart/visualizer', 'ui/visualizer/index.ts'],
])

export interface Block {
  /** Such as `docs/testing.md:185`, where the block begins. */
  readonly at: string
  readonly path: string
  readonly text: string
}

const fence = /(?:^<!-- given: (?<given>(?:(?!-->)[^])*?) -->\n+)?^```(?<language>tsx?)\n(?<code>[^]*?)^```$/gm

/** All blocks marked `ts` or `tsx`, in the order of the page. `page`: from the root, such as `docs/testing.md`. */
export function blocksOf(page: string, text: string): readonly Block[] {
  return [...text.matchAll(fence)].map(({ index, groups = {} }) => {
    const { given = '', code = '' } = groups
    const line = text.slice(0, text.indexOf('```', index)).split('\n').length
    const [, file] = /^\/\/ (\S+\.tsx?)\n/.exec(code) ?? []
    const path = join(root, dirname(page), file ?? `${page.replaceAll('/', '-')}-${line}.tsx`)
    // A module, whatever is in it: pages use `await` and say names twice.
    return { at: `${page}:${line}`, path, text: `${given}\n${code}\nexport {}\n` }
  })
}

/** What the compiler says of the blocks, as it would in an editor: `page:line: message`. */
export function complaints(blocks: readonly Block[]): readonly string[] {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (file) => ts.sys.readFile(file)) as {
    config: object
  }
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root)
  const texts = new Map(blocks.map(({ path, text }) => [path, text]))
  if (texts.size !== blocks.length) throw new Error('Two blocks are the same file.')
  const host = ts.createCompilerHost(options)
  const { getSourceFile, fileExists, readFile } = host
  host.directoryExists = (folder) =>
    [...texts.keys()].some((path) => path.startsWith(`${folder}/`)) || ts.sys.directoryExists(folder)
  host.fileExists = (file) => texts.has(file) || fileExists(file)
  host.readFile = (file) => texts.get(file) ?? readFile(file)
  host.getSourceFile = (file, language, ...rest) => {
    const text = texts.get(file)
    return text === undefined ? getSourceFile(file, language, ...rest) : ts.createSourceFile(file, text, language, true)
  }
  const paths = Object.fromEntries([...entries].map(([name, file]) => [name, [join(root, file)]]))
  const program = ts.createProgram([...texts.keys()], { ...options, paths }, host)
  return blocks.flatMap(({ at, path }) =>
    ts
      .getPreEmitDiagnostics(program, program.getSourceFile(path))
      .map(({ messageText }) => `${at}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`),
  )
}

/** Every Markdown file of the repository, from the root. */
export const pages = execFileSync('git', ['ls-files', '*.md'], { cwd: root, encoding: 'utf8' }).trim().split('\n')

export const read = (path: string): string => readFileSync(join(root, path), 'utf8')
