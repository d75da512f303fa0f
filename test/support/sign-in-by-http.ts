/** Drives the local provider's login page with fetch, as a browser without scripts would. */

export interface CookieJar {
  header(url: URL): string
  keep(response: Response): void
}

/** Enough of RFC 6265 for one host: names, paths and deletion. Passing the same jar again is the same browser again. */
export function createCookieJar(): CookieJar {
  const cookies = new Map<string, { name: string; value: string; path: string }>()
  return {
    header: (url) =>
      [...cookies.values()]
        .filter(({ path }) => url.pathname === path || url.pathname.startsWith(path.endsWith('/') ? path : `${path}/`))
        .map(({ name, value }) => `${name}=${value}`)
        .join('; '),
    keep(response) {
      for (const line of response.headers.getSetCookie()) {
        const [pair = '', ...attributes] = line.split(';').map((part) => part.trim())
        const name = pair.slice(0, pair.indexOf('='))
        const value = pair.slice(pair.indexOf('=') + 1)
        const attribute = (wanted: string) =>
          attributes.find((text) => text.toLowerCase().startsWith(`${wanted}=`))?.slice(wanted.length + 1)
        const path = attribute('path') ?? '/'
        const expires = attribute('expires')
        if (value === '' || (expires && Date.parse(expires) < Date.now())) cookies.delete(`${name} ${path}`)
        else cookies.set(`${name} ${path}`, { name, value, path })
      }
    },
  }
}

export interface Page {
  url: URL
  status: number
  html: string
}

/** Where a walk through the provider's pages ended: at one of its own pages, or with a redirect to somewhere else. */
export type Arrival = { page: Page; callback?: undefined } | { callback: string; page?: undefined }

/** Opens `url` (or submits a form to it) and follows redirects within the provider. */
export async function browse(url: string | URL, jar: CookieJar, form?: Record<string, string>): Promise<Arrival> {
  let target = new URL(url)
  const { origin } = target
  let body = form && new URLSearchParams(form)
  for (let steps = 0; steps < 15; steps++) {
    const response = await fetch(target, {
      method: body ? 'POST' : 'GET',
      ...(body && { body }),
      headers: { accept: 'text/html', cookie: jar.header(target) },
      redirect: 'manual',
    })
    jar.keep(response)
    const html = await response.text()
    const location = response.headers.get('location')
    const selfSubmitting = html.includes('document.forms[0].submit()') && formsOf(html)[0]
    if (location) {
      target = new URL(location, target)
      body = undefined
      if (target.origin !== origin) return { callback: target.href }
    } else if (selfSubmitting) {
      target = new URL(selfSubmitting.action, target)
      body = new URLSearchParams(selfSubmitting.fields)
    } else {
      return { page: { url: target, status: response.status, html } }
    }
  }
  throw new Error(`Too many redirects, the last to ${target.origin}${target.pathname}`)
}

export function formsOf(html: string): { action: string; fields: Record<string, string> }[] {
  return [...html.matchAll(/<form[^>]*?action="([^"]*)"[^>]*>(.*?)<\/form>/gs)].map(
    ([, action = '', content = '']) => ({
      action: unescape(action),
      fields: Object.fromEntries(
        [...content.matchAll(/<input[^>]*?\bname="([^"]*)"[^>]*>/g)].map(([input, name = '']) => [
          name,
          unescape(/\bvalue="([^"]*)"/.exec(input)?.[1] ?? ''),
        ]),
      ),
    }),
  )
}

function unescape(text: string): string {
  return text
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
}

/**
 * Performs a whole login and returns the callback URL (with `code`, or with `error`). With a jar that holds a session from
 * an earlier call no page may come up, and the callback URL is returned as well. Throws with what the page says when the
 * provider refuses.
 */
export async function completeAuthorization(
  authorizationUrl: string | URL,
  person: { username: string; password: string },
  jar: CookieJar = createCookieJar(),
): Promise<string> {
  const opened = await browse(authorizationUrl, jar)
  if (opened.callback !== undefined) return opened.callback
  const { username, password } = person
  const answered = await browse(loginAction(opened.page), jar, { username, password })
  if (answered.callback !== undefined) return answered.callback
  throw new Error(`The login was refused: ${said(answered.page)}`)
}

/** Presses Cancel on the login page and returns the callback URL, with `error=access_denied`. */
export async function cancelAuthorization(
  authorizationUrl: string | URL,
  jar: CookieJar = createCookieJar(),
): Promise<string> {
  const opened = await browse(authorizationUrl, jar)
  if (opened.callback !== undefined) throw new Error('There was no login page to cancel')
  const cancelled = await browse(new URL(`${loginAction(opened.page).pathname}/cancel`, opened.page.url), jar, {})
  if (cancelled.callback !== undefined) return cancelled.callback
  throw new Error(`Cancelling led to a page: ${said(cancelled.page)}`)
}

function loginAction(page: Page): URL {
  const form = formsOf(page.html).find(({ fields }) => 'password' in fields)
  if (!form) throw new Error(`This is no login page (${page.status}): ${said(page)}`)
  return new URL(form.action, page.url)
}

function said({ html }: Page): string {
  const text = /role="alert"[^>]*>(.*?)</s.exec(html)?.[1] ?? /<h1>(.*?)<\/h1>/s.exec(html)?.[1] ?? html.slice(0, 200)
  const details = [...html.matchAll(/<code>(.*?)<\/code>/g)].map(([, detail]) => detail).join(', ')
  return unescape(details ? `${text} (${details})` : text)
}
