import { startLocalProvider } from '../../idp/index.ts'

/** A provider in a process of its own, for tests that kill it: says its issuer and goes on until it is ended. */
export async function main([dataFolder = '']: readonly string[]): Promise<void> {
  const provider = await startLocalProvider({ apps: ['http://127.0.0.1:4400'], dataFolder })
  process.stdout.write(`${provider.issuer}\n`)
}
