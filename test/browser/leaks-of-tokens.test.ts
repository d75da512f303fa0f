import type { Page } from 'playwright-core'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startDemo, type Demo } from '../../scripts/demo-server.ts'
import { launchBrowser, type LaunchedBrowser } from '../support/chromium.ts'
import { expectStatus, logInByPopup, logInByRedirect, logOut } from '../support/person.ts'
import { marksOf, startDrill, type Drill, type Place } from './leak-places.ts'

let demo: Demo
let browser: LaunchedBrowser
let drill: Drill

beforeEach(async () => {
  demo = await startDemo({
    mode: 'built',
    tokenLifetime: 4,
    faults: true,
    provider: { recordTokens: true, keepAlive: false },
  })
  browser = await launchBrowser()
  drill = await startDrill(browser.context, demo.url)
})
afterEach(async () => {
  await browser.close()
  await demo.stop()
})

const renewals = () => demo.provider.requests.count({ endpoint: 'token', grantType: 'refresh_token', rotated: true })

async function untilRenewed(times: number): Promise<void> {
  const goal = renewals() + times
  await expect.poll(renewals, { timeout: 30_000 }).toBeGreaterThanOrEqual(goal)
}

async function openDemo(): Promise<Page> {
  const page = await browser.context.newPage()
  await page.goto(demo.url)
  return page
}

async function editCountry(page: Page, country: string): Promise<void> {
  await page.getByLabel('Country').fill(country)
  await drill.look('something typed')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('All changes are saved.').waitFor()
}

/** Where any issued token, or a telling part of one, stands; named by kind, for a report is no place for tokens either. */
function findTokens(places: readonly Place[]): string[] {
  const wanted = demo.provider.issuedTokens().map(({ kind, value }) => ({ kind, marks: marksOf(value) }))
  return places.flatMap(({ where, text }) =>
    wanted.filter(({ marks }) => marks.some((mark) => text.includes(mark))).map(({ kind }) => `${kind} in ${where}`),
  )
}

function report(): void {
  const kinds = new Map<string, number>()
  for (const { where } of drill.places) {
    const kind = where.split(',')[0] ?? where
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
  }
  const size = drill.places.reduce((sum, { text }) => sum + text.length, 0)
  console.log(
    `P21 drill: ${demo.provider.issuedTokens().length} tokens searched for in ${drill.places.length} places ` +
      `(${size} characters): ${[...kinds].map(([kind, count]) => `${kind} ${count}`).join(', ')}`,
  )
}

/** Access and refresh tokens went to the provider, and nowhere else. */
function expectSentToProviderAlone(): void {
  const values = demo.provider.issuedTokens().map(({ value }) => value)
  const carriers = drill.requests.filter(({ carried }) => values.some((value) => carried.includes(value)))
  expect(new Set(carriers.map(({ url }) => new URL(url).origin))).toEqual(new Set([demo.provider.issuer]))
}

test('P21 a complete run leaves no token anywhere that a page can be read', { timeout: 120_000 }, async () => {
  const { faults } = demo.provider
  const first = await openDemo()
  await first.getByRole('button', { name: 'Log in', exact: true }).waitFor()
  await drill.look('signed out')
  await logInByRedirect(first, demo)
  await first.getByRole('heading', { name: 'Hello, Alice' }).waitFor()
  await drill.look('signed in')

  const second = await openDemo()
  await expectStatus(second, /^Signed in/)
  await untilRenewed(1)
  await drill.look('renewed')
  await editCountry(first, 'Canada')
  await drill.look('saved')

  // What fails is told of, here and there: it must not quote what was sent.
  faults.add(
    { endpoint: 'token', kind: 'status', status: 503, body: 'oauth' },
    { endpoint: 'token', kind: 'status', status: 502, body: 'html', cors: false },
    { endpoint: 'userinfo', kind: 'invalid_json' },
  )
  await untilRenewed(1)
  await first.reload()
  await expectStatus(first, /^Signed in/)
  await drill.look('failed and recovered')
  faults.clear()
  faults.add({ endpoint: 'token', kind: 'invalid_grant' })
  await first.getByRole('button', { name: 'Log in', exact: true }).waitFor({ timeout: 30_000 })
  await drill.look('revoked')

  await first.getByRole('button', { name: 'Log in', exact: true }).click()
  await expectStatus(first, /^Signed in/)
  await expectStatus(second, /^Signed in/)
  await untilRenewed(1)
  await drill.look('signed in again')
  await logOut(second, 'Log out')
  await expectStatus(first, /^You are logged out/)
  await expectStatus(second, /^You are logged out/)
  await drill.look('logged out')

  report()
  expect(findTokens(drill.places)).toEqual([])
  expect(drill.places.filter(({ text }) => text.includes('EXTRACTABLE KEY'))).toEqual([])
  expectSentToProviderAlone()

  // The drill itself: it looked where it says, and it does find a token where there is one.
  const wheres = drill.places.map(({ where }) => where)
  for (const kind of [
    'DOM',
    'address',
    'IndexedDB',
    'localStorage',
    'sessionStorage',
    'channel sessionchart|encrypted',
  ])
    expect(wheres.filter((where) => where.startsWith(kind)).length, `places of the kind ${kind}`).toBeGreaterThan(3)
  const issued = demo.provider.issuedTokens()
  for (const kind of ['access_token', 'refresh_token', 'id_token'])
    expect(issued.filter((token) => token.kind === kind).length, kind).toBeGreaterThan(4)
  await plantEverywhere(first, issued.at(-1)?.value ?? '')
  await drill.look('planted')
  const found = findTokens(drill.places).join('\n')
  for (const kind of ['console', 'DOM', 'localStorage', 'sessionStorage', 'IndexedDB', 'channel planted', 'history'])
    expect(found).toContain(` in ${kind}`)
})

async function plantEverywhere(page: Page, token: string): Promise<void> {
  await page.evaluate(async (value) => {
    console.log(value)
    document.body.append(value)
    localStorage.setItem('planted', value)
    sessionStorage.setItem('planted', value)
    history.replaceState({ value }, '')
    const channel = new BroadcastChannel('planted')
    channel.postMessage({ value })
    channel.close()
    await new Promise((resolve) => {
      const opening = indexedDB.open('planted')
      opening.addEventListener('upgradeneeded', () => opening.result.createObjectStore('planted').put({ value }, 1))
      opening.addEventListener('success', () => resolve(opening.result.close()))
    })
  }, token)
}

test('P21 a login in a window leaves none either: neither there nor in what it says to the app', async () => {
  const page = await openDemo()
  await logInByPopup(page, demo)
  await page.getByRole('heading', { name: 'Hello, Alice' }).waitFor()
  await untilRenewed(1)
  await drill.look('signed in by a window')
  report()
  expect(drill.places.filter(({ where }) => where === 'channel sessionchart|login').length).toBeGreaterThan(0)
  expect(findTokens(drill.places)).toEqual([])
  expectSentToProviderAlone()
})

test('P21 a logout at the provider shows it the ID token that it has to know, and nobody else anything', async () => {
  const page = await openDemo()
  await logInByRedirect(page, demo)
  await logOut(page, 'Log out of the provider as well')
  await expectStatus(page, /^You are logged out/)
  await drill.look('logged out of the provider')
  report()
  // RP-initiated logout takes `id_token_hint` in the address: of the provider, never of the app.
  const isLogoutAddress = ({ where, text }: Place): boolean =>
    where === 'address' && new URL(text).origin === demo.provider.issuer && text.includes('id_token_hint=')
  const elsewhere = drill.places.filter((place) => !isLogoutAddress(place))
  expect(findTokens(elsewhere)).toEqual([])
  expect(new Set(findTokens(drill.places.filter(isLogoutAddress)))).toEqual(new Set(['id_token in address']))
})
