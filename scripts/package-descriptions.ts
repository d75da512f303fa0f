import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import ts from 'typescript'
import { accountMachine, renewalMachine, sessionMachine } from '../machines/index.ts'
import { descriptionsOf, fingerprintOf } from '../ui/visualizer/model/descriptions.ts'

/** Moves the sentences of our charts, which only drawings show, from the package's machines to its visualizer. */
export async function moveDescriptions(folder: string): Promise<void> {
  const machines = join(folder, 'machines')
  for (const file of await readdir(machines, { recursive: true })) {
    if (!file.endsWith('.js')) continue
    const path = join(machines, file)
    await writeFile(path, withoutDescriptions(await readFile(path, 'utf8')))
  }
  const moved = Object.fromEntries(
    [sessionMachine, renewalMachine, accountMachine].map((machine) => {
      const descriptions = descriptionsOf(machine)
      return [fingerprintOf(descriptions), [...descriptions.values()]] as const
    }),
  )
  const path = join(folder, 'ui/visualizer/model/descriptions.js')
  const code = await readFile(path, 'utf8')
  const filled = code.replace('const moved = {}', () => `const moved = ${JSON.stringify(moved)}`)
  if (filled === code) throw new Error(`${path} has no place for the descriptions`)
  await writeFile(path, filled)
}

/** A module without the properties named `description` that are plain text. Lines stay where they are, for the source maps. */
function withoutDescriptions(code: string): string {
  const source = ts.createSourceFile('machine.js', code, ts.ScriptTarget.Latest, true)
  const cuts: { readonly start: number; readonly end: number }[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isObjectLiteralExpression(node))
      for (const [place, property] of node.properties.entries())
        if (isDescription(property))
          // With its comma: the next property begins behind that.
          cuts.push({ start: property.getStart(source), end: node.properties[place + 1]?.pos ?? node.properties.end })
    ts.forEachChild(node, visit)
  }
  visit(source)
  return cuts
    .toReversed()
    .reduce(
      (text, { start, end }) =>
        text.slice(0, start) + text.slice(start, end).replaceAll(/[^\n]/g, '') + text.slice(end),
      code,
    )
}

const isDescription = (property: ts.ObjectLiteralElementLike): boolean =>
  ts.isPropertyAssignment(property) &&
  ts.isIdentifier(property.name) &&
  property.name.text === 'description' &&
  ts.isStringLiteralLike(property.initializer)
