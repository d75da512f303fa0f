import react from '@vitejs/plugin-react'
import { defineConfig, loadEnv } from 'vite'
import { settingsBackend } from './server/settings.ts'

export default defineConfig(({ mode }) => {
  const { VITE_AUTHORITY = '' } = loadEnv(mode, import.meta.dirname)
  return { plugins: [react(), settingsBackend(VITE_AUTHORITY)] }
})
