import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startDemo, type Demo } from '../../scripts/demo-server.ts'
import { launchBrowser, type LaunchedBrowser } from '../support/chromium.ts'
import { expectStatus, logInByPopup, logInByRedirect, logOut, readStorage, watchFaults } from '../support/person.ts'

let demo: Demo
let browser: LaunchedBrowser

beforeAll(async () => {
  demo = await startDemo({ mode: 'built', provider: { recordTokens: true } })
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser.close()
  await demo.stop()
})

const tokenRequests = () => demo.provider.requests.count({ endpoint: 'token' })
const refreshTokens = () =>
  demo.provider
    .issuedTokens()
    .filter(({ kind }) => kind === 'refresh_token')
    .map(({ value }) => value)

async function spend(refreshToken: string): Promise<{ status: number; error: unknown }> {
  const answer = await fetch(`${demo.provider.issuer}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'refresh_token',
      refresh_token: refreshToken,
      client_id: demo.provider.clientId,
    }),
  })
  const { error } = (await answer.json()) as { error?: unknown }
  return { status: answer.status, error }
}

describe.each([
  { way: 'by redirect', logIn: logInByRedirect },
  { way: 'by popup', logIn: logInByPopup },
])('the main path, $way', ({ logIn }) => {
  test('log in, come back, be renewed, edit, log out', async () => {
    const context = await browser.newContext()
    const faults = watchFaults(context)
    const first = await context.newPage()
    await first.goto(demo.url)

    await logIn(first, demo)
    await first.getByRole('heading', { name: 'Hello, Alice' }).waitFor()
    await first.getByText('Alice Appleton').first().waitFor()
    expect(new URL(first.url()).search, 'the address is clean').toBe('')
    await first.close()

    // Coming back: a new page, and nothing to ask the token endpoint for.
    const before = tokenRequests()
    const page = await context.newPage()
    await page.clock.install({ time: Date.now() })
    await page.goto(demo.url)
    await expectStatus(page, /^Signed in/)
    await page.getByRole('heading', { name: 'Hello, Alice' }).waitFor()
    expect(tokenRequests(), 'requests to the token endpoint for coming back').toBe(before)

    // The access token expires; the session is renewed, and the refresh token rotates.
    const [spent] = refreshTokens().slice(-1)
    await page.clock.fastForward((demo.config.tokenLifetime + 10) * 1000)
    await expect.poll(tokenRequests, { timeout: 15_000 }).toBe(before + 1)
    await expectStatus(page, /^Signed in/)
    const [current] = refreshTokens().slice(-1)
    expect(current, 'the refresh token after the renewal').not.toBe(spent)

    // A change is shown at once, saved, and still there after a reload.
    const country = `Canada ${before}`
    await page.getByLabel('Country').fill(country)
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('All changes are saved.').waitFor()
    await page.reload()
    await expectStatus(page, /^Signed in/)
    await expect.poll(() => page.getByLabel('Country').inputValue()).toBe(country)

    // Logging out leaves nothing: not here, not at the provider.
    await logOut(page, 'Log out')
    await expectStatus(page, /^You are logged out/)
    const storage = await readStorage(page)
    expect(storage.logins).toEqual([expect.objectContaining({ generation: null, kept: null })])
    expect(storage.notes).toEqual([])
    for (const { value } of demo.provider.issuedTokens()) expect(storage.texts).not.toContain(value)
    const last = refreshTokens().at(-1) ?? ''
    expect(await spend(last), 'the last refresh token').toEqual({ status: 400, error: 'invalid_grant' })

    const visit = await context.newPage()
    await visit.goto(demo.url)
    await visit.getByRole('button', { name: 'Log in', exact: true }).waitFor()
    await expectStatus(visit, /^You are logged out/)
    expect(faults.list).toEqual([])
    await context.close()
  })
})

test('logging out of the provider as well: the next login asks for the password', async () => {
  const context = await browser.newContext()
  const faults = watchFaults(context)
  const page = await context.newPage()
  await page.goto(demo.url)
  await logInByRedirect(page, demo)

  await logOut(page, 'Log out of the provider as well')
  await expectStatus(page, /^You are logged out/)
  expect(new URL(page.url()).origin).toBe(new URL(demo.url).origin)

  await page.getByRole('button', { name: 'Log in', exact: true }).click()
  await page.getByLabel('Password').waitFor()
  expect(faults.list).toEqual([])
  await context.close()
})

test('logging out of the app alone: the next login needs no password, because the provider remembers', async () => {
  const context = await browser.newContext()
  const page = await context.newPage()
  await page.goto(demo.url)
  await logInByRedirect(page, demo)
  await logOut(page, 'Log out')
  await expectStatus(page, /^You are logged out/)
  const logins = demo.provider.requests.count({ endpoint: 'interaction' })
  await page.getByRole('button', { name: 'Log in', exact: true }).click()
  await expectStatus(page, /^Signed in/)
  expect(demo.provider.requests.count({ endpoint: 'interaction' }), 'login pages shown').toBe(logins)
  await context.close()
})
