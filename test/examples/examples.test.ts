import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { root, runNode, toolOf } from '../../scripts/command.ts'
import { exampleNames, serveExample } from '../../scripts/examples.ts'
import { whatAxeFinds } from '../support/axe.ts'
import { button, logIn, noteTexts, openSite, person, widthLeft, type Site } from './site.ts'

// The examples of docs/examples as somebody has them who copied them: outside this tree, with the packed package.

let site: Site
beforeAll(async () => {
  site = await openSite()
})
afterAll(() => site.close())

const tsc = (folder: string) =>
  runNode([toolOf('@typescript/native', 'tsc'), '--pretty', 'false'], { cwd: join(site.folder, folder) })

describe.each(exampleNames)('%s', (name) => {
  test('compiles, strictly, and is built', async () => {
    expect((await tsc(name)).output).toBe('')
    const { ok, output } = site.builtOf(name)
    expect(ok, output).toBe(true)
  })

  test('somebody logs in, comes back after a reload and is still in, and logs out for good', async () => {
    const { context, faults } = await person(site)
    const page = await context.newPage()
    await page.setViewportSize({ width: 390, height: 800 })
    await page.goto(`${site.urlOf(name)}/`)
    await button(page, 'Log in').waitFor()
    expect(await widthLeft(page)).toBe(0)
    expect(await whatAxeFinds(page)).toEqual([])
    await page.emulateMedia({ colorScheme: 'dark' })
    await logIn(page, site)
    await button(page, 'Log out').waitFor()
    if (name === 'react-router') await page.getByRole('link', { name: 'Account' }).click()
    await page.getByText('Alice Appleton').waitFor()
    expect(await widthLeft(page)).toBe(0)
    const { pathname, search } = new URL(page.url())
    expect(pathname + search).toBe(name === 'react-router' ? '/account' : '/')
    expect(await whatAxeFinds(page)).toEqual([])

    const before = site.provider.requests.count({ endpoint: 'token' })
    await page.reload()
    await page.getByText('Alice Appleton').waitFor()
    await button(page, 'Log out').click()
    await button(page, 'Log in').first().waitFor()
    await page.reload()
    await button(page, 'Log in').first().waitFor()
    expect(await page.getByText('Alice Appleton').count()).toBe(0)
    expect(site.provider.requests.count({ endpoint: 'token' })).toBe(before)
    expect(faults.list).toEqual([])
    await context.close()
  })
})

describe('react-router', () => {
  test('a guarded page sends people to log in, and brings them back to that very page', async () => {
    const { context, faults } = await person(site)
    const page = await context.newPage()
    await page.goto(`${site.urlOf('react-router')}/trips/tatra?from=letter`)
    await page.getByLabel('Password').waitFor()
    await page.getByLabel('Username or email').fill('bob')
    await page.getByLabel('Password').fill('yes-we-can')
    await button(page, 'Sign in').click()
    await page.getByRole('heading', { name: 'Tatra' }).waitFor()
    const { pathname, search } = new URL(page.url())
    expect(pathname + search).toBe('/trips/tatra?from=letter')

    // Nor is anybody sent to log in who has just left.
    await button(page, 'Log out').click()
    await page.getByRole('heading', { name: 'You are logged out' }).waitFor()
    expect(page.url()).toContain('/trips/tatra')
    await page.getByRole('link', { name: 'Home' }).click()
    await page.getByRole('heading', { name: 'Anyone may read this' }).waitFor()
    expect(faults.list).toEqual([])
    await context.close()
  })
})

describe('tanstack-query', () => {
  const open = async () => {
    const { context } = await person(site)
    const page = await context.newPage()
    await page.goto(site.urlOf('tanstack-query'))
    await logIn(page, site)
    await page.getByText('Alice Appleton').waitFor()
    return { context, page, notes: page.getByRole('list', { name: 'Notes' }) }
  }
  const tokenRequests = () => site.provider.requests.count({ endpoint: 'token' })

  test('the next person in the same page sees nothing of what was fetched for the last one', async () => {
    const { context, page, notes } = await open()
    await page.getByLabel('New note').fill('Looking-glass, polish')
    await button(page, 'Add').click()
    await notes.getByText('Looking-glass, polish').waitFor()
    await page.evaluate(noteTexts)
    await button(page, 'Log out').click()
    await button(page, 'Log in').waitFor()
    await context.clearCookies()
    await page.evaluate('seen.length = 0')
    await logIn(page, site, 1)
    await page.getByText('No notes yet.').waitFor()
    const seen = await page.evaluate<string[]>('seen')
    expect(seen.join()).toContain('Bob Brandt')
    expect(seen.join()).not.toContain('polish')
    await context.close()
  })

  test('a server that is unwell is asked again; a 401 costs one renewal and no more tries', async () => {
    const { context, page, notes } = await open()
    await notes.waitFor({ state: 'attached' })
    const asked: number[] = []
    const answers = [503, 200, 401, 401]
    await page.route('**/api/notes', (route) => {
      const status = answers[asked.length] ?? 500
      asked.push(status)
      return route.fulfill({ status, json: status === 200 ? [{ id: 1, text: 'Back again' }] : {} })
    })
    await button(page, 'Reload').click()
    await page.getByText('Back again').waitFor()
    const before = tokenRequests()
    await button(page, 'Reload').click()
    await page.getByText('The server answered 401.').waitFor()
    expect(asked).toEqual(answers)
    expect(tokenRequests() - before).toBe(1)
    await context.close()
  })

  test('a session that the provider has ended is over at the next 401, and says so', async () => {
    const { context, page, notes } = await open()
    await page.getByText('No notes yet.').or(page.getByText('polish')).first().waitFor()
    await site.provider.endGrants('alice')
    await button(page, 'Reload').click()
    await page.getByText('Your session was ended. Please log in again.').waitFor()
    expect(await notes.count()).toBe(0)
    await context.close()
  })
})

describe('own-machine', () => {
  test('its machine hears the facts of the session, and gets tokens for its own services', async () => {
    const { context, faults } = await person(site)
    const page = await context.newPage()
    // As on a slow device: what is in the vault takes a while to open.
    await page.addInitScript(() => {
      const decrypt = SubtleCrypto.prototype.decrypt
      SubtleCrypto.prototype.decrypt = async function (...args) {
        await new Promise((done) => setTimeout(done, 400))
        return decrypt.apply(this, args)
      }
    })
    await page.goto(site.urlOf('own-machine'))
    await logIn(page, site)
    await button(page, 'Sencha').click()
    await page.getByText('One Sencha for Alice Appleton.').waitFor()

    await page.reload()
    const picture = page.locator('[aria-busy=true]')
    await picture.getByText('Alice Appleton').waitFor()
    expect(await button(page, 'Sencha').isDisabled(), 'a picture is to be looked at').toBe(true)
    await picture.waitFor({ state: 'detached' })
    await button(page, 'Assam').click()
    await page.getByText('One Assam for Alice Appleton.').waitFor()

    const kept = await page.evaluate(() => {
      dispatchEvent(new Event('pagehide'))
      return Object.values(sessionStorage).join()
    })
    expect(kept).toContain('Alice Appleton')
    expect(kept).not.toMatch(/eyJ|access_token|refresh_token/)
    await button(page, 'Log out').click()
    await button(page, 'Log in').waitFor()
    await page.reload()
    await button(page, 'Log in').waitFor()
    expect(await page.evaluate(() => Object.keys(sessionStorage).filter((key) => key.startsWith('tea-house')))).toEqual(
      [],
    )
    expect(faults.list).toEqual([])
    await context.close()
  })

  test('a picture is to be looked at: nobody is in by it whom the vault does not know', async () => {
    const [one, other] = [await person(site), await person(site)]
    const page = await one.context.newPage()
    await page.goto(site.urlOf('own-machine'))
    await logIn(page, site)
    await button(page, 'Sencha').waitFor()
    const picture = await page.evaluate(() => {
      dispatchEvent(new Event('pagehide'))
      return Object.entries<string>(sessionStorage)
    })
    expect(picture.join()).toContain('Alice Appleton')

    // Another browser, with the picture and without the vault, as one whose data was cleared.
    await other.context.addInitScript((entries) => {
      // Every tab begins with an empty page, which has no storage.
      if (location.protocol === 'about:') return
      for (const [key, value] of entries) sessionStorage.setItem(key, value)
    }, picture)
    await other.context.addInitScript(noteTexts)
    const before = site.provider.requests.count()
    const opened = await other.context.newPage()
    await opened.goto(site.urlOf('own-machine'))
    await button(opened, 'Log in').waitFor()
    expect((await opened.evaluate<string[]>('seen')).join()).toContain('As you left it')
    expect(await opened.getByText('Alice Appleton').count()).toBe(0)
    expect(site.provider.requests.count() - before, 'a picture asks nobody').toBe(0)
    expect([...one.faults.list, ...other.faults.list]).toEqual([])
    await Promise.all([one.context.close(), other.context.close()])
  })

  test('types flow: what the session does not tell, or does not take, does not compile', async () => {
    const file = join(site.folder, 'own-machine/src/machine.ts')
    const text = readFileSync(file, 'utf8')
    const wrong = text.replace("'logout'", "'lugout'").replace('event.reason', 'event.raeson')
    writeFileSync(file, wrong)
    const { output } = await tsc('own-machine')
    writeFileSync(file, text)
    expect(output.match(/error TS/g)).toHaveLength(2)
    expect(output).toContain('"lugout"')
    expect(output).toContain("'raeson'")
  })
})

describe('own-backend', () => {
  test('settings are kept at the backend: in a second browser they are there', async () => {
    const [one, other] = [await person(site), await person(site)]
    const [first, second] = [await one.context.newPage(), await other.context.newPage()]
    for (const page of [first, second]) {
      await page.goto(site.urlOf('own-backend'))
      await logIn(page, site)
      await page.getByText('Saved.').waitFor()
    }
    await first.getByLabel('What may we call you?').fill('Al')
    await button(first, 'Save').click()
    await first.getByText('Saved.').waitFor()
    // Read with an ETag that is out of date by now: both changes stand, and it is told.
    await second.getByLabel('Theme').selectOption('dark')
    await second.getByText('Changed on another device: name.').waitFor()
    await second.reload()
    await second.locator('input[value=Al]').waitFor()
    expect(await second.getByLabel('Theme').inputValue()).toBe('dark')

    await second.getByLabel('What may we call you?').fill('Nobody')
    await button(second, 'Save').click()
    await second.getByText(/refused the change: Nobody is taken\.$/).waitFor()
    await button(second, 'Discard').click()
    await second.locator('input[value=Al]').waitFor()
    await second.getByLabel('What may we call you?').fill('x'.repeat(41))
    await button(second, 'Save').click()
    await second.getByText('longer than 40 letters').waitFor()
    expect([...one.faults.list, ...other.faults.list]).toEqual([])
    await Promise.all([one.context.close(), other.context.close()])
  })
})

describe('testing', () => {
  test('its own tests pass', async () => {
    const { ok, output } = await runNode([toolOf('vitest', 'vitest'), 'run'], { cwd: join(site.folder, 'testing') })
    expect(ok, output).toBe(true)
    expect(output).toMatch(/Tests\s+(\d+) passed \(\1\)/)
  })
})

describe('all of them', () => {
  test('are linted as the rest of the house is', async () => {
    const args = [
      '--type-aware',
      '--config',
      join(root, '.oxlintrc.json'),
      '--ignore-pattern',
      '**/dist/**',
      ...exampleNames,
    ]
    const env = { OXLINT_TSGOLINT_PATH: toolOf('oxlint-tsgolint', 'tsgolint') }
    const { ok, output } = await runNode([toolOf('oxlint', 'oxlint'), ...args], { cwd: site.folder, env })
    expect(ok, output).toBe(true)
    const [, files] = /on (\d+) files/.exec(output) ?? []
    expect(Number(files)).toBeGreaterThan(exampleNames.length * 4)
  })
})

describe('npm run example', () => {
  test('serves an example while it is worked on, with a provider of its own', async () => {
    const served = await serveExample(site.folder, 'react-router')
    const { context, faults } = await person(site)
    const page = await context.newPage()
    await page.goto(`${served.url}/account`)
    await page.getByLabel('Username or email').fill('alice')
    await page.getByLabel('Password').fill('looking-glass')
    await button(page, 'Sign in').click()
    await page.getByRole('heading', { name: 'Alice Appleton' }).waitFor()
    expect(faults.list).toEqual([])
    await context.close()
    await served.stop()
  })
})
