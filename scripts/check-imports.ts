import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, posix, relative, resolve, sep } from 'node:path'
import ts from 'typescript'

// Which room may import which. The linter's own rule compares the text of an import with a pattern, so it cannot see where
// a path leads, nor `import('…')` in a type; this check resolves every import, type-only ones included.

interface Row {
  /** A folder of ours, or one file in it. */
  readonly from: string
  /** Packages that may be imported, by name; `any` leaves that to package.json. */
  readonly packages: readonly string[] | 'any'
  /** Our own files that may be imported besides those of the same room, as paths from the root. */
  readonly own: readonly RegExp[] | 'any'
  /** Of our own files outside the room, types only. */
  readonly typesOnly?: true
  readonly instead: string
}

/** What an app developer can import, too. */
const publicFaces = [/^(machines|services|services\/memory|ui\/react)\/index\.ts$/]
const provider = /^idp\/index\.ts$/

/** What a service may have of the charts. */
const typesAndErrors = [/^machines\/(?!index\.ts)[^/]+\.ts$/, /^machines\/[^/]+\/(types|ports|errors)\.ts$/]

/** The first row that fits a file decides. */
const table: readonly Row[] = [
  {
    from: 'machines/',
    packages: ['xstate'],
    own: [],
    instead: 'declare a port in ports.ts and let a service provide it',
  },
  {
    from: 'services/create-session.ts',
    packages: ['xstate', 'idb'],
    own: [/^machines\//],
    instead: 'put view code into ui/',
  },
  {
    // The second composition root: the charts with scripted services, for tests and demonstrations.
    from: 'services/memory/machines.ts',
    packages: ['xstate'],
    own: [/^machines\//],
    instead: 'only put machines together here',
  },
  {
    // The chart as the services see it, through its selectors.
    from: 'services/chart-view.ts',
    packages: ['xstate'],
    own: [/^machines\/session\/(machine|selectors)\.ts$/],
    instead: 'read the chart by its selectors',
  },
  {
    from: 'services/face.ts',
    packages: ['xstate'],
    own: [/^machines\//],
    typesOnly: true,
    instead: 'only describe the face here, by `import type`',
  },
  {
    from: 'services/index.ts',
    packages: [],
    own: [/^machines\/index\.ts$/],
    instead: 'only re-export here: this is the entry point `sessionchart`',
  },
  {
    // jose, in one place.
    from: 'services/oidc/signature.ts',
    packages: ['jose'],
    own: [],
    instead: 'only check signatures here',
  },
  {
    from: 'services/oidc/',
    packages: ['oidc-client-ts'],
    own: typesAndErrors,
    instead: 'take types, ports and errors; machines are put together in services/create-session.ts alone',
  },
  {
    from: 'services/',
    packages: ['xstate', 'idb'],
    own: typesAndErrors,
    instead: 'take types, ports and errors; machines are put together in services/create-session.ts alone',
  },
  {
    // Draws whatever machine it is given; the layouts of ours are made beforehand.
    from: 'ui/visualizer/',
    packages: ['react', 'xstate', 'elkjs'],
    own: [],
    instead: 'let the page that shows it hand in what it needs',
  },
  {
    // A page for designers: it runs charts with scripted services, and shows what the tests take.
    from: 'ui/statechart/',
    packages: ['react', 'react-dom', 'xstate'],
    own: [...publicFaces, /^coverage\.json$/],
    instead: 'export what is missing from machines/index.ts or services/memory/index.ts',
  },
  {
    from: 'ui/',
    packages: ['react', 'react-dom', '@xstate/react'],
    own: publicFaces,
    instead: 'export what is missing from machines/index.ts or services/index.ts',
  },
  { from: 'doctor/', packages: ['node:util'], own: [], instead: 'use what Node has: it is run by npx, alone' },
  { from: 'idp/', packages: 'any', own: publicFaces, instead: 'use the public entry points, as a stranger would' },
  {
    from: 'bench/',
    packages: 'any',
    own: [
      ...publicFaces,
      provider,
      // The policies of a fleet are those of the code that runs, and what is measured alone is taken alone.
      /^(scripts|test\/support|ui\/visualizer|services\/memory)\//,
      /^machines\/renewal\/backoff\.ts$/,
      /^services\/credentials\/facts\.ts$/,
    ],
    instead: 'use the public entry points',
  },
  {
    from: 'scripts/',
    packages: 'any',
    own: [...publicFaces, provider, /^test\/(model|mutants|support|providers)\//, /^ui\/visualizer\//],
    instead: 'use the public entry points',
  },
  {
    // To be copied: an example knows the package, and nothing of this tree.
    from: 'docs/examples/',
    packages: 'any',
    own: [],
    instead: 'import the package, as whoever copies the example does',
  },
  { from: 'test/', packages: 'any', own: 'any', instead: '' },
]

/** ui/react is published by itself, so the demo and the visualizer must not come with it. */
const outsideBindings = (file: string, target: string) =>
  file.startsWith('ui/react/') && /^ui\/(?!react\/)/.test(target)

/** A chunk of its own, loaded when the provider is first asked for something: by `import('…')`, or it would come with the app. */
const onDemand = /^services\/(oidc|dpop)\//

const isSource = (path: string) => /\.(ts|tsx|mts)$/.test(path)

const packageName = (specifier: string) => specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')

const slashed = (path: string) => path.split(sep).join(posix.sep)

function* sourcesUnder(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name.startsWith('.') || entry.name === 'node_modules' || entry.name === 'dist') continue
    const path = join(folder, entry.name)
    if (entry.isDirectory()) yield* sourcesUnder(path)
    else if (isSource(path)) yield path
  }
}

interface Import {
  readonly specifier: string
  readonly line: number
  readonly typesOnly: boolean
  /** `import('…')`, of code. */
  readonly isLater: boolean
}

function importsOf(path: string): Import[] {
  const text = readFileSync(path, 'utf8')
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)
  const found: Import[] = []
  const note = (node: ts.Node | undefined, typesOnly: boolean, isLater = false) => {
    if (!node || !ts.isStringLiteralLike(node)) return
    const { line } = source.getLineAndCharacterOfPosition(node.getStart(source))
    found.push({ specifier: node.text, line: line + 1, typesOnly, isLater })
  }
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node))
      note(node.moduleSpecifier, node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword)
    else if (ts.isExportDeclaration(node)) note(node.moduleSpecifier, node.isTypeOnly)
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) note(node.argument.literal, true)
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      note(node.arguments[0], false, true)
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

function whatIsWrong(root: string, file: string, { specifier, typesOnly, isLater }: Import): string | undefined {
  const row = table.find(({ from }) => file.startsWith(from))
  const room = file.slice(0, file.indexOf('/') + 1)
  // Configuration at the top level belongs to no room.
  if (!row) return room ? `${room} has no row in the table of scripts/check-imports.ts: add one` : undefined
  if (!specifier.startsWith('.')) {
    // A chart may use `xstate` alone, not its subpaths: those are tools for tests and views.
    const name = room === 'machines/' ? specifier : packageName(specifier)
    if (row.packages === 'any' || row.packages.includes(name)) return undefined
    return `${row.from} may import ${row.packages.join(', ') || 'no package'}; instead, ${row.instead}`
  }
  const target = slashed(relative(root, resolve(root, dirname(file), specifier.replace(/\?.*$/, ''))))
  if (!/\.\w+$/.test(target)) return 'write the path with its extension'
  if (!existsSync(join(root, target))) return `there is no file ${target}`
  if (outsideBindings(file, target))
    return 'ui/react is published without the rest of ui/; instead, move it into ui/react'
  if (onDemand.test(target) && !typesOnly && !isLater && file.startsWith('services/') && !onDemand.test(file))
    return `${target} is loaded when needed; instead, import a type of it, or put what both need beside it`
  if (row.own === 'any' || target.startsWith(room)) return undefined
  const allowed = row.own.some((pattern) => pattern.test(target))
  if (allowed && row.typesOnly && !typesOnly)
    return `${row.from} may import no more than types of ${target}; instead, ${row.instead}`
  if (allowed) return undefined
  return `${row.from} may not import ${target}; instead, ${row.instead}`
}

/** Every import that the table forbids, one line each, with what to do instead. Empty when all is well. */
export function forbiddenImports(root: string): string[] {
  const problems: string[] = []
  for (const path of sourcesUnder(root)) {
    const file = slashed(relative(root, path))
    for (const found of importsOf(path)) {
      const problem = whatIsWrong(root, file, found)
      if (problem) problems.push(`${file}:${found.line}  '${found.specifier}'  ${problem}`)
    }
  }
  return problems
}
