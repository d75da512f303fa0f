import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'vite'
import { root } from '../command.ts'

/** What an app takes of a library, as it would write it. */
export interface Taken {
  readonly name: string
  /** A module that exports it. */
  readonly code: string
  /** Packages that are not counted: the app has them anyway. */
  readonly without?: readonly string[]
}

/** Where the modules of one bundle lie: what is loaded at once, and what later. Paths of files. */
export interface Bundle {
  readonly first: readonly string[]
  readonly later: readonly string[]
}

const entry = 'virtual:taken'

const react: readonly string[] = ['react', 'react-dom', 'react/jsx-runtime', 'react-dom/client']

const sessionchart = Object.fromEntries(
  Object.entries({
    'sessionchart/react': 'ui/react/index.js',
    'sessionchart/visualizer': 'ui/visualizer/index.js',
    sessionchart: 'services/index.js',
  }).map(([name, file]) => [name, join(root, 'dist/package', file)]),
)

/**
 * Bundles what an app takes, minified, as Vite does it for production, into `dist/size/NAME`. `where`: the folder whose packages are meant.
 * What is loaded at once lies in `first.js`, and what it shares with what comes later in files whose names begin so, too: the budgets count by name.
 */
export async function bundle({ name, code, without = react }: Taken, where: string): Promise<Bundle> {
  const outDir = join(root, 'dist/size', name)
  await rm(outDir, { recursive: true, force: true })
  const result = await build({
    root: where,
    configFile: false,
    logLevel: 'error',
    resolve: {
      alias: Object.entries(sessionchart).map(([find, replacement]) => ({ find, replacement })),
      // Else what runs this decides, and packages are taken with what they say to developers only.
      conditions: ['module', 'browser', 'production'],
    },
    define: { 'process.env.NODE_ENV': '"production"' },
    plugins: [
      {
        name: 'taken',
        resolveId: (id) => (id === entry ? entry : null),
        load: (id) => (id === entry ? code : null),
      },
    ],
    build: {
      outDir,
      emptyOutDir: false,
      minify: true,
      target: 'es2022',
      modulePreload: false,
      rolldownOptions: {
        input: entry,
        external: [...without],
        // What chunks share lies in `first.js` too, as in the entry of an app.
        preserveEntrySignatures: 'allow-extension',
        output: { entryFileNames: 'first.js', chunkFileNames: 'later-[name].js', assetFileNames: '[name][extname]' },
      },
    },
  })
  const outputs = Array.isArray(result) ? result : [result]
  const chunks = outputs
    .flatMap((output) => ('output' in output ? output.output : []))
    .filter((made) => made.type === 'chunk')
  const first = new Set<string>()
  const load = (file: string) => {
    const chunk = chunks.find(({ fileName }) => fileName === file)
    if (chunk === undefined || first.has(file)) return
    first.add(file)
    chunk.imports.forEach(load)
  }
  load('first.js')
  const later = chunks.map(({ fileName }) => fileName).filter((file) => !first.has(file))
  const named = [...first].map((file) => [file, file.replace(/^later-/, 'first-')] as const)
  for (const [made, kept] of named) await rename(join(outDir, made), join(outDir, kept))
  return { first: named.map(([, file]) => join(outDir, file)), later: later.map((file) => join(outDir, file)) }
}
