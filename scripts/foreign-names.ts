import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { root } from './command.ts'
import { bench, installPeers } from './peers.ts'

// `npm run foreign-names`: every name of another client that docs/migration.md says is in that client's own declarations, in the
// versions that the page names. By hand, because those packages are not installed here until somebody asks for them.

const page = 'docs/migration.md'

/** Headings of the page, and the packages whose names stand under them. */
const clients: Readonly<Record<string, readonly string[]>> = {
  'From oidc-client-ts and react-oidc-context': ['oidc-client-ts', 'react-oidc-context'],
  'From Auth0': ['@auth0/auth0-spa-js', '@auth0/auth0-react'],
}

/** What the page itself made up to show how a call looks, and what is ours in a list of what we do not do. */
const ours = new Set(['args', 'settings', 'new', 'Component', 'memory', 'code', 'false'])

/** Names in code, without what stands in quotes. */
const namesIn = (code: string): readonly string[] =>
  code
    .replaceAll(/'[^']*'/g, '')
    .match(/[A-Za-z_]\w*/g)
    ?.filter((name) => !ours.has(name)) ?? []

const codeIn = (text: string): readonly string[] => [...text.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code)

/** Names in the first column of each table, and those of the lists of what we do not do. */
function namesUnder(section: string): readonly string[] {
  const cells = [...section.matchAll(/^\| (`.*?) \| /gm)].map(([, cell = '']) => cell)
  const [, notDone = ''] = section.split('### What we do not do')
  const [list = ''] = notDone.split('\nWhat we do besides')
  return [...new Set([...cells, list].flatMap(codeIn).flatMap(namesIn))]
}

/** Every identifier in the declarations of a package; a name in a comment does not count. */
function declaredIn(name: string): ReadonlySet<string> {
  const found = new Set<string>()
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) || ts.isStringLiteral(node)) found.add(node.text)
    ts.forEachChild(node, visit)
  }
  const folder = join(bench, 'node_modules', name)
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.d.ts'))
  for (const file of files)
    visit(ts.createSourceFile(file, readFileSync(join(folder, file), 'utf8'), ts.ScriptTarget.Latest))
  return found
}

const versionOf = (name: string): string =>
  (JSON.parse(readFileSync(join(bench, 'node_modules', name, 'package.json'), 'utf8')) as { version: string }).version

export async function main(): Promise<void> {
  await installPeers()
  const text = readFileSync(join(root, page), 'utf8')
  const wrong: string[] = []
  for (const [heading, packages] of Object.entries(clients)) {
    const [, from = ''] = text.split(`\n## ${heading}\n`)
    const [section = ''] = from.split('\n## ')
    const names = namesUnder(section)
    const declared = packages.map(declaredIn)
    const missing = names.filter((name) => !declared.some((all) => all.has(name)))
    wrong.push(...missing.map((name) => `${name} is in none of ${packages.join(', ')}`))
    for (const name of packages) {
      const said = `${name.replace('@auth0/', '')} ${versionOf(name)}`
      if (!text.includes(said)) wrong.push(`The page does not say ${said}`)
    }
    console.log(`${heading}: ${names.length} names, ${missing.length} of them unknown`)
  }
  if (wrong.length > 0) throw new Error(`${page}:\n  ${wrong.join('\n  ')}`)
}
