import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const ui = resolve(import.meta.dirname, 'ui')

// Each page is a folder with an index.html; the demo is the one at the root, and answers every path that is no file, so
// that `/callback` and the app's own paths reach it.
const pages = ['index.html', 'statechart/index.html']
  .map((page) => resolve(ui, page))
  .filter((page) => existsSync(page))

export default defineConfig({
  root: ui,
  appType: 'spa',
  plugins: [react()],
  build: {
    outDir: resolve(import.meta.dirname, 'dist/app'),
    emptyOutDir: true,
    rolldownOptions: { input: pages },
  },
})
