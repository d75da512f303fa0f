import type * as OidcProvider from 'oidc-provider'

/**
 * oidc-provider warns about every Node.js before 22 when it is imported. It works on 20 (our tests run on it), so that one
 * line is kept out of `npm start`; anything else that is said meanwhile goes through. At the top level, because
 * scripts/run.mjs allows no import once a module has been loaded.
 */
export const library: typeof OidcProvider = await importQuietly()

async function importQuietly(): Promise<typeof OidcProvider> {
  const warn = console.warn
  console.warn = (...args: unknown[]) => {
    if (!String(args[0]).includes('oidc-provider WARNING: Unsupported runtime')) warn(...args)
  }
  try {
    return await import('oidc-provider')
  } finally {
    console.warn = warn
  }
}
