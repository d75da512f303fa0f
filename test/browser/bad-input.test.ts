import { createServer } from 'node:http'
import { createServer as createTcpServer, type AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { freePort } from '../../scripts/ports.ts'
import { startDemo, type Demo, type DemoOptions } from '../../scripts/demo-server.ts'
import { launchBrowser, type LaunchedBrowser } from '../support/chromium.ts'
import { expectStatus, logInByRedirect, watchFaults } from '../support/person.ts'

let browser: LaunchedBrowser
const demos: Demo[] = []

beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())
afterEach(async () => {
  await Promise.all(demos.splice(0).map((demo) => demo.stop()))
})

async function openDemo(options: Partial<DemoOptions> = {}) {
  const demo = await startDemo({ mode: 'built', ...options })
  demos.push(demo)
  const context = await browser.newContext()
  const faults = watchFaults(context)
  const page = await context.newPage()
  await page.goto(demo.url)
  return { demo, context, page, faults }
}

/** A web server that answers everything with a page. */
async function htmlServer() {
  const server = createServer((_, answer) => {
    answer.writeHead(200, { 'Content-Type': 'text/html', 'Access-Control-Allow-Origin': '*' }).end('<h1>Hello</h1>')
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, stop: () => new Promise((done) => server.close(done)) }
}

describe('what cannot work says what is wrong and what to do', () => {
  test.each([
    {
      what: 'a missing option',
      config: { clientId: '' },
      words: /demo-config\.json holds no usable clientId.*npm start/,
    },
    {
      what: 'an authority that is no URL',
      config: { authority: 'my-tenant' },
      words: /"authority" is not an absolute URL: "my-tenant"\. Give the issuer/,
    },
    {
      what: 'a redirect URI of another origin',
      config: { redirectUri: 'https://elsewhere.example/callback' },
      words: /"redirectUri" is of another origin \(https:\/\/elsewhere\.example\).*register it at the provider/,
    },
  ])('$what', async ({ config, words }) => {
    const { page, faults, context } = await openDemo({ config })
    const alert = page.getByRole('alert')
    await alert.waitFor()
    expect((await alert.textContent()) ?? '').toMatch(words)
    await page.getByRole('button', { name: 'Try again' }).waitFor()
    expect(faults.list).toEqual([])
    await context.close()
  })

  test.each([
    { what: 'an unreachable provider', path: null, words: 'The provider does not answer' },
    { what: 'a wrong authority', path: '/nowhere', words: 'The provider’s answer makes no sense' },
  ])('$what', async ({ path, words }) => {
    const providerPort = await freePort()
    // A path where this provider is not, or a port where nobody answers; held, or someone else might get it.
    const dead = createTcpServer((socket) => socket.destroy())
    await new Promise<void>((resolve) => dead.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void dead.close())
    const { port } = dead.address() as AddressInfo
    const authority = `http://127.0.0.1:${path === null ? port : `${providerPort}${path}`}`
    const { page, context, faults } = await openDemo({ providerPort, config: { authority } })
    await page.getByRole('button', { name: 'Log in', exact: true }).click()
    const alert = page.getByRole('alert')
    await alert.waitFor({ timeout: 20_000 })
    expect((await alert.textContent()) ?? '').toContain(words)
    expect((await alert.textContent()) ?? '').toContain(authority)
    await page.getByRole('button', { name: 'Log in', exact: true }).waitFor()
    expect(faults.list).toEqual([])
    await context.close()
  })

  test('a provider that answers HTML', async () => {
    const server = await htmlServer()
    const { page, context } = await openDemo({ config: { authority: server.url } })
    await page.getByRole('button', { name: 'Log in', exact: true }).click()
    const alert = page.getByRole('alert')
    await alert.waitFor()
    expect((await alert.textContent()) ?? '').toContain(`There is no OpenID provider at ${server.url}`)
    await context.close()
    await server.stop()
  })

  test('a corrupt vault: the person is told, and can log in again', async () => {
    const { page, demo, context, faults } = await openDemo()
    await logInByRedirect(page, demo)
    await page.evaluate(async () => {
      const open = indexedDB.open('sessionchart')
      const database = await new Promise<IDBDatabase>((resolve) => (open.onsuccess = () => resolve(open.result)))
      const store = database.transaction('logins', 'readwrite').objectStore('logins')
      const keys = await new Promise<IDBValidKey[]>((resolve) => {
        const request = store.getAllKeys()
        request.onsuccess = () => resolve(request.result)
      })
      const change = store.get(keys[0] ?? '')
      await new Promise<void>((resolve) => {
        change.onsuccess = () => {
          const record = change.result as { kept: { data: ArrayBuffer } }
          new Uint8Array(record.kept.data)[7] = 0
          new Uint8Array(record.kept.data)[8] = 0
          store.put(record, keys[0]).onsuccess = () => resolve()
        }
      })
      database.close()
    })
    await page.reload()
    await expectStatus(page, /^Your session could not be found again/)
    await page.getByText('What was stored could not be read').waitFor()
    // The provider still knows the person, so it asks for nothing.
    await page.getByRole('button', { name: 'Log in', exact: true }).click()
    await expectStatus(page, /^Signed in/)
    await page.reload()
    await expectStatus(page, /^Signed in/)
    expect(faults.list).toEqual([])
    await context.close()
  })

  test('a popup that the browser blocks', async () => {
    const { page, context, faults } = await openDemo()
    await page.evaluate(() => {
      window.open = () => null
    })
    await page.getByRole('button', { name: 'Log in in a window' }).click()
    await page.getByText('The browser blocked the login window').waitFor()
    await page.getByRole('button', { name: 'Log in', exact: true }).waitFor()
    expect(faults.list).toEqual([])
    await context.close()
  })

  test('a login that the person cancels at the provider, and one whose window they close', async () => {
    const { page, context, faults } = await openDemo()
    await page.getByRole('button', { name: 'Log in', exact: true }).click()
    // The app has such a button as well, until the page is the provider's.
    await page.getByLabel('Password').waitFor()
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.getByText('The login was refused').waitFor()

    const opening = page.waitForEvent('popup')
    await page.getByRole('button', { name: 'Log in in a window' }).click()
    const popup = await opening
    await popup.getByLabel('Password').waitFor()
    await popup.close()
    await page.getByText('The login window was closed').waitFor()
    expect(faults.list).toEqual([])
    await context.close()
  })
})
