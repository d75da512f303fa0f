import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT, type JWK } from 'jose'
import type { BrowserContext, Page } from 'playwright-core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startDemo, type Demo } from '../../scripts/demo-server.ts'
import type { Session } from '../../services/index.ts'
import { launchBrowser, type LaunchedBrowser } from '../support/chromium.ts'
import { expectStatus, logInByPopup, logInByRedirect, logOut, readStorage, watchFaults } from '../support/person.ts'
import { hashOf, readProof } from '../support/proofs.ts'

let demo: Demo
let browser: LaunchedBrowser

beforeEach(async () => {
  demo = await startDemo({ mode: 'built', dpop: true, provider: { recordTokens: true } })
  browser = await launchBrowser()
  await browser.context.addInitScript(() => {
    window.onSessionMade = (session) => void Object.assign(window, { session })
  })
})
afterEach(async () => {
  await browser.close()
  await demo.stop()
})

interface Sent {
  readonly url: URL
  readonly method: string
  readonly status: number
  readonly authorization: string | null
  readonly dpop: string | null
}

/** Every answered request of a browser, and what its console has to complain of. */
function watch({ context }: LaunchedBrowser) {
  const sent: Sent[] = []
  const types: Promise<unknown>[] = []
  const complaints: string[] = []
  context.on('response', (response) => {
    const request = response.request()
    const { authorization = null, dpop = null } = request.headers()
    const url = new URL(request.url())
    sent.push({ url, method: request.method(), status: response.status(), authorization, dpop })
    if (url.pathname === '/oauth/token' && response.ok())
      types.push(response.json().then((body: { token_type?: unknown }) => body.token_type))
  })
  context.on('console', (message) => {
    // The browser's own line about a request that asked for its nonce.
    if (['error', 'warning'].includes(message.type()) && !message.text().startsWith('Failed to load resource'))
      complaints.push(message.text())
  })
  return { sent, types, complaints, faults: watchFaults(context) }
}

const issued = (kind: 'access_token' | 'refresh_token'): string[] =>
  demo.provider.issuedTokens().flatMap((token) => (token.kind === kind ? token.value : []))
const renewals = (): number =>
  demo.provider.requests.count({ endpoint: 'token', grantType: 'refresh_token', rotated: true })
const alice = (): string => `${demo.provider.audience}users/local%7Calice`

/** The app's own request, by its session. */
const fetchInApp = (page: Page, address: string): Promise<number> =>
  page.evaluate(async (url) => {
    const { session } = window as unknown as { session: Session }
    return (await session.fetch(url)).status
  }, address)

interface KeptKey {
  readonly extractable: boolean
  /** What came of reading out the private half, by format. */
  readonly readOut: readonly string[]
  readonly publicKey: JWK
}

/** What a script can make of the keys that tokens are bound to. */
const readKeys = (page: Page): Promise<KeptKey[]> =>
  page.evaluate(async () => {
    const answer = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        request.addEventListener('success', () => resolve(request.result))
        request.addEventListener('error', () => reject(request.error ?? new Error('IndexedDB failed')))
      })
    const database = await answer(indexedDB.open('sessionchart'))
    const kept: unknown[] = await answer(database.transaction('keys').objectStore('keys').getAll())
    database.close()
    const pairs = kept.filter((key) => !(key instanceof CryptoKey)) as CryptoKeyPair[]
    const tryExport = (format: 'jwk' | 'pkcs8', key: CryptoKey): Promise<string> =>
      crypto.subtle.exportKey(format as 'jwk', key).then(
        () => 'read out',
        (error: DOMException) => error.name,
      )
    return Promise.all(
      pairs.map(async ({ privateKey, publicKey }) => ({
        extractable: privateKey.extractable,
        readOut: await Promise.all([tryExport('jwk', privateKey), tryExport('pkcs8', privateKey)]),
        publicKey: await crypto.subtle.exportKey('jwk', publicKey),
      })),
    )
  })

/** The one key of this browser, which no script can read out; by its thumbprint. */
async function expectOneKey(page: Page): Promise<string> {
  const keys = await readKeys(page)
  expect(keys).toEqual([expect.objectContaining({ extractable: false })])
  const [{ readOut, publicKey }] = keys as [KeptKey]
  expect(readOut).toEqual(['InvalidAccessError', 'InvalidAccessError'])
  return calculateJwkThumbprint(publicKey)
}

/** Every request with an access token, and every one for tokens, carries a proof of its own by this key. */
async function expectProven(sent: readonly Sent[], thumbprint: string): Promise<void> {
  const needy = sent.filter(({ url, authorization }) => authorization !== null || url.pathname === '/oauth/token')
  expect(needy.filter(({ dpop }) => dpop === null)).toEqual([])
  const paths = new Set(needy.filter(({ status }) => status === 200).map(({ url }) => url.pathname))
  for (const path of ['/oauth/token', '/userinfo', new URL(alice()).pathname]) expect(paths).toContain(path)
  const ids = new Set<unknown>()
  const withoutNonce: string[] = []
  for (const { url, method, authorization, dpop, status } of needy) {
    const { proof, key } = await readProof(dpop)
    expect(key).toBe(thumbprint)
    expect(proof).toMatchObject({ htm: method, htu: `${url.origin}${url.pathname}` })
    expect(authorization ?? 'DPoP ').toMatch(/^DPoP /)
    expect(proof?.['ath']).toBe(authorization === null ? undefined : hashOf(authorization.slice('DPoP '.length)))
    if (status === 200 && proof?.['nonce'] === undefined) withoutNonce.push(url.pathname)
    ids.add(proof?.jti)
  }
  expect(ids.size).toBe(needy.length)
  // The user API demands none.
  expect(withoutNonce.filter((path) => path !== new URL(alice()).pathname)).toEqual([])
}

async function comeBackInTwoTabs(context: BrowserContext): Promise<[Page, Page]> {
  await context.clock.install({ time: Date.now() })
  const pages: [Page, Page] = [await context.newPage(), await context.newPage()]
  for (const page of pages) {
    await page.goto(demo.url)
    await expectStatus(page, /^Signed in/)
    await page.getByText('As the provider told it just now.').waitFor()
  }
  return pages
}

describe.each([
  { way: 'by redirect', logIn: logInByRedirect },
  { way: 'by popup', logIn: logInByPopup },
])('P21 with DPoP and a provider that demands its nonces, $way', ({ logIn }) => {
  test('log in, come back, be renewed in two tabs, edit, log out: every token is bound to a key that no script reads out', async () => {
    const { context } = browser
    const { sent, types, complaints, faults } = watch(browser)
    const first = await context.newPage()
    await first.goto(demo.url)
    await logIn(first, demo)
    await first.getByRole('heading', { name: 'Hello, Alice' }).waitFor()
    const thumbprint = await expectOneKey(first)
    await first.close()

    // Coming back, in two tabs: the key is there, and nothing is asked of the token endpoint.
    const [page, other] = await comeBackInTwoTabs(context)
    expect(issued('access_token')).toHaveLength(1)

    await context.clock.fastForward((demo.config.tokenLifetime + 10) * 1000)
    await expect.poll(renewals, { timeout: 15_000 }).toBe(1)
    for (const tab of [page, other]) {
      await expectStatus(tab, /^Signed in/)
      expect(await fetchInApp(tab, alice())).toBe(200)
    }

    await page.getByLabel('Country').fill('Canada')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('All changes are saved.').waitFor()
    await page.reload()
    await expectStatus(page, /^Signed in/)
    await expect.poll(() => page.getByLabel('Country').inputValue()).toBe('Canada')
    expect(renewals()).toBe(1)

    await logOut(page, 'Log out')
    for (const tab of [page, other]) await expectStatus(tab, /^You are logged out/)
    const storage = await readStorage(page)
    expect(storage.logins).toEqual([expect.objectContaining({ generation: null, kept: null })])
    expect(storage.notes).toEqual([])
    expect(sent.filter(({ url }) => url.pathname.includes('revo')).map(({ status }) => status)).toEqual([200])

    // The key stays (docs/decisions/008-dpop.md), as unreadable as before, and the next login names it.
    expect(await expectOneKey(page)).toBe(thumbprint)
    await page.getByRole('button', { name: 'Log in', exact: true }).click()
    await expectStatus(page, /^Signed in/)
    const named = sent.flatMap(({ url }) => url.searchParams.get('dpop_jkt') ?? [])
    expect(named).toEqual([thumbprint, thumbprint])

    await expectProven(sent, thumbprint)
    expect(new Set(await Promise.all(types))).toEqual(new Set(['DPoP']))
    expect(types).toHaveLength(3)
    expect(complaints).toEqual([])
    expect(faults.list).toEqual([])
  })
})

test('P21 with DPoP stolen tokens are refused without the key, and their owner does not notice', async () => {
  const { faults } = watch(browser)
  const page = await browser.context.newPage()
  await page.goto(demo.url)
  await logInByRedirect(page, demo)
  const [token = ''] = issued('access_token').slice(-1)

  const thief = await generateKeyPair('ES256')
  const thiefsProof = async (address: string, nonce?: string): Promise<string> =>
    new SignJWT({ htm: 'GET', htu: address, jti: crypto.randomUUID(), ath: hashOf(token), ...(nonce && { nonce }) })
      .setProtectedHeader({ typ: 'dpop+jwt', alg: 'ES256', jwk: await exportJWK(thief.publicKey) })
      .setIssuedAt()
      .sign(thief.privateKey)
  const userinfo = `${demo.provider.issuer}/userinfo`
  for (const address of [userinfo, alice()]) {
    const use = (headers: Record<string, string>) => fetch(address, { headers })
    expect((await use({ authorization: `Bearer ${token}` })).status, `${address}, as a bearer token`).toBe(401)
    // oidc-provider takes a missing proof for a malformed request.
    const bare = await use({ authorization: `DPoP ${token}` })
    expect(bare.status, `${address}, without a proof`).toBe(address === userinfo ? 400 : 401)
    const asked = await use({ authorization: `DPoP ${token}`, dpop: await thiefsProof(address) })
    const nonce = asked.headers.get('DPoP-Nonce') ?? undefined
    const proven = await use({ authorization: `DPoP ${token}`, dpop: await thiefsProof(address, nonce) })
    expect(proven.status, `${address}, with a proof by another key`).toBe(401)
    expect(proven.headers.get('www-authenticate')).not.toContain('use_dpop_nonce')
  }
  const [refreshToken = ''] = issued('refresh_token').slice(-1)
  const spent = await fetch(`${demo.provider.issuer}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'refresh_token',
      refresh_token: refreshToken,
      client_id: demo.provider.clientId,
    }),
  })
  expect([spent.status, await spent.json()]).toEqual([400, expect.objectContaining({ error: 'invalid_grant' })])

  // The token is as good as ever where it belongs, and so is the refresh token.
  expect(await fetchInApp(page, alice())).toBe(200)
  await page.evaluate(() =>
    (window as unknown as { session: Session }).session.getAccessToken({ forceRenewal: true }).then(() => {}),
  )
  expect(renewals()).toBe(1)
  expect(await fetchInApp(page, alice())).toBe(200)
  await expectStatus(page, /^Signed in/)
  expect(faults.list).toEqual([])
})
