/// <reference types="vite/client" />

interface ViteTypeOptions {
  strictImportMetaEnv: true
}

/** See `.env`. */
interface ImportMetaEnv {
  readonly VITE_AUTHORITY: string
  readonly VITE_CLIENT_ID: string
}
