import { expect, test } from 'vitest'
import { finding } from '../../doctor/finding.ts'
import { withHints } from '../../doctor/hints.ts'
import { read } from '../docs/code.ts'

const wrong = [
  finding('client.public', 'problem', 'Refused.', { set: 'Make it public.' }),
  finding('client.redirect', 'problem', 'Refused.', { set: 'Register it.' }),
  finding('keys.set', 'ok', 'RSA.'),
]

const known: readonly (readonly [string, object, RegExp])[] = [
  ['Auth0', { issuer: 'https://tenant.eu.auth0.com/' }, /Single Page Application/],
  [
    'Auth0',
    { issuer: 'https://id.example/', mfa_challenge_endpoint: 'https://id.example/mfa/challenge' },
    /Callback URLs/,
  ],
  ['Keycloak', { issuer: 'https://id.example/realms/shop' }, /Client authentication off/],
  ['Okta', { issuer: 'https://org.okta.com/oauth2/default' }, /Single-Page Application/],
  ['Microsoft Entra ID', { issuer: 'https://login.microsoftonline.com/{tenantid}/v2.0' }, /type `spa`/],
  ['Amazon Cognito', { issuer: 'https://cognito-idp.eu-west-1.amazonaws.com/pool' }, /without a secret/],
  ['Google', { issuer: 'https://accounts.google.com' }, /put another provider between/],
  [
    'better-auth',
    { issuer: 'https://a.example', authorization_endpoint: 'https://a.example/api/auth/oauth2/authorize' },
    /redirect_uris/,
  ],
  [
    'django-oauth-toolkit',
    { issuer: 'https://a.example/o', authorization_endpoint: 'https://a.example/o/authorize/' },
    /client type public/,
  ],
]

test.each(known)(
  '%s is recognised, and where a thing is set there is said of what is wrong: %o',
  (name, json, hint) => {
    const { provider, findings } = withHints(wrong, { ...json })
    expect(provider).toBe(name)
    const told = findings.map(({ set }) => set ?? '').join('\n')
    expect(told).toMatch(hint)
    expect(told).toMatch(new RegExp(`(Make it public|Register it)\\. ${name}: `))
    expect(findings.at(-1)).toEqual(wrong.at(-1))
  },
)

test('what cannot be seen from outside is told where it is known', () => {
  expect(withHints([], { issuer: 'https://a.example/realms/shop' }).notes).toContainEqual(
    expect.stringContaining('Revoke Refresh Token'),
  )
  expect(withHints(wrong, { issuer: 'https://a.example' })).toEqual({ findings: wrong, notes: [] })
  expect(withHints(wrong, { issuer: 'no address' })).toEqual({ findings: wrong, notes: [] })
})

test('the page on the doctor names all who are recognised, and no others', () => {
  const [, list = ''] = /says where: ([^.]+)\./.exec(read('docs/doctor.md')) ?? []
  expect(list.split(', ').toSorted()).toEqual([...new Set(known.map(([name]) => name))].toSorted())
  const names = [...read('doctor/hints.ts').matchAll(/^ {4}name: '([^']+)'/gm)].map(([, name]) => name)
  expect(list.split(', ')).toEqual(names)
})
