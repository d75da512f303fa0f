import { resolve } from 'node:path'
import { build } from 'vite'
import { expect, it } from 'vitest'
import { channelName } from '../../ui/visualizer/bridge/messages.ts'

const root = resolve(import.meta.dirname, '../..')

/** All the code of an app's build, as a bundler puts it together from these lines. */
async function builtFrom(lines: readonly string[]): Promise<string> {
  const entry = 'virtual:app'
  const output = await build({
    root,
    configFile: false,
    logLevel: 'silent',
    plugins: [
      {
        name: 'app',
        resolveId: (id) => (id === entry ? `${root}/app.ts` : undefined),
        load: (id) => (id === `${root}/app.ts` ? lines.join('\n') : undefined),
      },
    ],
    build: { write: false, rolldownOptions: { input: entry } },
  })
  if (!('output' in output)) throw new Error('The app was not built.')
  return output.output.map((one) => (one.type === 'chunk' ? one.code : '')).join('\n')
}

const app = [
  `import { createSession } from './services/index.ts'`,
  `import { SessionProvider, useSession } from './ui/react/index.ts'`,
  `Object.assign(window, { createSession, SessionProvider, useSession })`,
]

it('an app that does not import the bridge has nothing of it in its build; one that does has it', async () => {
  const without = await builtFrom(app)
  expect(without).toContain('sibling.renewed')
  expect(without).not.toContain(channelName)
  const shared = [
    `import { shareSession } from './ui/visualizer/index.ts'`,
    ...app,
    `Object.assign(window, { shareSession })`,
  ]
  expect(await builtFrom(shared)).toContain(channelName)
})
