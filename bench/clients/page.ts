import { create } from 'virtual:client'
import type { BenchConfig, BenchPage, Opened } from './client.ts'

declare global {
  interface Window {
    readonly benchConfig: BenchConfig
    bench: BenchPage
  }
}

async function open(): Promise<Opened> {
  const began = performance.now()
  const client = create(window.benchConfig)
  Object.assign(window, { benchClient: client })
  const user = await client.open()
  const now = performance.now()
  return { user, sinceCreation: now - began, sinceNavigation: now }
}

const opened = open()
// Whoever measures reads the reason there.
opened.catch(() => {})
window.bench = {
  opened,
  get client() {
    return (window as unknown as { benchClient: BenchPage['client'] }).benchClient
  },
}
