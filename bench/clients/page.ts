import { create } from 'virtual:client'
import type { BenchPage, Opened } from './client.ts'

/** Counts what is sent to the provider, as it is sent. */
function countRequests(): () => number {
  let count = 0
  const send = window.fetch.bind(window)
  window.fetch = (input, init) => {
    if (new Request(input).url.startsWith(window.benchConfig.issuer)) count += 1
    return send(input, init)
  }
  return () => count
}

async function open(): Promise<Opened> {
  const requests = countRequests()
  const began = performance.now()
  const client = create(window.benchConfig)
  Object.assign(window, { benchClient: client })
  const user = await client.open()
  const now = performance.now()
  return { user, sinceCreation: now - began, sinceNavigation: now, requests: requests() }
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
