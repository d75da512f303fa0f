import { join } from 'node:path'
import { build } from 'vite'
import { bench, root } from './places.ts'

/** In this order in every table. `field` is no client, but what one can reach at best. */
export const clientNames = ['sessionchart', 'oidc-client-ts', 'auth0-spa-js', 'axa-oidc-client', 'keycloak-js'] as const
export type ClientName = (typeof clientNames)[number]
export type PageName = ClientName | 'field'

const alias = [{ find: /^sessionchart$/, replacement: join(root, 'dist/package/services/index.js') }]

/** The page of one client, built by Vite as an app is for production; resolves with its folder. */
export async function buildPage(name: PageName): Promise<string> {
  const outDir = join(root, 'dist/bench', name)
  await build({
    root: join(bench, 'clients'),
    configFile: false,
    logLevel: 'error',
    resolve: { alias },
    define: { 'process.env.NODE_ENV': '"production"' },
    plugins: [
      {
        name: 'client',
        resolveId: (id) => (id === 'virtual:client' ? join(bench, 'clients', `${name}.ts`) : null),
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
