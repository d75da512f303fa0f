import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import ts from 'typescript'
import { root } from '../../scripts/command.ts'
import { read } from './code.ts'

const parsed = (path: string): ts.SourceFile => ts.createSourceFile(path, read(path), ts.ScriptTarget.Latest, true)

interface Member {
  readonly name: string
  readonly isRequired: boolean
}

/** The properties of a type, those of a nested one as `outer.inner`. */
function membersOf(members: ts.NodeArray<ts.TypeElement>): readonly Member[] {
  return members
    .filter(ts.isPropertySignature)
    .flatMap(({ name, type, questionToken }) =>
      type !== undefined && ts.isTypeLiteralNode(type)
        ? membersOf(type.members).map((inner) => ({ ...inner, name: `${name.getText()}.${inner.name}` }))
        : [{ name: name.getText(), isRequired: questionToken === undefined }],
    )
}

/** Rows of all tables of a page, by cells; a first cell is a name in backticks. */
const rowsOf = (page: string): readonly (readonly string[])[] =>
  [...read(page).matchAll(/^\| `([^`]+)` \| (.*) \|$/gm)].map(([, name = '', rest = '']) => [
    name,
    ...rest.split(/(?<!\\) \| /),
  ])

test('the page on options has each of them once, and says which are required', () => {
  const options = parsed('services/face.ts').statements.find(
    (one): one is ts.InterfaceDeclaration => ts.isInterfaceDeclaration(one) && one.name.text === 'SessionOptions',
  )
  const members = membersOf(options?.members ?? ts.factory.createNodeArray())
  expect(members.length).toBeGreaterThan(15)
  const rows = rowsOf('docs/options.md').map(([name, , standard]) => ({ name, isRequired: standard === 'required' }))
  const byName = (one: { readonly name?: string | undefined }, other: { readonly name?: string | undefined }): number =>
    (one.name ?? '').localeCompare(other.name ?? '')
  expect(rows.toSorted(byName)).toEqual(members.toSorted(byName))
})

test('the page on errors has each code once, with when it happens and what to do', () => {
  const codes = parsed('machines/errors.ts').statements.find(
    (one): one is ts.TypeAliasDeclaration => ts.isTypeAliasDeclaration(one) && one.name.text === 'SessionErrorCode',
  )
  const names =
    codes !== undefined && ts.isUnionTypeNode(codes.type)
      ? codes.type.types.map((type) => type.getText().slice(1, -1))
      : []
  expect(names.length).toBeGreaterThan(30)
  const rows = rowsOf('docs/errors.md')
  expect(rows.map(([name = '']) => name).toSorted()).toEqual(names.toSorted())
  expect(rows.filter(([, ...cells]) => cells.length !== 2 || cells.some((cell) => cell.trim() === ''))).toEqual([])
})

/** The texts `type: '…'` of a union of facts. */
const factsIn = (path: string, name: string): readonly string[] => {
  const union = parsed(path).statements.find(
    (one): one is ts.TypeAliasDeclaration => ts.isTypeAliasDeclaration(one) && one.name.text === name,
  )
  return [...(union?.type.getText() ?? '').matchAll(/readonly type: '([^']+)'/g)].map(([, type = '']) => type)
}

test('the page on the lifecycle has each fact once', () => {
  const facts = [
    ...factsIn('machines/session/types.ts', 'SessionFact'),
    ...factsIn('machines/account/types.ts', 'AccountFact'),
  ]
  expect(facts.length).toBeGreaterThan(15)
  const [, table = ''] = read('docs/lifecycle.md').split('## All facts')
  const rows = [...table.matchAll(/^\| (`[^|]+`) \|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`([a-zA-Z]+\.[a-zA-Z]+)`/g)].map(([, type = '']) => type),
  )
  expect(rows.toSorted()).toEqual(facts.toSorted())
})

const findings = [...read('doctor/finding.ts').matchAll(/^ {2}'([a-z]+\.[a-zA-Z]+)': \{\s*title: '([^']+)'/gm)].map(
  ([, id = '', title = '']) => ({ id, title }),
)

test('the findings of the doctor that the page on troubleshooting names exist', () => {
  const titles = new Set(findings.map(({ title }) => title))
  const named = [...read('docs/troubleshooting.md').matchAll(/The doctor[^:\n]*: ((?:\*[^*]+\*(?:, )?)+)/g)].flatMap(
    ([, list = '']) => [...list.matchAll(/\*([^*]+)\*/g)].map(([, title = '']) => title),
  )
  expect(named.length).toBeGreaterThan(8)
  expect(named.filter((title) => !titles.has(title))).toEqual([])
})

test('the page on the doctor has each finding once, with the verdicts that the code gives and what to do', () => {
  const ids = [...read('doctor/finding.ts').matchAll(/^ {2}'([a-z]+\.[a-zA-Z]+)': \{/gm)].map(([, id = '']) => id)
  expect(ids.length).toBeGreaterThan(20)
  const code = readdirSync(join(root, 'doctor')).map((file) => read(`doctor/${file}`))
  const given = code.flatMap((text) => [...text.matchAll(/finding\(\s*'([a-z.A-Z]+)',\s*'([a-z]+)'/g)])
  const verdictsOf = (id: string) => new Set(given.filter(([, name]) => name === id).map(([, , verdict]) => verdict))
  const [, section = ''] = read('docs/doctor.md').split('## Findings')
  const [table = ''] = section.split('\n## ')
  const rows = [...table.matchAll(/^\| `([^`]+)` \| ([a-z, ]+) \| ([^|]+) \| ([^|]+) \|$/gm)]
  expect(rows.map(([, id = '']) => id).toSorted()).toEqual(ids.toSorted())
  for (const [, id = '', verdicts = ''] of rows)
    expect([id, new Set(verdicts.split(', '))]).toEqual([id, verdictsOf(id)])
})

test('the page on the doctor has each option once, as the command takes them', () => {
  const taken = [...read('doctor/options.ts').matchAll(/^ +'?([a-z-]+)'?: \{ type: /gm)].map(([, name]) => `--${name}`)
  expect(taken.length).toBeGreaterThan(8)
  const named = rowsOf('docs/doctor.md').flatMap(([name = '']) =>
    name.startsWith('--') ? name.split(' ').slice(0, 1) : [],
  )
  expect(named.toSorted()).toEqual(taken.toSorted())
  for (const name of taken) expect(read('doctor/options.ts')).toContain(`\n  ${name} `)
})
