import { create } from 'virtual:client'
import type { BenchPage, Opened, Sent } from './client.ts'

/** Notes what is sent to the provider, as it is sent. */
function noteRequests(): readonly Sent[] {
  const sent: Sent[] = []
  const send = window.fetch.bind(window)
  window.fetch = (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input, location.href)
    if (url.origin === window.benchConfig.issuer) sent.push({ at: performance.now(), path: url.pathname })
    return send(input, init)
  }
  return sent
}

const sent = noteRequests()

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
  sent,
  get client() {
    return (window as unknown as { benchClient: BenchPage['client'] }).benchClient
  },
}
