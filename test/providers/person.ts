import { browse, formsOf, type CookieJar, type Page } from '../support/sign-in-by-http.ts'
import type { RunningProvider } from './types.ts'

/** Opens an authorization request and logs in at whatever page asks for a password. */
export async function signIn(
  url: string,
  { username, password }: RunningProvider['person'],
  jar: CookieJar,
): Promise<{ readonly callback: string; readonly askedForPassword: boolean }> {
  const opened = await browse(url, jar)
  if (opened.callback !== undefined) return { callback: opened.callback, askedForPassword: false }
  const form = passwordForm(opened.page)
  if (form === undefined) throw new Error(`there is no login page, but ${said(opened.page)}`)
  const answered = await browse(new URL(form.action, opened.page.url), jar, { ...form.fields, username, password })
  if (answered.callback === undefined) throw new Error(`the login page led to ${said(answered.page)}`)
  return { callback: answered.callback, askedForPassword: true }
}

/** Whether an authorization request leads to a page that asks for a password. */
export async function asksForPassword(url: string, jar: CookieJar): Promise<boolean> {
  const { page } = await browse(url, jar)
  return page !== undefined && passwordForm(page) !== undefined
}

/** Opens the provider's logout page, confirms if it asks to, and comes back to the app. */
export async function signOut(
  url: string,
  jar: CookieJar,
): Promise<{ readonly callback: string; readonly confirmed: boolean }> {
  const opened = await browse(url, jar)
  if (opened.callback !== undefined) return { callback: opened.callback, confirmed: false }
  const [form] = formsOf(opened.page.html)
  if (form === undefined) throw new Error(`the logout page does not lead back: ${said(opened.page)}`)
  const answered = await browse(new URL(form.action, opened.page.url), jar, form.fields)
  if (answered.callback === undefined) throw new Error(`the logout page led to ${said(answered.page)}`)
  return { callback: answered.callback, confirmed: true }
}

const passwordForm = ({ html }: Page) => formsOf(html).find(({ fields }) => 'password' in fields)

const said = ({ status, url, html }: Page): string =>
  `${url.pathname} answering ${status}: ${html
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 200)}`
