import type { Page } from 'playwright-core'
import { afterEach, expect, test } from 'vitest'
import { startDemo, type Demo } from '../../scripts/demo-server.ts'
import type { VaultKind } from '../../services/index.ts'
import { launchBrowser, type LaunchedBrowser } from '../support/chromium.ts'
import { expectStatus, logInByPopup, logInByRedirect, logOut } from '../support/person.ts'
import { marksOf, startDrill, type Drill, type Place } from './leak-places.ts'
import { provokeErrors, type TappedWindow } from './session-tap.ts'
import { report as tell } from '../support/report.ts'

interface Variant {
  readonly vault: VaultKind
  readonly dpop: boolean
  /** Where tokens lie in plain text, and any script can read them: the docs say so of `VaultKind`. */
  readonly readable: 'localStorage' | null
  /** One session in all tabs; otherwise each has its own. */
  readonly isShared: boolean
  readonly outlivesPage: boolean
}

const encrypted: Variant = { vault: 'encrypted', dpop: false, readable: null, isShared: true, outlivesPage: true }
const variants: readonly Variant[] = [
  encrypted,
  { ...encrypted, dpop: true },
  { ...encrypted, vault: 'local', readable: 'localStorage' },
  // Sealed; though whoever reads the key beside it in sessionStorage can open it, as the docs say.
  { ...encrypted, vault: 'session', isShared: false },
  { ...encrypted, vault: 'memory', isShared: false, outlivesPage: false },
]
const kinds = ['access_token', 'refresh_token', 'id_token'] as const

let demo: Demo
let browser: LaunchedBrowser
let drill: Drill

async function begin({ vault, dpop }: Variant): Promise<void> {
  demo = await startDemo({
    mode: 'built',
    vault,
    dpop,
    tokenLifetime: 4,
    faults: true,
    provider: { recordTokens: true, keepAlive: false },
  })
  browser = await launchBrowser()
  drill = await startDrill(browser.context, demo.url)
}
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
  tell(
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

const loginButton = (page: Page) => page.getByRole('button', { name: 'Log in', exact: true })

/** The provider remembers who logged in a moment ago, and asks for no password. */
async function logInAgain(page: Page): Promise<void> {
  await loginButton(page).click()
  await expectStatus(page, /^Signed in/)
}

async function completeRun({ isShared, outlivesPage }: Variant): Promise<Page> {
  const { faults } = demo.provider
  const first = await openDemo()
  await loginButton(first).waitFor()
  await drill.look('signed out')
  await logInByRedirect(first, demo)
  await first.getByRole('heading', { name: 'Hello, Alice' }).waitFor()
  await drill.look('signed in')

  const second = await openDemo()
  if (!isShared) await logInAgain(second)
  await expectStatus(second, /^Signed in/)
  await untilRenewed(1)
  await drill.look('renewed')
  await editCountry(first, 'Canada')
  await drill.look('saved')
  if (!isShared) await second.close()

  // What fails is told of, here and there: it must not quote what was sent.
  faults.add(
    { endpoint: 'token', kind: 'status', status: 503, body: 'oauth' },
    { endpoint: 'token', kind: 'status', status: 502, body: 'html', cors: false },
    { endpoint: 'userinfo', kind: 'invalid_json' },
  )
  await provokeErrors(first)
  await untilRenewed(1)
  await first.reload()
  if (!outlivesPage) await logInAgain(first)
  await expectStatus(first, /^Signed in/)
  await drill.look('failed and recovered')
  faults.clear()
  faults.add({ endpoint: 'token', grantType: 'refresh_token', kind: 'invalid_grant' })
  await loginButton(first).waitFor({ timeout: 30_000 })
  // Should the reload above have cost the session already, it must not meet the next renewal.
  faults.clear()
  await provokeErrors(first)
  await drill.look('revoked')

  await logInAgain(first)
  const other = isShared ? second : first
  await expectStatus(other, /^Signed in/)
  await untilRenewed(1)
  await drill.look('signed in again')
  await logOut(other, 'Log out')
  await expectStatus(first, /^You are logged out/)
  await expectStatus(other, /^You are logged out/)
  await drill.look('logged out')
  return first
}

/** In a vault of plain text every kind is found while someone is signed in, in that one entry; so the search works. */
function expectInVaultAlone({ vault, readable }: Variant): void {
  const isVault = ({ where, key = '' }: Place): boolean =>
    readable !== null && where.startsWith(`${readable}, `) && key.startsWith(`sessionchart.login.${vault}|`)
  expect(findTokens(drill.places.filter((place) => !isVault(place)))).toEqual([])
  const found = new Set(findTokens(drill.places.filter(isVault)))
  const stages = ['signed in', 'renewed', 'something typed', 'saved', 'failed and recovered', 'signed in again']
  const expected = stages.flatMap((stage) => kinds.map((kind) => `${kind} in ${readable}, ${stage}`))
  expect(found).toEqual(new Set(readable === null ? [] : expected))
}

test.for(variants)(
  'P21 a complete run leaves no token outside of the vault, and none in plain text unless the vault is of that kind ($vault, DPoP $dpop)',
  { timeout: 120_000 },
  async (variant) => {
    await begin(variant)
    const first = await completeRun(variant)
    report()
    expectInVaultAlone(variant)
    expect(drill.places.filter(({ text }) => text.includes('EXTRACTABLE KEY'))).toEqual([])
    expectSentToProviderAlone()

    // The drill itself: it looked where it says, and it does find a token where there is one.
    const wheres = drill.places.map(({ where }) => where)
    for (const kind of [...plantedIn, `channel sessionchart|${variant.vault}`, 'thrown'])
      expect(wheres.filter((where) => where.startsWith(kind)).length, `places of the kind ${kind}`).toBeGreaterThan(3)
    const issued = demo.provider.issuedTokens()
    for (const kind of kinds) expect(issued.filter((token) => token.kind === kind).length, kind).toBeGreaterThan(4)
    await plantEverywhere(first, issued.at(-1)?.value ?? '')
    await drill.look('planted')
    const found = findTokens(drill.places).join('\n')
    for (const kind of [...plantedIn, 'console', 'error', 'channel planted']) expect(found).toContain(` in ${kind}`)
  },
)

const plantedIn = [
  'DOM',
  'form fields',
  'address',
  'referrer',
  'history',
  'localStorage',
  'sessionStorage',
  'IndexedDB',
  'inspection @xstate.event',
  'inspection @xstate.snapshot',
  'inspection @xstate.microstep',
  'inspection @xstate.action',
  'snapshot',
  'fact',
  'actor',
  'persisted snapshot',
]

async function plantEverywhere(page: Page, token: string): Promise<void> {
  await page.evaluate(async (value) => {
    const { session } = (window as unknown as TappedWindow).drill
    session?.send({ type: 'login', via: 'redirect', returnTo: `/?planted=${value}` })
  }, token)
  await expectStatus(page, /^Signed in/)
  await page.evaluate(async (value) => {
    const { session } = (window as unknown as TappedWindow).drill
    session?.send({ type: 'metadata.patch', patch: { planted: value } })
    void Promise.reject(new Error('Planted', { cause: { value } }))
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
  await begin(encrypted)
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
  await begin(encrypted)
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
