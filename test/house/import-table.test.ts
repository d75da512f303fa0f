import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { forbiddenImports } from '../../scripts/check-imports.ts'
import { throwawayHouse } from '../support/throwaway-house.ts'

/** A file of this name and text, and a part of what it is told. */
type Case = readonly [file: string, text: string, told: string | RegExp]

const others = {
  'machines/index.ts': 'export const face = 1\n',
  'machines/errors.ts': 'export const code = 1\n',
  'machines/session/types.ts': 'export type Facts = number\n',
  'machines/session/ports.ts': 'export type Port = number\n',
  'machines/session/setup.ts': 'export const setup = 1\n',
  'machines/session/machine.ts': 'export const machine = 1\n',
  'services/index.ts': "export { face } from '../machines/index.ts'\n",
  'services/vault/encrypted.ts': 'export type Vault = number\n',
  'services/oidc/oidc-part.ts': 'export const part = 1\n',
  'services/dpop/proof.ts': 'export const proof = 1\n',
  'services/memory/index.ts': 'export const scripted = 1\n',
  'ui/react/index.ts': 'export const hook = 1\n',
  'ui/app/screen.ts': 'export const screen = 1\n',
  'coverage.json': '{}\n',
  'idp/index.ts': 'export const provider = 1\n',
  'idp/store.ts': 'export const store = 1\n',
}

const forbidden: readonly Case[] = [
  ['machines/session/a.ts', "import { useState } from 'react'", 'machines/ may import xstate;'],
  ['machines/session/b.ts', "import { x } from 'oidc-client-ts'", 'machines/ may import xstate;'],
  ['machines/session/c.ts', "import { x } from 'xstate/graph'", 'machines/ may import xstate;'],
  ['machines/session/d.ts', "import { readFile } from 'node:fs'", 'machines/ may import xstate;'],
  ['machines/session/e.ts', "import type { V } from '../../services/vault/encrypted.ts'", 'declare a port in ports.ts'],
  ['machines/session/f.ts', "export type { V } from '../../services/vault/encrypted.ts'", 'may not import services/'],
  [
    'machines/session/g.ts',
    "export type V = import('../../services/vault/encrypted.ts').V",
    'may not import services/',
  ],
  [
    'machines/session/h.ts',
    "export const v = () => import('../../services/vault/encrypted.ts')",
    'may not import services/',
  ],
  ['machines/session/i.ts', "import '../../ui/app/screen.ts'", 'may not import ui/'],
  ['machines/session/j.ts', "import { setup } from './setup'", 'write the path with its extension'],
  ['services/oidc/a.ts', "import { machine } from '../../machines/session/machine.ts'", 'create-session.ts alone'],
  ['services/oidc/b.ts', "import type { s } from '../../machines/session/setup.ts'", 'create-session.ts alone'],
  ['services/oidc/c.ts', "import { face } from '../../machines/index.ts'", 'take types, ports and errors'],
  ['services/face.ts', "import { machine } from '../machines/session/machine.ts'", 'may import no more than types of'],
  ['services/memory/a.ts', "import { machine } from '../../machines/session/machine.ts'", 'create-session.ts alone'],
  ['services/oidc/d.ts', "import { useState } from 'react'", 'services/oidc/ may import oidc-client-ts;'],
  ['services/oidc/e.ts', "import { hook } from '../../ui/react/index.ts'", 'may not import ui/react/index.ts'],
  [
    'services/early-a.ts',
    "import { part } from './oidc/oidc-part.ts'",
    'services/oidc/oidc-part.ts is loaded when needed',
  ],
  ['services/early-b.ts', "export { proof } from './dpop/proof.ts'", 'services/dpop/proof.ts is loaded when needed'],
  ['services/early-c.ts', "import './oidc/oidc-part.ts'", 'is loaded when needed'],
  ['services/early-d.ts', "import type { OidcClient } from 'oidc-client-ts'", 'services/ may import xstate, idb;'],
  ['services/vault/early.ts', "import { type part } from '../oidc/oidc-part.ts'", 'is loaded when needed'],
  ['services/oidc/f.ts', "import { readFile } from 'node:fs'", 'services/oidc/ may import'],
  ['ui/app/a.tsx', "import { machine } from '../../machines/session/machine.ts'", 'export what is missing from'],
  ['ui/app/b.tsx', "import type { F } from '../../machines/session/types.ts'", 'export what is missing from'],
  ['ui/app/c.tsx', "import type { V } from '../../services/vault/encrypted.ts'", 'export what is missing from'],
  ['ui/app/d.tsx', "import { UserManager } from 'oidc-client-ts'", 'ui/ may import react, react-dom, @xstate/react;'],
  ['ui/app/e.tsx', "import { assign } from 'xstate'", 'ui/ may import react, react-dom, @xstate/react;'],
  ['ui/app/h.tsx', "import coverage from '../../coverage.json'", 'ui/ may not import coverage.json'],
  [
    'ui/statechart/a.tsx',
    "import { provider } from '../../idp/index.ts'",
    'ui/statechart/ may not import idp/index.ts',
  ],
  ['ui/app/f.tsx', "import { provider } from '../../idp/index.ts'", 'may not import idp/index.ts'],
  ['ui/react/a.tsx', "import { screen } from '../app/screen.ts'", 'ui/react is published without the rest of ui/'],
  ['idp/a.ts', "import { code } from '../machines/errors.ts'", 'as a stranger would'],
  ['bench/a.ts', "import { store } from '../idp/store.ts'", 'use the public entry points'],
  ['scripts/a.ts', "import { screen } from '../ui/app/screen.ts'", 'use the public entry points'],
  ['attic/a.ts', 'export const a = 1; export * from "xstate"', 'attic/ has no row in the table'],
]

const allowed: readonly (readonly [file: string, text: string])[] = [
  ['machines/session/z.ts', "import { setup } from 'xstate'\nimport { code } from '../errors.ts'"],
  ['machines/renewal/z.ts', "import type { Facts } from '../session/types.ts'"],
  [
    'services/z.ts',
    "import { fromPromise } from 'xstate'\nimport type { part } from './oidc/oidc-part.ts'\nexport const p = () => import('./oidc/oidc-part.ts')",
  ],
  ['services/oidc/w.ts', "import { UserManager } from 'oidc-client-ts'\nimport { proof } from '../dpop/proof.ts'"],
  [
    'services/oidc/z.ts',
    "import { code } from '../../machines/errors.ts'\nimport type { V } from '../vault/encrypted.ts'",
  ],
  ['services/oidc/y.ts', "import type { Port } from '../../machines/session/ports.ts'"],
  ['services/create-session.ts', "import { machine } from '../machines/session/machine.ts'"],
  ['services/memory/machines.ts', "import { machine } from '../../machines/session/machine.ts'"],
  [
    'ui/app/z.tsx',
    "import './z.css'\nimport { hook } from '../react/index.ts'\nimport { useMachine } from '@xstate/react'",
  ],
  ['ui/app/z.css', ''],
  ['ui/statechart/z.tsx', "import coverage from '../../coverage.json'\nimport type { StateValue } from 'xstate'"],
  ['ui/app/y.tsx', "import { createRoot } from 'react-dom/client'\nimport { face } from '../../machines/index.ts'"],
  ['idp/z.ts', "import Provider from 'oidc-provider'\nimport { store } from './store.ts'"],
  ['bench/z.ts', "import { face } from '../services/index.ts'\nimport { provider } from '../idp/index.ts'"],
  ['test/charts/z.test.ts', "import { machine } from '../../machines/session/machine.ts'\nimport 'playwright-core'"],
]

describe('the import table', () => {
  const files = [...allowed, ...forbidden].map(([file, text]) => [file, `${text}\n`])
  const house = throwawayHouse({ ...others, ...(Object.fromEntries(files) as Record<string, string>) })
  const problems = forbiddenImports(house.folder)

  afterAll(() => house.remove())

  it.each(forbidden)('forbids %s: %s', (file, _text, told) => {
    const found = problems.filter((problem) => problem.startsWith(`${file}:1 `))
    expect(found).toHaveLength(1)
    expect(found[0]).toMatch(told)
  })

  it.each(allowed)('allows %s: %s', (file) => {
    expect(problems.filter((problem) => problem.startsWith(`${file}:`))).toEqual([])
  })
})

const linted: readonly (readonly [file: string, text: string, rule: string])[] = [
  ['machines/a.ts', 'export const a = () => window.name', 'no-restricted-globals'],
  ['machines/b.ts', "export const a = () => fetch('/')", 'no-restricted-globals'],
  ['machines/c.ts', 'export const a = () => Date.now()', 'no-restricted-globals'],
  ['machines/d.ts', 'export const a = () => new Date()', 'no-restricted-globals'],
  ['machines/e.ts', 'export const a = () => globalThis.localStorage', 'no-restricted-globals'],
  ['machines/f.ts', "export const a = () => new BroadcastChannel('x')", 'no-restricted-globals'],
  ['machines/g.ts', 'export const a = () => indexedDB.databases()', 'no-restricted-globals'],
  ['machines/h.ts', 'export const a = () => setTimeout(() => {}, 1)', 'no-restricted-globals'],
  ['services/a.ts', 'export const f = async () => 1\nexport const g = () => {\n  f()\n}', 'no-floating-promises'],
  ['services/b.ts', 'export const f = (x: any) => String(x)', 'no-explicit-any'],
  ['services/c.ts', 'export default 1', 'no-default-export'],
  ['services/d.ts', "import type { E } from './e.ts'\nexport interface D { e: E }", 'no-cycle'],
  ['services/e.ts', "import type { D } from './d.ts'\nexport interface E { d: D }", 'no-cycle'],
  ['services/f.ts', "export const f = (x: unknown) => x as string\nexport const g = f('')!", 'no-non-null-assertion'],
  ['services/g.ts', `export const x = [\n${'  1,\n'.repeat(300)}]`, 'max-lines'],
  ['services/h.ts', "export const log = () => console.log('x')", 'no-console'],
  ['ui/app/a.tsx', 'export const A = () => <img src="a.png" />', 'alt-text'],
  ['ui/app/b.tsx', 'export const B = () => <button>Go</button>', 'button-has-type'],
  ['test/charts/a.test.ts', "import { test } from 'vitest'\ntest.only('x', () => {})", 'no-focused-tests'],
]

describe('the linter', () => {
  const house = throwawayHouse(Object.fromEntries(linted.map(([file, text]) => [file, `${text}\n`])))
  let found: { filename: string; code: string }[] = []

  beforeAll(() => {
    const oxlint = join(house.folder, 'node_modules/oxlint/bin/oxlint')
    const args = [oxlint, '--type-aware', '--format=json', '--no-error-on-unmatched-pattern']
    try {
      execFileSync(process.execPath, args, { cwd: house.folder, encoding: 'utf8' })
    } catch (error) {
      const { stdout } = error as { stdout: string }
      found = (JSON.parse(stdout) as { diagnostics: typeof found }).diagnostics
    }
  })

  afterAll(() => house.remove())

  it.each(linted.map(([file, , rule]) => [file, rule] as const))('refuses %s, by %s', (file, rule) => {
    expect(
      found
        .filter(({ filename }) => filename === file)
        .map(({ code }) => code)
        .join(),
    ).toContain(rule)
  })
})
