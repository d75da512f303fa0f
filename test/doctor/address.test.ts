import { expect, test } from 'vitest'
import { endpointIn, holdsSecret } from '../../doctor/address.ts'

test.each([
  ['https://id.example', 'https://elsewhere.example/token', true],
  ['https://id.example', 'http://id.example/token', false],
  // It would be the visitor's own machine, and that of whoever runs the doctor.
  ['https://id.example', 'http://127.0.0.1/token', false],
  ['https://id.example', 'http://localhost:8080/token', false],
  ['http://localhost:8080', 'http://127.0.0.1:8080/token', true],
  ['http://localhost:8080', 'http://169.254.169.254/token', false],
  ['http://localhost:8080', '/token', false],
])('a provider at %s may name %s: %s', (authority, url, isAsked) => {
  expect(endpointIn({ token_endpoint: url }, 'token_endpoint', authority)).toBe(isAsked ? url : undefined)
})

test('an address with a name or a password is noticed, whether or not it is whole', () => {
  const secret = [
    'https://alice:looking-glass@id.example/o',
    'https://alice@id.example',
    'alice:looking-glass@id.example',
    'https:/alice:looking-glass@id.example',
  ]
  expect(secret.map(holdsSecret)).toEqual([true, true, true, true])
  expect(['https://id.example/@alice', 'id.example', 'https://id.example/?to=a@b'].map(holdsSecret)).toEqual([
    false,
    false,
    false,
  ])
})
