import type { ServerResponse } from 'node:http'
import { html, Html } from '../html.ts'
import { style } from './style.ts'

export interface Page {
  title: string
  body: Html
  /** Two columns where there is room. */
  wide?: boolean
}

export function markup({ title, body, wide }: Page): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${style}</style>
</head>
<body${wide ? new Html(' class="wide"') : undefined}>
${body}
<footer>A local OpenID provider, for development and demonstration. Its people and passwords exist on this machine only.</footer>
</body>
</html>
`.text
}

/**
 * No scripts, no foreign content, no framing. Browsers hold the redirects after a form to `form-action` as well, so the
 * apps have to be in it.
 */
export function pageHeaders(apps: readonly string[]): Record<string, string> {
  return {
    'Content-Type': 'text/html; charset=utf-8',
    'Cache-Control': 'no-store',
    'Referrer-Policy': 'no-referrer',
    'Content-Security-Policy':
      `default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; ` +
      `frame-ancestors 'none'; form-action 'self' ${apps.join(' ')}`,
  }
}

export function sendPage(res: ServerResponse, status: number, page: Page, apps: readonly string[]) {
  for (const [name, value] of Object.entries(pageHeaders(apps))) res.setHeader(name, value)
  res.statusCode = status
  res.end(markup(page))
}

export function chip(person: { name: string; detail: string; picture: string }): Html {
  return html`<div class="who chip">
    <img src="${person.picture}" alt="" /><span
      ><strong>${person.name}</strong><span class="soft small">${person.detail}</span></span
    >
  </div>`
}
