import { join } from 'node:path'
import { build } from 'vite'
import { bench, root } from './places.ts'

/** In this order in every table. */
export const clientNames = [
  'sessionchart',
  'oidc-client-ts',
  'auth0-spa-js',
  'axa-oidc-client',
  'okta-auth-js',
  'keycloak-js',
  'msal-browser',
] as const
/** Ours with the vaults that keep what they hold where the others do, too. */
export const vaultNames = ['sessionchart-local', 'sessionchart-session'] as const
/** No clients, but the least that one can take. */
export const yardstickNames = ['field', 'indexeddb'] as const
/** What draws charts. */
export const drawerNames = ['draw-sessionchart', 'draw-mermaid', 'draw-state-machine-cat'] as const

export type YardstickName = (typeof yardstickNames)[number]
export type DrawerName = (typeof drawerNames)[number]
export type SeatName = (typeof clientNames)[number] | (typeof vaultNames)[number] | YardstickName
export type PageName = SeatName | DrawerName

const alias = Object.entries({
  'sessionchart/visualizer.css': 'visualizer.css',
  'sessionchart/visualizer': 'ui/visualizer/index.js',
  sessionchart: 'services/index.js',
}).map(([find, file]) => ({ find: new RegExp(`^${find}$`), replacement: join(root, 'dist/package', file) }))

/** One page, built by Vite as an app is for production; resolves with its folder. */
export async function buildPage(name: PageName): Promise<string> {
  const outDir = join(root, 'dist/bench', name)
  const drawer = drawerNames.some((one) => one === name)
  const module = join(bench, 'clients', drawer ? 'drawers' : '', `${name}.ts`)
  await build({
    root: join(bench, 'clients'),
    configFile: false,
    logLevel: 'error',
    // What is drawn with and the package have one React.
    resolve: { alias, dedupe: ['react', 'react-dom', 'xstate'] },
    worker: { format: 'es' },
    define: { 'process.env.NODE_ENV': '"production"' },
    plugins: [
      {
        name: 'client',
        resolveId: (id) => (id === 'virtual:client' || id === 'virtual:drawer' ? module : null),
        transformIndexHtml: {
          order: 'pre',
          handler: (html) => (drawer ? html.replace('./page.ts', './drawers/page.ts') : html),
        },
      },
    ],
    build: {
      outDir,
      emptyOutDir: true,
      target: 'es2022',
      rolldownOptions: { input: join(bench, 'clients/index.html') },
    },
  })
  return outDir
}
