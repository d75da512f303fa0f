import { expect, test } from 'vitest'
import { finding } from '../../doctor/finding.ts'
import { printed, type Printout } from '../../doctor/print.ts'

const long =
  'A page of another origin may not read the answer of this endpoint, whatever the provider says of it elsewhere.'
const findings = [
  finding('cors.token', 'problem', long, { set: `Allow the origin. ${long}` }),
  finding('client.public', 'unknown', long, { set: 'Look.' }),
  finding('pkce.supported', 'ok', 'S256 is listed.'),
  finding('client.redirect', 'ok', long),
]
const createSession = { authority: 'https://id.example', clientId: 'app', redirectUri: 'https://app.example/callback' }

const shown = (change: Partial<Printout> = {}, only = findings) =>
  printed({
    examination: {
      findings: only,
      provider: 'Auth0',
      notes: [`Turn on rotation. ${long}`],
      scope: 'openid',
      requests: 15,
    },
    createSession,
    columns: 80,
    isColoured: false,
    ...change,
  })

test('first how it stands, then what to mend with what to set and why, then the rest', () => {
  const lines = shown().split('\n')
  expect(lines.slice(0, 2)).toEqual([
    'https://id.example, which looks like Auth0',
    '1 to mend, 1 cannot be told from outside, 2 fine. 15 requests, no login.',
  ])
  const starts = [
    'PROBLEM  Token endpoint, CORS  cors.token',
    '    Set  Allow',
    '    Why  Codes',
    'unknown  Public',
    '    Set  Look.',
    'Fine',
    '  PKCE with S256  S256 is listed.',
    'At Auth0, not seen',
  ]
  const at = starts.map((start) => lines.findIndex((line) => line.startsWith(start)))
  expect(at).not.toContain(-1)
  expect(at).toEqual(at.toSorted((one, other) => one - other))
})

test.each([
  [80, 80],
  [120, 100],
  [60, 60],
  [10, 60],
])('in a terminal of %i columns no line has more than %i', (columns, most) => {
  const widths = shown({ columns })
    .split('\n')
    .map((line) => line.length)
  expect(Math.max(...widths)).toBeLessThanOrEqual(most)
  expect(Math.max(...widths)).toBeGreaterThan(most - 12)
})

test('the options are there to be copied once nothing is to be mended', () => {
  expect(shown()).not.toContain('createSession(')
  expect(shown({}, findings.slice(1))).toContain(
    "createSession({\n  authority: 'https://id.example',\n  clientId: 'app',",
  )
  const { createSession: _given, ...without } = { createSession }
  expect(
    printed({
      ...without,
      examination: { findings: findings.slice(0, 1), notes: [], scope: '', requests: 1 },
      columns: 80,
      isColoured: false,
    }),
  ).toMatch(/^1 to mend\. 1 request, no login\.\n/)
})

test('colours change nothing but colours', () => {
  const coloured = shown({ isColoured: true })
  expect(coloured).toContain('\u001b[1;31mPROBLEM')
  // oxlint-disable-next-line no-control-regex -- the colours
  expect(coloured.replaceAll(/\u001b\[[\d;]*m/g, '')).toBe(shown())
})
