import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { LocalProvider } from '../../idp/index.ts'
import {
  browse,
  cancelAuthorization,
  completeAuthorization,
  createCookieJar,
  formsOf,
} from '../support/sign-in-by-http.ts'
import { alice, app, authorizationRequest, bob, redeem, renewal, signIn, startProvider, userinfo } from './client.ts'

let provider: LocalProvider
beforeAll(async () => {
  provider = await startProvider()
})
afterAll(() => provider.stop())

const request = (extra: Record<string, string> = {}) => authorizationRequest(provider, extra).url
const callbackParameters = async (callback: Promise<string>) => Object.fromEntries(new URL(await callback).searchParams)
const page = async (extra: Record<string, string> = {}, jar = createCookieJar()) => {
  const { page: opened } = await browse(request(extra), jar)
  if (!opened) throw new Error('No page came up')
  return opened
}

describe('the login page', () => {
  test('says which app asks, shows the people with their passwords, and needs no script', async () => {
    const { html, status } = await page()
    expect(status).toBe(200)
    expect(html).toContain('Sign in to Sessionchart demo')
    for (const { username, password } of provider.people) {
      expect(html).toContain(`<kbd>${username}</kbd>`)
      expect(html).toContain(`<kbd>${password}</kbd>`)
    }
    expect(html).not.toContain('<script')
  })

  test('signs a person in who is clicked on', async () => {
    const jar = createCookieJar()
    const opened = await page({}, jar)
    const form = formsOf(opened.html).find(({ fields }) => fields['username'] === 'bob')
    const { callback } = await browse(new URL(form?.action ?? '', opened.url), jar, form?.fields)
    expect(callback).toContain(`${app}/callback?code=`)
  })

  test('keeps the typed name after a wrong password, escaped, and lets try again', async () => {
    const jar = createCookieJar()
    const opened = await page({}, jar)
    const action = new URL(formsOf(opened.html)[0]?.action ?? '', opened.url)
    const again = await browse(action, jar, { username: 'alice"><b>', password: 'wrong' })
    expect(again.page?.html).toContain('do not belong together')
    expect(again.page?.html).not.toContain('"><b>')
    expect(formsOf(again.page?.html ?? '')[0]?.fields).toMatchObject({ username: 'alice"><b>', password: '' })
    expect((await browse(action, jar, alice)).callback).toContain('code=')
  })

  test('takes the email address as well, and the hint of the app', async () => {
    const email = { username: 'Alice@example.com', password: alice.password }
    expect(await completeAuthorization(request(), email)).toContain('code=')
    expect(formsOf((await page({ login_hint: 'bob' })).html)[0]?.fields['username']).toBe('bob')
  })

  test('answers the app with access_denied when it is cancelled', async () => {
    expect(await callbackParameters(cancelAuthorization(request()))).toMatchObject({
      error: 'access_denied',
      error_description: 'The sign-in was cancelled',
      state: 'some-state',
      iss: provider.issuer,
    })
  })

  test('explains itself when it is opened in another browser, or a second time', async () => {
    const opened = await page()
    const elsewhere = await browse(opened.url, createCookieJar())
    expect(elsewhere.page?.status).toBe(400)
    expect(elsewhere.page?.html).toContain('no longer valid')
    expect(elsewhere.page?.html).toContain(`href="${app}/"`)
  })

  test('may not be framed and runs no script', async () => {
    const response = await fetch(request(), { redirect: 'manual' })
    const cookie = response.headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; ')
    const { headers } = await fetch(new URL(response.headers.get('location') ?? '', provider.issuer), {
      headers: { cookie },
    })
    const policy = headers.get('content-security-policy')
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).toContain(`form-action 'self' ${app}`)
  })
})

describe('a request that cannot be answered to the app', () => {
  test.for([
    ['an unknown client', { client_id: 'nobody' }, 'This app is not known here'],
    ['an unknown redirect URI', { redirect_uri: 'http://evil.example/callback' }, 'address is not known here'],
  ] as const)('shows a page of its own for %s', async ([, extra, text]) => {
    const opened = await page(extra)
    expect(opened.status).toBe(400)
    expect(opened.html.replaceAll('&#8217;', '’')).toContain(text)
  })

  test('an unknown address is a page too', async () => {
    const response = await fetch(`${provider.issuer}/nowhere`)
    expect(response.status).toBe(404)
    expect(await response.text()).toContain('There is nothing here')
  })
})

describe('a session at the provider', () => {
  test('spares the next login of the same browser the page', async () => {
    const jar = createCookieJar()
    await signIn(provider, { jar })
    expect((await browse(request(), jar)).callback).toContain('code=')
  })

  test('prompt=none answers login_required without one, and a code with one', async () => {
    const jar = createCookieJar()
    expect(await callbackParameters(completeAuthorization(request({ prompt: 'none' }), alice, jar))).toMatchObject({
      error: 'login_required',
    })
    await signIn(provider, { jar })
    expect((await browse(request({ prompt: 'none' }), jar)).callback).toContain('code=')
  })

  test('prompt=login asks again and says who is signed in; another person may take over', async () => {
    const jar = createCookieJar()
    await signIn(provider, { jar })
    const asked = await page({ prompt: 'login' }, jar)
    expect(asked.html).toContain('Signed in as Alice Appleton')
    expect(formsOf(asked.html)[0]?.fields['username']).toBe('alice')
    const { id_token } = await signIn(provider, { jar, person: bob, extra: { prompt: 'login' } })
    expect(decodeJwt(id_token).sub).toBe('local|bob')
    expect(decodeJwt((await signIn(provider, { jar })).id_token).sub).toBe('local|bob')
  })

  test('prompt=select_account and prompt=consent end in a code', async () => {
    const jar = createCookieJar()
    await signIn(provider, { jar })
    expect((await page({ prompt: 'select_account' }, jar)).html).toContain('Choose the account')
    expect(await completeAuthorization(request({ prompt: 'select_account' }), bob, jar)).toContain('code=')
    expect((await browse(request({ prompt: 'consent' }), jar)).callback).toContain('code=')
  })

  test('max_age asks again only when the login is older, and puts auth_time into the ID token', async () => {
    const jar = createCookieJar()
    await signIn(provider, { jar })
    expect((await browse(request({ max_age: '3600' }), jar)).callback).toContain('code=')
    expect((await page({ max_age: '0' }, jar)).html).toContain('confirm that it is you')
    const { id_token } = await signIn(provider, { jar, extra: { max_age: '0' } })
    expect(decodeJwt(id_token)['auth_time']).toBeGreaterThan(Date.now() / 1000 - 10)
  })

  test('acr_values asks for a fresh sign-in once, and the ID token says so', async () => {
    const jar = createCookieJar()
    const acr_values = 'http://schemas.openid.net/pape/policies/2007/06/multi-factor'
    await signIn(provider, { jar })
    expect((await page({ acr_values }, jar)).html).toContain('fresh sign-in')
    const { id_token } = await signIn(provider, { jar, extra: { acr_values } })
    expect(decodeJwt(id_token)['acr']).toBe(acr_values)
    expect((await browse(request({ acr_values }), jar)).callback).toContain('code=')
    expect((await browse(request({ acr_values: 'unheard-of' }), jar)).callback).toContain('code=')
  })
})

describe('RP-initiated logout', () => {
  const logoutUrl = (parameters: Record<string, string>) =>
    `${provider.issuer}/oidc/logout?${new URLSearchParams(parameters).toString()}`
  const back = { post_logout_redirect_uri: `${app}/`, state: 'back' }

  test('with an ID token ends the session in one trip, back to the app with its state', async () => {
    const jar = createCookieJar()
    const { id_token } = await signIn(provider, { jar })
    const { callback } = await browse(logoutUrl({ id_token_hint: id_token, ...back }), jar)
    expect(callback).toBe(`${app}/?state=back`)
    expect((await page({}, jar)).html).toContain('Sign in to')
  })

  test('leaves offline refresh tokens alive, and ends what was for the session only', async () => {
    const jar = createCookieJar()
    const offline = await signIn(provider, { jar })
    await browse(logoutUrl({ id_token_hint: offline.id_token, ...back }), jar)
    expect((await renewal(provider, offline.refresh_token)).status).toBe(200)

    const other = createCookieJar()
    const online = await signIn(provider, { jar: other, extra: { scope: 'openid' } })
    await browse(logoutUrl({ id_token_hint: online.id_token, ...back }), other)
    expect((await userinfo(provider, online.access_token)).status).toBe(401)
  })

  test('without an ID token, or with that of another person, asks first', async () => {
    const jar = createCookieJar()
    await signIn(provider, { jar })
    const others = await signIn(provider, { person: bob })
    const hinted = await browse(logoutUrl({ id_token_hint: others.id_token, ...back }), jar)
    expect(hinted.page?.html).toContain('Sign out here?')
    const asked = await browse(logoutUrl({ client_id: provider.clientId, ...back }), jar)
    expect(asked.page?.html).toContain('Sessionchart demo asks to sign you out')
    const [form] = formsOf(asked.page?.html ?? '')
    expect((await browse(request({ prompt: 'none' }), jar)).callback).toContain('code=')
    const again = await browse(logoutUrl({ client_id: provider.clientId, ...back }), jar)
    const fields = formsOf(again.page?.html ?? '')[0]?.fields
    const { callback } = await browse(form?.action ?? '', jar, { ...fields, logout: 'yes' })
    expect(callback).toBe(`${app}/?state=back`)
    const silent = await callbackParameters(completeAuthorization(request({ prompt: 'none' }), alice, jar))
    expect(silent['error']).toBe('login_required')
  })

  test('goes nowhere that is not registered', async () => {
    const jar = createCookieJar()
    const { id_token } = await signIn(provider, { jar })
    const elsewhere = { id_token_hint: id_token, post_logout_redirect_uri: 'http://evil.example/' }
    expect((await browse(logoutUrl(elsewhere), jar)).page?.status).toBe(400)
    const { page: done } = await browse(logoutUrl({ id_token_hint: id_token }), jar)
    expect(done?.html).toContain('You are signed out')
  })

  test('without a session still comes back to the app', async () => {
    const { id_token } = await signIn(provider)
    const { callback } = await browse(logoutUrl({ id_token_hint: id_token, ...back }), createCookieJar())
    expect(callback).toBe(`${app}/?state=back`)
  })
})

test('a code is for its own client only', async () => {
  const two = await startProvider({ clients: [{ id: 'one' }, { id: 'two', name: 'Two' }] })
  try {
    const { url, verifier } = authorizationRequest(two)
    const callback = await completeAuthorization(url, alice)
    const response = await redeem({ ...two, clientId: 'two' }, callback, verifier)
    expect(await response.json()).toMatchObject({ error: 'invalid_grant' })
  } finally {
    await two.stop()
  }
})
