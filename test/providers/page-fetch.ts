type Json = Readonly<Record<string, unknown>>

/** A request of the page, and how it was answered. */
export interface PageRequest {
  readonly url: string
  readonly status: number
  /** The answer, where it is a JSON object. */
  readonly json: Json | null
}

export interface PageFetch {
  readonly requests: readonly PageRequest[]
  /** Changes what the page gets to read of an answer; `null`: nothing. */
  rewrite: ((json: Json) => Json) | null
  /** Nothing gets through. */
  isOffline: boolean
  restore(): void
}

const simpleMethods = ['GET', 'HEAD', 'POST']
/** Libraries name themselves in the last one, though only outside of browsers. */
const simpleHeaders = ['accept', 'accept-language', 'content-language', 'user-agent']
const simpleTypes = /^(application\/x-www-form-urlencoded|multipart\/form-data|text\/plain)/i

const readableHeaders = [
  'cache-control',
  'content-language',
  'content-length',
  'content-type',
  'expires',
  'last-modified',
  'pragma',
]

const listedIn = (headers: Headers, name: string): readonly string[] =>
  (headers.get(name) ?? '').toLowerCase().split(/\s*,\s*/)

/** What a page of another origin can read. */
function readable(headers: Headers): Headers {
  const exposed = [...readableHeaders, ...listedIn(headers, 'Access-Control-Expose-Headers')]
  return new Headers([...headers].filter(([name]) => exposed.includes(name) || exposed.includes('*')))
}

/**
 * Makes `fetch` what a page of this origin has: an answer of another origin is only for those whom it allows (CORS, Fetch
 * Standard section 3.3), after asking ahead where a browser would. What the page sends is noted.
 */
export function becomePage(origin: string): PageFetch {
  const real = globalThis.fetch
  const requests: PageRequest[] = []

  const allows = (headers: Headers): boolean => {
    const allowed = headers.get('Access-Control-Allow-Origin')
    return allowed === origin || allowed === '*'
  }
  const refuse = (why: string): never => {
    throw new TypeError(`Failed to fetch (CORS: ${why})`)
  }

  const askAhead = async (request: Request): Promise<void> => {
    const unusual = [...request.headers]
      .filter(([name, value]) =>
        name === 'content-type' ? !simpleTypes.test(value) : !simpleHeaders.includes(name) && name !== 'origin',
      )
      .map(([name]) => name)
    if (unusual.length === 0 && simpleMethods.includes(request.method)) return
    const { ok, headers, status } = await real(request.url, {
      method: 'OPTIONS',
      redirect: 'manual',
      headers: {
        Origin: origin,
        'Access-Control-Request-Method': request.method,
        ...(unusual.length === 0 ? {} : { 'Access-Control-Request-Headers': unusual.join(',') }),
      },
    })
    if (!ok || !allows(headers)) refuse(`OPTIONS ${request.url} answered ${status} without allowing ${origin}`)
    const missing = unusual.filter((name) => !listedIn(headers, 'Access-Control-Allow-Headers').includes(name))
    if (missing.length > 0) refuse(`${request.url} does not allow the headers ${missing.join(', ')}`)
    const methods = [
      ...simpleMethods,
      ...listedIn(headers, 'Access-Control-Allow-Methods').map((name) => name.toUpperCase()),
    ]
    if (!methods.includes(request.method)) refuse(`${request.url} does not allow ${request.method}`)
  }

  const send = async (request: Request, redirects = 0): Promise<Response> => {
    if (page.isOffline) throw new TypeError('Failed to fetch')
    if (new URL(request.url).origin === origin) return real(request)
    await askAhead(request)
    request.headers.set('Origin', origin)
    const again = request.clone()
    const response = await real(new Request(request, { redirect: 'manual' }))
    if (!allows(response.headers)) refuse(`${request.url} answered ${response.status} without allowing ${origin}`)
    const to = response.headers.get('Location')
    if (to === null || request.redirect === 'manual') return response
    if (redirects === 5) throw new TypeError('Failed to fetch (redirected too often)')
    return send(new Request(new URL(to, request.url), again), redirects + 1)
  }

  const fetchAsPage = async (input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> => {
    const request = new Request(input, init)
    // The person's own step from page to page, which CORS has no part in.
    if (request.headers.get('Accept') === 'text/html') return real(request)
    const { url } = request
    const response = await send(request)
    const { status, statusText, headers } = response
    const text = await response.text()
    const json = objectIn(text)
    requests.push({ url, status, json })
    const read = json !== null && page.rewrite !== null ? JSON.stringify(page.rewrite(json)) : text
    return new Response([204, 205, 304].includes(status) ? null : read, {
      status,
      statusText,
      headers: new URL(url).origin === origin ? headers : readable(headers),
    })
  }

  const page: PageFetch = {
    requests,
    rewrite: null,
    isOffline: false,
    restore: () => {
      globalThis.fetch = real
    },
  }
  globalThis.fetch = fetchAsPage
  return page
}

function objectIn(text: string): Json | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Json) : null
  } catch {
    return null
  }
}
