import type { BrowserContext, Page } from 'playwright-core'
import { readSession, tapSession, type TappedWindow } from './session-tap.ts'

/** Where something was said or kept, and what. */
export interface Place {
  /** As `console`, `DOM` or `IndexedDB`; with the stage, for what is looked at again and again. */
  readonly where: string
  /** Of an entry in localStorage or sessionStorage. */
  readonly key?: string
  readonly text: string
}

/** Runs in every page before anything else: tells of what a page says where nobody could read it afterwards. */
function wiretap(): void {
  const tell = (where: string, said: unknown): void => {
    const text = typeof said === 'string' ? said : JSON.stringify(said)
    void (window as unknown as TappedWindow).drillHears(where, text)
  }
  const { postMessage } = BroadcastChannel.prototype
  BroadcastChannel.prototype.postMessage = function (message: unknown) {
    tell(`channel ${this.name.split('|').slice(0, 2).join('|')}`, { name: this.name, message })
    postMessage.call(this, message)
  }
  for (const name of ['pushState', 'replaceState'] as const) {
    const original = history[name].bind(history)
    history[name] = (state: unknown, unused: string, url?: string | URL | null) => {
      tell('history', { state, url: String(url) })
      original(state, unused, url)
    }
  }
  window.addEventListener('message', ({ data }) => tell('window message', data))
  const inFull = (error: unknown): string => (window as unknown as TappedWindow).drill.textsOf(error)
  window.addEventListener('error', ({ message, error }) => tell('error', [message, inFull(error)]))
  window.addEventListener('unhandledrejection', ({ reason }) => tell('error', inFull(reason)))
  document.addEventListener('securitypolicyviolation', ({ blockedURI, sample }) => tell('CSP', [blockedURI, sample]))
}

/** Runs in a page: everything that it shows and that its origin keeps, as text. */
async function readPage(): Promise<Place[]> {
  const answer = <T>(request: IDBRequest<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      request.addEventListener('success', () => resolve(request.result))
      request.addEventListener('error', () => reject(request.error ?? new Error('IndexedDB failed')))
    })
  const bytes = (value: ArrayBufferView | ArrayBuffer): string =>
    Array.from(new Uint8Array(ArrayBuffer.isView(value) ? value.buffer : value), (byte) =>
      String.fromCharCode(byte),
    ).join('')
  const plain = (_: string, value: unknown): unknown => {
    // A key that a script could read out would be as good as the tokens under it.
    if (value instanceof CryptoKey) return value.type !== 'public' && value.extractable ? 'EXTRACTABLE KEY' : 'key'
    return value instanceof ArrayBuffer || ArrayBuffer.isView(value) ? bytes(value) : value
  }
  const databases: unknown[] = []
  for (const { name = '' } of await indexedDB.databases()) {
    const database = await answer(indexedDB.open(name))
    for (const store of database.objectStoreNames) {
      const records = database.transaction(store).objectStore(store)
      databases.push([name, store, await answer(records.getAllKeys()), await answer(records.getAll())])
    }
    database.close()
  }
  const entries = (where: string, storage: Storage): Place[] => [
    { where, text: `${storage.length} entries` },
    ...Object.entries(storage).map(([key, value]) => ({ where, key, text: `${key}\n${String(value)}` })),
  ]
  const fields = [...document.querySelectorAll('input, textarea, select')] as HTMLInputElement[]
  return [
    { where: 'DOM', text: document.documentElement.outerHTML },
    { where: 'form fields', text: JSON.stringify(fields.map(({ value }) => value)) },
    { where: 'address', text: [location.href, document.referrer, document.title, window.name].join('\n') },
    { where: 'history', text: JSON.stringify(history.state) ?? '' },
    ...entries('localStorage', localStorage),
    ...entries('sessionStorage', sessionStorage),
    { where: 'cookies', text: document.cookie },
    { where: 'caches', text: JSON.stringify(await caches.keys()) },
    { where: 'resource timing', text: JSON.stringify(performance.getEntries()) },
    { where: 'IndexedDB', text: JSON.stringify(databases, plain) },
  ]
}

export interface Drill {
  readonly places: Place[]
  /** Origins to which a request carried an `Authorization` header or a body with a token. */
  readonly requests: { readonly url: string; readonly carried: string }[]
  /** Everything that the pages of the app show and keep now. */
  look(stage: string): Promise<void>
}

/** Follows everything that the pages of a context say; call it before the first is opened. */
export async function startDrill(context: BrowserContext, appUrl: string): Promise<Drill> {
  const places: Place[] = []
  const requests: Drill['requests'] = []
  const hear = (where: string, text: string): void => void places.push({ where, text })
  await context.exposeBinding('drillHears', (_source, where: string, text: string) => hear(where, text))
  await context.addInitScript(tapSession)
  await context.addInitScript(wiretap)
  context.on('console', (message) => hear('console', message.text()))
  context.on('weberror', (error) => hear('error', [error.error().message, error.error().stack].join('\n')))
  context.on('request', (request) => {
    hear('address', request.url())
    const { authorization = '', referer = '' } = request.headers()
    hear('referrer', referer)
    requests.push({ url: request.url(), carried: [authorization, request.postData() ?? ''].join('\n') })
  })
  const isOfApp = (page: Page): boolean => page.url().startsWith(appUrl)
  return {
    places,
    requests,
    async look(stage) {
      for (const page of context.pages().filter(isOfApp))
        for (const place of [...(await page.evaluate(readPage)), ...(await readSession(page))])
          places.push({ ...place, where: `${place.where}, ${stage}` })
      hear(`cookies, ${stage}`, JSON.stringify(await context.cookies()))
    },
  }
}

/** By what a token is known: whole, as base64, and by either end, should someone print a part of it. */
export function marksOf(token: string): string[] {
  const isJwt = token.split('.').length === 3
  // The beginning of a JWT is its header, the same for all and no secret.
  const ends = isJwt ? [token.slice(-24)] : [token.slice(0, 24), token.slice(-24)]
  return [token, Buffer.from(token).toString('base64').replace(/=+$/, ''), encodeURIComponent(token), ...ends]
}
