import type { BrowserContext, Page } from 'playwright-core'
import type { Demo } from '../../scripts/demo-server.ts'

const alice = { username: 'alice', password: 'looking-glass' }

/** What went wrong in a page without anyone handling it. */
export interface Faults {
  readonly list: string[]
}

/** Notes every uncaught error, unhandled rejection and complaint of the Content-Security-Policy of all pages of a context. */
export function watchFaults(context: BrowserContext): Faults {
  const list: string[] = []
  context.on('weberror', (error) => list.push(String(error.error())))
  context.on('console', (message) => {
    if (message.type() === 'error' && /Content Security Policy|Uncaught|Unhandled|React/.test(message.text()))
      list.push(message.text())
  })
  return { list }
}

/** The line that always says where the person is. */
const statusOf = (page: Page) => page.locator('.status output')

export async function expectStatus(page: Page, words: RegExp, timeout = 15_000): Promise<void> {
  await statusOf(page).filter({ hasText: words }).waitFor({ timeout })
}

export async function signInAtProvider(page: Page, { username, password } = alice): Promise<void> {
  await page.getByLabel('Username or email').fill(username)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}

export async function logInByRedirect(page: Page, demo: Demo, person = alice): Promise<void> {
  await page.getByRole('button', { name: 'Log in', exact: true }).click()
  await page.waitForURL((url) => url.origin === new URL(demo.provider.issuer).origin)
  await signInAtProvider(page, person)
  await page.waitForURL((url) => url.origin === new URL(demo.url).origin)
  await expectStatus(page, /^Signed in/)
}

export async function logInByPopup(page: Page, _demo: Demo, person = alice): Promise<void> {
  const opening = page.waitForEvent('popup')
  await page.getByRole('button', { name: 'Log in in a window' }).click()
  const popup = await opening
  const closing = popup.waitForEvent('close')
  await signInAtProvider(popup, person)
  await expectStatus(page, /^Signed in/)
  await closing
}

export async function logOut(page: Page, way: 'Log out' | 'Log out of the provider as well'): Promise<void> {
  await page.getByRole('button', { name: /^Account menu/ }).click()
  await page.getByRole('button', { name: way, exact: true }).click()
}

/** Everything that this browser keeps for the app, as text; encrypted entries show as such. */
export async function readStorage(page: Page): Promise<{ logins: unknown[]; notes: unknown[]; texts: string }> {
  return page.evaluate(async () => {
    const open = indexedDB.open('sessionchart')
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      open.onsuccess = () => resolve(open.result)
      open.onerror = () => reject(open.error ?? new Error('The database cannot be opened.'))
    })
    const all = (name: string) =>
      new Promise<unknown[]>((resolve, reject) => {
        const request = database.transaction(name).objectStore(name).getAll()
        request.onsuccess = () => resolve(request.result)
        request.onerror = () => reject(request.error ?? new Error('The store cannot be read.'))
      })
    const [logins, notes] = [await all('logins'), await all('notes')]
    database.close()
    return {
      logins,
      notes,
      texts: JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage), document.cookie]),
    }
  })
}
