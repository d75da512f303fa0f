import { expect, test } from 'vitest'
import { app } from '../providers/types.ts'
import { examined, sound, type Provider, type Reply } from './scripted-provider.ts'

// Discovery documents that are somewhere else, as django-oauth-toolkit's is: at the address with a slash at its end.

const wellKnown = '/.well-known/openid-configuration'
const to = (path: string, origin = '*', status = 301): Reply => ({
  status,
  headers: { Location: path, 'Access-Control-Allow-Origin': origin },
})
const slash: Provider['discovery'] = (path) => (path === wellKnown ? to(`${path}/`) : undefined)

test('a discovery document is found behind a redirect that a page may follow', async () => {
  const { notOk, paths } = await examined({ discovery: slash })
  expect(notOk).toEqual({})
  expect(paths.slice(0, 2)).toEqual([`GET ${wellKnown}`, `GET ${wellKnown}/`])
})

test('a redirect that a page may not follow is told, and what lies behind is looked at all the same', async () => {
  const { notOk, findings } = await examined({
    discovery: (path) => (path === wellKnown ? to(`${path}/`, 'https://other.example') : undefined),
  })
  expect(notOk).toEqual({ 'cors.discovery': 'problem' })
  expect(findings[0]?.seen).toBe(`GET is answered with 301 and allows https://other.example, not ${app}.`)
})

test('redirects in circles end after five, and so does the examination', async () => {
  const { findings, requests } = await examined({ discovery: (path) => to(path) })
  expect(findings[0]).toMatchObject({ id: 'discovery.document', seen: 'It redirects in circles.' })
  expect(requests).toBe(6)
})

test('a redirect to an address without TLS is not followed', async () => {
  const { findings, requests } = await examined({ discovery: () => to('http://internal.example/') })
  expect(findings[0]).toMatchObject({ id: 'discovery.document', verdict: 'problem' })
  expect(requests).toBe(1)
})

test('a stranger who sends the page on to another has it ask as nobody, as browsers do', async () => {
  const origins: (string | undefined)[] = []
  const { notOk } = await examined({
    discovery(path, { origin, host = '' }) {
      origins.push(origin)
      // Another origin of the same server.
      return path === wellKnown ? to(`http://${host.replace('127.0.0.1', 'localhost')}${path}/`) : undefined
    },
    document: { issuer: 'https://other.example' },
  })
  expect(origins).toEqual([app, 'null'])
  expect(notOk['cors.discovery']).toBeUndefined()
})

test('a code that is sent on by 307 takes its form along; by 302 it is lost, and not sent', async () => {
  const codes: (string | undefined)[] = []
  const sendOn = (status: number): Partial<Provider> => ({
    document: { token_endpoint: undefined },
    discovery: (path, { host }) =>
      path === wellKnown
        ? { status: 200, body: { issuer: `http://${host}`, token_endpoint: `http://${host}/sent-on` } }
        : to('/token', '*', status),
    token(asked) {
      codes.push(asked['code'])
      return sound.token(asked)
    },
  })
  expect((await examined(sendOn(307))).findings.find(({ id }) => id === 'client.public')?.verdict).toBe('ok')
  expect(codes).toContain('doctor-wrong-code')
  codes.length = 0
  const { findings } = await examined(sendOn(302))
  expect(findings.find(({ id }) => id === 'cors.token')?.seen).toBe(
    'POST is redirected with 302 to ' +
      `${findings.find(({ id }) => id === 'discovery.issuer')?.seen}/token, which makes a GET of it.`,
  )
  expect(codes).toEqual([])
})
