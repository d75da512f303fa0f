import type { Page } from 'playwright-core'
import { expectStatus, logInByRedirect, logOut, signInAtProvider } from '../../test/support/person.ts'
import { chartScenes } from './chart-scenes.ts'
import type { Scene, Stage } from './stage.ts'

const loggedIn = async ({ demo, page }: Stage): Promise<void> => {
  await page.goto(demo.url)
  await logInByRedirect(page, demo)
  await page.getByText('All changes are saved.').waitFor()
  await page.getByText('As the provider told it just now.').waitFor()
}

const pass = (page: Page, seconds: number): Promise<void> => page.clock.fastForward(seconds * 1000)

export const scenes: Readonly<Record<string, Scene>> = {
  ...chartScenes,
  'signed-out': async ({ demo, page, take }) => {
    await page.goto(demo.url)
    await page.getByRole('button', { name: 'Log in', exact: true }).waitFor()
    await take()
    await page.getByRole('button', { name: 'Log in', exact: true }).click()
    await page.getByLabel('Password').waitFor()
    await take('login-page')
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.getByText('The login was refused').waitFor()
    await take('login-refused')
  },
  'login-errors': async ({ demo, page, take }) => {
    const shown = (words: string) => page.locator('.notice').filter({ hasText: words }).waitFor()
    const logIn = () => page.getByRole('button', { name: 'Log in', exact: true }).click()
    const openWindow = async (): Promise<Page> => {
      const opening = page.waitForEvent('popup')
      await page.getByRole('button', { name: 'Log in in a window' }).click()
      const popup = await opening
      await popup.getByLabel('Password').waitFor()
      return popup
    }
    await page.goto(demo.url)
    await page.evaluate(() => (window.open = () => null))
    await page.getByRole('button', { name: 'Log in in a window' }).click()
    await shown('blocked')
    await take('login-window-blocked')
    await page.reload()
    await (await openWindow()).close()
    await shown('was closed')
    await take('login-window-closed')
    await openWindow()
    await pass(page, 11 * 60)
    await shown('too long')
    await take('login-too-late')
    await page.goto(`${demo.url}callback?code=old&state=old&iss=${demo.provider.issuer}`)
    await shown('used before')
    await take('login-used-before')
    await page.goto(`${demo.url}callback?code=old&state=old&iss=https://evil.example`)
    await shown('Another provider')
    await take('login-other-issuer')
    demo.provider.faults.add({ endpoint: 'token', kind: 'id_token', set: { exp: 1_700_000_000 } })
    await logIn()
    await signInAtProvider(page)
    await shown('out of time')
    await take('login-wrong-clock')
    demo.provider.faults.add({ endpoint: 'token', kind: 'id_token', key: 'broken' })
    await logIn()
    await shown('not be trusted')
    await take('login-not-trusted')
    // The page knows the provider's addresses already, and would leave for one where nobody is.
    await page.reload()
    await page.getByRole('button', { name: 'Log in', exact: true }).waitFor()
    await demo.stopProvider()
    await logIn()
    await shown('does not answer')
    await take('login-provider-away')
    // As if nobody had clicked, and three logins had failed.
    await page.evaluate(() => {
      Object.defineProperty(navigator, 'userActivation', { value: { isActive: false } })
      sessionStorage.setItem('sessionchart.logins', JSON.stringify([Date.now(), Date.now(), Date.now()]))
    })
    await logIn()
    await shown('goes in circles')
    await take('login-in-circles')
    await demo.restartProvider()
    await page.reload()
    await logIn()
    await expectStatus(page, /^Signed in/)
    await page.getByText('All changes are saved.').waitFor()
    await page.goto(`${demo.url}callback?code=old&state=old&iss=${demo.provider.issuer}`)
    await shown('used before')
    await page.getByText('All changes are saved.').waitFor()
    await take('login-used-before-signed-in')
  },
  'signing-in': async ({ demo, page, take }) => {
    await page.goto(demo.url)
    const opening = page.waitForEvent('popup')
    await page.getByRole('button', { name: 'Log in in a window' }).click()
    const popup = await opening
    await popup.getByLabel('Password').waitFor()
    await page.getByText('Log in in the window').waitFor()
    await take()
    await signInAtProvider(popup)
    await expectStatus(page, /^Signed in/)
  },
  'on-the-way': async (stage) => {
    const { demo, page, take } = stage
    await page.goto(demo.url)
    demo.provider.faults.add({ endpoint: 'discovery', kind: 'hang' })
    await page.getByRole('button', { name: 'Log in', exact: true }).click()
    await page.getByText('Taking you to the login page').waitFor()
    await take('redirecting')
    demo.provider.faults.clear()
    await page.getByLabel('Password').waitFor()
    demo.provider.faults.add({ endpoint: 'token', kind: 'hang' })
    await signInAtProvider(page)
    await page.getByText('Finishing your login').waitFor()
    await take('finishing')
    demo.provider.faults.clear()
    await expectStatus(page, /^Signed in/)
    await page.getByText('All changes are saved.').waitFor()
    await page.getByLabel('First name').fill('Al')
    await logOut(page, 'Log out')
    await page.getByRole('dialog').waitFor()
    await take('leaving-unsaved')
    demo.provider.faults.add({ endpoint: 'revocation', kind: 'hang' })
    await page.getByRole('button', { name: 'Log out anyway' }).click()
    await page.getByText('Logging you out').waitFor()
    await take('signing-out')
    demo.provider.faults.clear()
  },
  'signed-in': async (stage) => {
    await loggedIn(stage)
    await stage.take()
    await stage.page.getByRole('button', { name: /^Account menu/ }).click()
    await stage.take('account-menu')
  },
  details: async (stage) => {
    const { page, demo, take } = stage
    await loggedIn(stage)
    await page.getByLabel('First name').fill('Alice')
    await page.getByLabel('Country').fill('Canada')
    await page.getByLabel('Name', { exact: true }).fill('favourite_tea')
    await page.getByLabel('Value').fill('Earl Grey')
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    await take('details-typed')
    demo.provider.faults.add({ endpoint: 'api', kind: 'status', status: 503, count: 'always' })
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText(/Waiting to be saved/).waitFor()
    await take('details-waiting')
    demo.provider.faults.clear()
    await page.getByRole('button', { name: 'Try now' }).click()
    await page.getByText('All changes are saved.').waitFor()
    await take('details-saved')
    demo.provider.faults.add({ endpoint: 'api', kind: 'status', status: 403, body: 'json', count: 'always' })
    await page.getByLabel('Country').fill('Nowhere')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText(/^Not saved/).waitFor()
    await take('details-refused')
    demo.provider.faults.clear()
  },
  'details-elsewhere': async (stage) => {
    const { page, take } = stage
    await loggedIn(stage)
    const device = await page.context().browser()?.newContext()
    if (device === undefined) throw new Error('There is no second device without a browser.')
    const there = await device.newPage()
    await loggedIn({ ...stage, page: there })
    await there.getByLabel('First name').fill('Augusta')
    await there.getByLabel('Country').fill('Portugal')
    await there.getByRole('button', { name: 'Save' }).click()
    await there.getByText('Saving…').waitFor({ state: 'hidden' })
    await there.getByText('All changes are saved.').waitFor()
    await device.close()
    await page.getByLabel('Country').fill('Canada')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Changed elsewhere meanwhile').waitFor()
    await page.getByText('All changes are saved.').waitFor()
    await take()
  },
  'details-read-only': async ({ demo, page, take }) => {
    await page.goto(demo.url)
    await logInByRedirect(page, demo)
    await page.getByText('As they were told just now.').waitFor()
    await page.getByText('As the provider told it just now.').waitFor()
    await take()
  },
  'details-failed': async (stage) => {
    const { page, demo, take } = stage
    await loggedIn(stage)
    demo.provider.faults.add({ endpoint: 'api', kind: 'status', status: 503, count: 'always' })
    await page.getByRole('button', { name: 'Reload details' }).click()
    await page.getByText(/could not be loaded/).waitFor()
    await take()
    demo.provider.faults.clear()
  },
  reconnecting: async (stage) => {
    await loggedIn(stage)
    stage.demo.provider.faults.add({ endpoint: 'token', kind: 'status', status: 503, count: 'always' })
    await pass(stage.page, stage.demo.config.tokenLifetime + 30)
    await expectStatus(stage.page, /not available/)
    await stage.take()
    stage.demo.provider.faults.clear()
  },
  'ended-revoked': async (stage) => {
    await loggedIn(stage)
    stage.demo.provider.faults.add({ endpoint: 'token', kind: 'invalid_grant', count: 1 })
    await pass(stage.page, stage.demo.config.tokenLifetime + 30)
    await expectStatus(stage.page, /ended by the provider/)
    await stage.take()
  },
  'still-there': async (stage) => {
    await loggedIn(stage)
    await pass(stage.page, 29.5 * 60)
    await stage.page.getByRole('dialog').waitFor()
    await stage.take()
    await pass(stage.page, 60)
    await expectStatus(stage.page, /You were away/)
    await stage.take('ended-idle')
  },
  'logged-out': async (stage) => {
    await loggedIn(stage)
    await logOut(stage.page, 'Log out')
    await expectStatus(stage.page, /^You are logged out/)
    await stage.take()
  },
  trouble: async ({ demo, page, take }) => {
    await page.route('**/demo-config.json', (route) =>
      route.fulfill({ json: { ...demo.config, redirectUri: 'https://elsewhere.example/callback' } }),
    )
    await page.goto(demo.url)
    await page.getByRole('alert').waitFor()
    await take()
  },
}
