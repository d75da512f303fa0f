import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { createServer as createHttpServer, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import react from '@vitejs/plugin-react'
import { createServer } from 'vite'
import { startLocalProvider } from '../../idp/index.ts'
import { root } from '../../scripts/command.ts'
import { freePort } from '../../scripts/ports.ts'

// An app as people write it, in a folder of its own: rendered by Vite's development server, and followed as its files change.

const files = (authority: string, clientId: string) => ({
  'session.ts': `
import { createSession } from 'sessionchart'
import.meta.hot?.data.session?.dispose()
export const session = createSession({ authority: '${authority}', clientId: '${clientId}', redirectUri: '/callback' })
session.on('login.completed', ({ returnTo = '/' }) => history.replaceState(null, '', returnTo))
if (import.meta.hot) import.meta.hot.data.session = session
;(globalThis.sessions ??= []).push(session)
`,
  'app.tsx': `
import { StrictMode, Suspense, use } from 'react'
import { SessionGate, SessionProvider, useProfile, useSession } from 'sessionchart/react'
import { session } from './session'

function Hello() {
  const { profile } = useProfile()
  return <h1>Hello {profile?.name ?? 'you'}, {useSession().session.tab}</h1>
}

function News({ news }) {
  return <em>{use(news)}</em>
}

export function App({ news }) {
  return (
    <StrictMode>
      <SessionProvider session={session}>
        <SessionGate restoring={<h1>One moment</h1>} signedOut={({ login }) => <button onClick={() => login()}>Log in</button>}>
          <Hello />
        </SessionGate>
        <Suspense fallback={<s>News</s>}><News news={news} /></Suspense>
      </SessionProvider>
    </StrictMode>
  )
}
`,
  'server.tsx': `
import { renderToPipeableStream } from 'react-dom/server'
import { App } from './app'
export function render(out, news, onError) {
  const { pipe } = renderToPipeableStream(<div id="root"><App news={news} /></div>, { onShellReady: () => pipe(out), onError })
}
`,
  'client.tsx': `
import { hydrateRoot } from 'react-dom/client'
import { App } from './app'
hydrateRoot(document.getElementById('root'), <App news={Promise.resolve('It rains')} />, {
  onRecoverableError: (error) => console.error('Recovered', error),
})
`,
})

type FileName = keyof ReturnType<typeof files>

interface ServerEntry {
  render(out: ServerResponse, news: Promise<string>, onError: (error: unknown) => void): void
}

const template = '<!doctype html><html><head><link rel="icon" href="data:,"></head><body><!--app--></body></html>'

export async function serveApp() {
  const port = await freePort()
  const origin = `http://127.0.0.1:${port}`
  const provider = await startLocalProvider({ port: await freePort(), apps: [origin] })
  // Within this repository, so that its packages are found.
  mkdirSync(join(root, 'dist'), { recursive: true })
  const folder = mkdtempSync(join(root, 'dist/served-app-'))
  for (const [name, text] of Object.entries(files(provider.issuer, provider.clientId)))
    writeFileSync(join(folder, name), text)

  const server = createHttpServer()
  const vite = await createServer({
    configFile: false,
    root: folder,
    cacheDir: join(folder, '.vite'),
    appType: 'custom',
    logLevel: 'error',
    plugins: [react()],
    resolve: {
      alias: {
        'sessionchart/react': join(root, 'ui/react/index.ts'),
        sessionchart: join(root, 'services/index.ts'),
      },
    },
    optimizeDeps: {
      include: ['react', 'react-dom/client', '@xstate/react', 'xstate', 'oidc-client-ts', 'idb', 'jose'],
    },
    server: {
      middlewareMode: true,
      ws: { server },
      fs: { allow: [root, realpathSync(join(root, 'node_modules'))] },
    },
  })
  const problems: unknown[] = []
  const render = async (url: string, response: ServerResponse): Promise<void> => {
    const { render } = (await vite.ssrLoadModule('/server.tsx')) as ServerEntry
    const html = await vite.transformIndexHtml(url, template)
    const [before = '', after = ''] = html.split('<!--app-->')
    response.writeHead(200, { 'Content-Type': 'text/html' })
    // Before what is streamed: a page takes over what is there when all of it is.
    response.write(`${before}<script type="module" src="/client.tsx"></script>`)
    const news = new Promise<string>((resolve) => setTimeout(() => resolve('It rains'), 50))
    const { end } = response
    response.end = (() => end.call(response, after, 'utf8')) as typeof response.end
    render(response, news, (error) => problems.push(error))
  }
  server.on('request', (request, response) =>
    vite.middlewares(request, response, () => {
      render(request.url ?? '/', response).catch((error: unknown) => {
        problems.push(error)
        response.writeHead(500).end()
      })
    }),
  )
  await new Promise<void>((done, fail) => server.once('error', fail).listen(port, '127.0.0.1', done))
  return {
    url: `${origin}/`,
    provider,
    problems,
    /** As a person does in an editor. */
    change(name: FileName, edits: Readonly<Record<string, string>>): void {
      let text = readFileSync(join(folder, name), 'utf8')
      for (const [from, to] of Object.entries(edits)) {
        if (!text.includes(from)) throw new Error(`${name} has no ${from}.`)
        text = text.replace(from, to)
      }
      writeFileSync(join(folder, name), text)
    },
    async stop(): Promise<void> {
      server.close()
      server.closeAllConnections()
      await vite.close()
      await provider.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
