import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { root } from '../../scripts/command.ts'
import { blocksOf } from './code.ts'

// A block of a page, run as it stands there: `import` gives what the test says, what the page takes as given comes from the test,
// and what the block declares is given back.

const page = 'docs/recipes.md'
const text = readFileSync(join(root, page), 'utf8')

/** The headings of the recipes, each with its blocks in the order of the page. */
export const recipes: ReadonlyMap<string, readonly string[]> = new Map(
  text
    .split(/^## /m)
    .slice(1)
    .map((section) => {
      const heading = section.slice(0, section.indexOf('\n'))
      return [heading, blocksOf(page, section).map((block) => block.text)]
    }),
)

type Names = Readonly<Record<string, unknown>>

/** What a block declares outside of any function. */
function declaredIn(code: string): readonly string[] {
  const { statements } = ts.createSourceFile('block.tsx', code, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX)
  const isGiven = (node: ts.Statement) =>
    ts.canHaveModifiers(node) && ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword)
  return statements.flatMap((node) => {
    if (isGiven(node) === true) return []
    if (ts.isFunctionDeclaration(node)) return [node.name?.text ?? '']
    if (!ts.isVariableStatement(node)) return []
    return node.declarationList.declarations.flatMap(({ name }) => (ts.isIdentifier(name) ? [name.text] : []))
  })
}

// Top-level `await` is at home in an asynchronous function, which `Function` does not make.
const AsyncFunction = (async () => {}).constructor as new (
  ...texts: string[]
) => (...given: unknown[]) => Promise<Names>

/** Of the block with this number under this heading. `modules`: by the names that it imports. `given`: what it finds there. */
export async function runRecipe(
  heading: string,
  number: number,
  modules: Readonly<Record<string, object>>,
  given: Names,
): Promise<Names> {
  const found = recipes.get(heading)?.[number]
  if (found === undefined) throw new Error(`There is no block ${number} under “${heading}”.`)
  const block = found.replaceAll(/^export (?=const|function)/gm, '')
  const { outputText } = ts.transpileModule(block, {
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.CommonJS,
      jsx: ts.JsxEmit.ReactJSX,
    },
    fileName: 'block.tsx',
  })
  const load = (name: string): object => {
    const module = modules[name]
    if (module === undefined) throw new Error(`“${heading}” imports ${name}, which the test does not give.`)
    return module
  }
  // No module, so there is no `import.meta`: it is given, as everything else.
  const body = `${outputText.replaceAll('import.meta', '__meta')}\nreturn { ${declaredIn(block).join(', ')} }`
  const run = new AsyncFunction('require', 'exports', ...Object.keys(given), body)
  return run(load, {}, ...Object.values(given))
}
