import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import ts from 'typescript'
import { root } from './command.ts'

// `npm run api`: the reference in docs/api, one page for each entry point, of the declarations and docstrings as they are written.

const entries = [
  { name: 'sessionchart', page: 'sessionchart', file: 'services/index.ts' },
  { name: 'sessionchart/react', page: 'react', file: 'ui/react/index.ts' },
  { name: 'sessionchart/testing', page: 'testing', file: 'test/model/index.ts' },
  { name: 'sessionchart/visualizer', page: 'visualizer', file: 'ui/visualizer/index.ts' },
] as const

export interface ApiPage {
  /** From the root. */
  readonly path: string
  readonly text: string
}

/** An exported name with its docstring: empty where there is none. */
export interface ApiName {
  readonly entry: string
  readonly name: string
  readonly doc: string
  /** What the reader is to know of the declaration, in TypeScript. */
  readonly code: string
  readonly group: 'Functions' | 'Values' | 'Types'
}

const printer = ts.createPrinter({ removeComments: true })

/** The declaration without what it does. */
function codeOf(node: ts.Declaration, checker: ts.TypeChecker): string {
  const file = node.getSourceFile()
  if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return node.getText().replace(/^export /, '')
  if (ts.isFunctionDeclaration(node)) {
    const end = node.body?.getStart() ?? node.end
    return file.text
      .slice(node.getStart(), end)
      .trim()
      .replace(/^export /, '')
  }
  if (ts.isClassDeclaration(node)) {
    const members = node.members.map((member) =>
      ts.isConstructorDeclaration(member) || ts.isMethodDeclaration(member)
        ? `  ${file.text.slice(member.getStart(), member.body?.getStart() ?? member.end).trim()}`
        : `  ${member.getText().replace(/ = .*$/, '')}`,
    )
    return `class ${node.name?.text ?? ''} extends Error {\n${members.join('\n')}\n}`
  }
  if (ts.isVariableDeclaration(node)) {
    const { initializer } = node
    const name = node.name.getText()
    if (initializer !== undefined && ts.isArrowFunction(initializer)) {
      const head = file.text.slice(initializer.getStart(), initializer.equalsGreaterThanToken.getStart()).trim()
      return `const ${name} = ${head} => …`
    }
    if (node.type !== undefined) return `const ${name}: ${node.type.getText()}`
    const type = checker.typeToString(checker.getTypeAtLocation(node))
    return type.startsWith('StateMachine<') ? `const ${name}: StateMachine<…>` : `const ${name}: ${type}`
  }
  return printer.printNode(ts.EmitHint.Unspecified, node, file)
}

const groupOf = (node: ts.Declaration): ApiName['group'] => {
  if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return 'Types'
  const isArrow =
    ts.isVariableDeclaration(node) && node.initializer !== undefined && ts.isArrowFunction(node.initializer)
  return ts.isFunctionDeclaration(node) || isArrow ? 'Functions' : 'Values'
}

/** All that the package exports. */
export function apiNames(): readonly ApiName[] {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (file) => ts.sys.readFile(file)) as {
    config: object
  }
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root)
  const program = ts.createProgram(
    entries.map(({ file }) => join(root, file)),
    options,
  )
  const checker = program.getTypeChecker()
  return entries.flatMap(({ name: entry, file }) => {
    const source = program.getSourceFile(join(root, file))
    const module = source && checker.getSymbolAtLocation(source)
    if (module === undefined) throw new Error(`${file} exports nothing.`)
    return checker.getExportsOfModule(module).map((exported): ApiName => {
      const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported
      const declarations = symbol.getDeclarations() ?? []
      const overloads = declarations.filter(ts.isFunctionDeclaration)
      const told = overloads.length > 1 ? overloads.slice(0, -1) : declarations.slice(0, 1)
      const [first] = told
      if (first === undefined) throw new Error(`${entry}: ${exported.name} has no declaration.`)
      return {
        entry,
        name: exported.name,
        doc: ts.displayPartsToString(symbol.getDocumentationComment(checker)),
        code: told.map((one) => codeOf(one, checker)).join('\n'),
        group: groupOf(first),
      }
    })
  })
}

const groups = ['Functions', 'Values', 'Types'] as const

const sectionOf = ({ name, doc, code }: ApiName): string =>
  `### ${name}\n\n${doc === '' ? '' : `${doc}\n\n`}\`\`\`ts\n${code}\n\`\`\`\n`

/** The pages of all these names. */
export function apiPages(all: readonly ApiName[]): readonly ApiPage[] {
  const names = all.toSorted((one, other) => one.name.localeCompare(other.name, 'en'))
  return entries.map(({ name: entry, page }) => {
    const own = names.filter((one) => one.entry === entry)
    const sections = groups
      .map((group) => ({ group, members: own.filter((one) => one.group === group) }))
      .filter(({ members }) => members.length > 0)
      .map(({ group, members }) => `## ${group}\n\n${members.map(sectionOf).join('\n')}`)
    const text = `# ${entry}\n\nMade by \`npm run api\` from the declarations and their docstrings; [the other pages](../README.md).\n\n${sections.join('\n')}`
    return { path: join('docs/api', `${page}.md`), text }
  })
}

export function main(): void {
  const all = apiNames()
  for (const { path, text } of apiPages(all)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
    process.stdout.write(`${path}: ${Math.round(readFileSync(join(root, path)).length / 1000)} kB\n`)
  }
  const bare = all.filter(({ doc }) => doc === '')
  process.stdout.write(
    `${bare.length} names have no docstring: ${bare.map(({ entry, name }) => `${entry}:${name}`).join(' ')}\n`,
  )
}
