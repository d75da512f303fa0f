import { describe, expect, test, vi } from 'vitest'
import { createSession } from '../../services/index.ts'
import { readOptions } from '../../services/options.ts'
import { openTab } from '../support/tab.ts'

const origin = 'https://app.example'
const platform = openTab({ origin })
const good = { authority: 'https://issuer.example', clientId: 'app', redirectUri: `${origin}/callback` }

const adapter = { origins: [], load: () => {}, save: () => {} }

/** As JavaScript may call it. */
const read = (options: object) => readOptions({ ...good, ...options }, platform)

describe('options that are wrong are named, with what to do', () => {
  test.each<[string, object]>([
    ['authority', { authority: undefined }],
    ['authority', { authority: '' }],
    ['authority', { authority: 5 }],
    ['authority', { authority: 'issuer.example' }],
    ['authority', { authority: 'http://issuer.example' }],
    ['authority', { authority: 'https://issuer.example/?a=1' }],
    ['authority', { authority: 'https://issuer.example/#a' }],
    ['clientId', { clientId: undefined }],
    ['clientId', { clientId: '  ' }],
    ['redirectUri', { redirectUri: undefined }],
    ['redirectUri', { redirectUri: 'callback' }],
    ['redirectUri', { redirectUri: '//other.example/callback' }],
    ['redirectUri', { redirectUri: '/\\other.example/callback' }],
    ['redirectUri', { redirectUri: '///' }],
    ['redirectUri', { redirectUri: 'https://other.example/callback' }],
    ['postLogoutRedirectUri', { postLogoutRedirectUri: 'https://other.example/' }],
    ['logoutPage', { logoutPage: 'https://login.example/logout' }],
    ['logoutPage', { logoutPage: new URL('http://login.example/logout') }],
    ['postLogoutRedirectUri', { postLogoutRedirectUri: '//other.example/' }],
    ['scope', { scope: 'profile email' }],
    ['scope', { scope: ['openid', 'profile'] }],
    ['scope', { scope: '' }],
    ['audience', { audience: 5 }],
    ['audience', { audience: ' ' }],
    ['onSubjectChange', { onSubjectChange: 'ask' }],
    ['onSubjectChange', { onSubjectChange: null }],
    ['metadata', { metadata: 'auth0' }],
    ['metadata', { metadata: null }],
    ['metadata', { metadata: { origins: [], load: () => {} } }],
    ['metadata.origins', { metadata: { load: () => {}, save: () => {} } }],
    ['metadata.origins', { metadata: { origins: ['api.example'], load: () => {}, save: () => {} } }],
    ['vault', { vault: 'cupboard' }],
    ['vault', { vault: null }],
    ['vault', { vault: {} }],
    ['vault', { vault: { getItem: () => null, setItem: 'x', removeItem: () => {} } }],
    ['dpop', { dpop: 'yes' }],
    ['silentLogin', { silentLogin: true }],
    ['silentLogin', { silentLogin: 'popup' }],
    ['allowedOrigins', { allowedOrigins: ['api.example'] }],
    ['allowedOrigins', { allowedOrigins: 'https://api.example' }],
    ['renewal.lead', { renewal: { lead: 0 } }],
    ['renewal.lead', { renewal: { lead: '60' } }],
    ['renewal.lead', { renewal: { lead: Number.POSITIVE_INFINITY } }],
    ['maxSessionAge', { maxSessionAge: -1 }],
    ['maxSessionAge', { maxSessionAge: Number.POSITIVE_INFINITY }],
    ['idleTimeout', { idleTimeout: Number.NaN }],
    ['idleTimeout', { idleTimeout: Number.POSITIVE_INFINITY }],
    ['warningLead', { warningLead: 'soon' }],
    ['requestTimeout', { requestTimeout: 0 }],
    ['requestTimeout', { requestTimeout: Number.POSITIVE_INFINITY }],
    ['allowedOrigins', { allowedOrigins: null }],
    ['audience', { audience: null }],
    ['clock', { clock: Date }],
    ['clock', { clock: null }],
    ['clock', { clock: { now: () => 0 } }],
    ['dpop', { dpop: null }],
    ['inspect', { inspect: true }],
    ['inspect', { inspect: null }],
    ['logoutPage', { logoutPage: null }],
    ['metadata.audience', { metadata: { ...adapter, audience: 5 } }],
    ['metadata', { metadata: { ...adapter, check: {} } }],
    ['metadata.readOnlyBecause', { metadata: { ...adapter, readOnlyBecause: true } }],
    ['metadata.scope', { metadata: { ...adapter, scope: ['read:me'] } }],
    ['renewal', { renewal: 60_000 }],
    ['renewal', { renewal: null }],
    ['renewal.lead', { renewal: { lead: null } }],
    ['scope', { scope: null }],
    ['warningLead', { warningLead: null }],
  ])('%s: %j', (name, options) => {
    expect(() => read(options)).toThrow(expect.objectContaining({ code: 'invalid_option' }))
    // What is wrong, and then what to do.
    expect(() => read(options)).toThrow(new RegExp(`"${name.replace('.', '\\.')}" .+\\. [A-Z].+\\.`))
  })
})

test.each([[], [undefined], [null], ['https://issuer.example']])(
  'a session that is made with %j says that options are needed, on a page and on a server',
  (...args) => {
    const create = createSession as (...args: unknown[]) => unknown
    const wrong = expect.objectContaining({ code: 'invalid_option', message: expect.stringContaining('"options"') })
    expect(() => create(...args)).toThrow(wrong)
    vi.stubGlobal('document', {})
    expect(() => create(...args)).toThrow(wrong)
  },
)

describe('options that are left out', () => {
  test('have the defaults that are documented', () => {
    expect(read({})).toMatchObject({
      vault: 'encrypted',
      scope: 'openid profile email offline_access',
      lead: 60_000,
      requestTimeout: 10_000,
      maxSessionAge: undefined,
      policy: { onSubjectChange: 'end', warningLead: 60_000 },
    })
    expect(read({}).allowedOrigins).toEqual(new Set([origin]))
    expect(read({}).policy).not.toHaveProperty('silentLogin')
  })

  test('a path is an address of this page’s origin, whatever that is', () => {
    const paths = { redirectUri: '/callback', postLogoutRedirectUri: '/?left' }
    expect(read(paths)).toMatchObject({
      redirectUri: `${origin}/callback`,
      postLogoutRedirectUri: `${origin}/?left`,
    })
    const elsewhere = openTab({ origin: 'http://localhost:5173' })
    expect(readOptions({ ...good, ...paths }, elsewhere).redirectUri).toBe('http://localhost:5173/callback')
    // A page that is not safe from listeners is none to come back to.
    expect(() => readOptions({ ...good, ...paths }, openTab({ origin: 'http://app.example' }))).toThrow(/https/)
  })

  test('the issuer stays as it is written, with or without a slash at the end', () => {
    for (const authority of ['https://issuer.example', 'https://issuer.example/', 'https://issuer.example/tenant'])
      expect(read({ authority }).authority).toBe(authority)
  })

  test('a silent login takes no longer than a request may, and is none in a frame of its own', () => {
    expect(read({ silentLogin: 'iframe', requestTimeout: 7_000 }).policy).toMatchObject({
      silentLogin: 'iframe',
      silentTimeout: 7_000,
    })
    const frame = Object.assign(openTab({ origin }), { isInFrame: true })
    expect(readOptions({ ...good, silentLogin: 'iframe' }, frame).policy).not.toHaveProperty('silentLogin')
  })

  test('a store of the app’s own is taken as it is', () => {
    const store = { getItem: () => null, setItem: () => {}, removeItem: () => {} }
    expect(read({ vault: store })).toMatchObject({ vault: 'own', store })
    expect(read({})).toMatchObject({ store: null })
  })

  test('http is for this machine only', () => {
    for (const authority of ['http://localhost:3000', 'http://127.0.0.1:3000', 'http://[::1]:3000'])
      expect(read({ authority }).authority).toBe(authority)
  })

  test('the adapter of the metadata adds what it needs', () => {
    const methods = { load: () => {}, save: () => {} }
    const metadata = { origins: [], scope: 'read:me openid', audience: 'https://api.example', ...methods }
    const settings = read({ metadata, scope: 'openid' })
    expect(settings.scope).toBe('openid read:me')
    expect(settings.audience).toBe('https://api.example')
    expect(read({ metadata, audience: 'mine' }).audience).toBe('mine')
    const without = { origins: [], scope: '', audience: '', readOnlyBecause: '', ...methods }
    expect(read({ metadata: without, scope: 'openid' }).scope).toBe('openid')
  })
})
