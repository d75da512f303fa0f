import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig, type Connect, type Plugin } from 'vite'

const ui = resolve(import.meta.dirname, 'ui')

// Each page is a folder with an index.html; the demo is the one at the root, and answers every path that is no file, so
// that `/callback` and the app's own paths reach it.
const pages = ['index.html', 'statechart/index.html']
  .map((page) => resolve(ui, page))
  .filter((page) => existsSync(page))

/**
 * The development server is told to bundle React ahead, and looks for names that it is told among the files of the root first: there
 * it finds our own `ui/react`. What it is not told it finds by scanning, as the package.
 */
const findReact: Plugin = {
  name: 'sessionchart-find-react',
  enforce: 'post',
  config({ optimizeDeps }) {
    if (optimizeDeps?.include !== undefined)
      optimizeDeps.include = optimizeDeps.include.filter((name) => name !== 'react')
  },
}

/** A page that is a folder is found without its slash as well; every other path is the demo's. */
const addSlash: Connect.NextHandleFunction = (request, response, next) => {
  if (request.url !== '/statechart') next()
  else response.writeHead(308, { Location: '/statechart/' }).end()
}
const findPages: Plugin = {
  name: 'sessionchart-find-pages',
  configureServer: ({ middlewares }) => void middlewares.use(addSlash),
  configurePreviewServer: ({ middlewares }) => void middlewares.use(addSlash),
}

export default defineConfig({
  root: ui,
  appType: 'spa',
  plugins: [findReact, findPages, react()],
  build: {
    outDir: resolve(import.meta.dirname, 'dist/app'),
    emptyOutDir: true,
    rolldownOptions: { input: pages },
  },
})
