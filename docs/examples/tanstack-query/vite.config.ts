import react from '@vitejs/plugin-react'
import { defineConfig, loadEnv } from 'vite'
import { notesApi } from './server/notes.ts'

export default defineConfig(({ mode }) => {
  const { VITE_AUTHORITY = '' } = loadEnv(mode, import.meta.dirname)
  return { plugins: [react(), notesApi(VITE_AUTHORITY)] }
})
