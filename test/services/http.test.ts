import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isPassingStatus, passingProblem, readJson, retryAfterOf } from '../../services/answers.ts'
import { request, type HttpTools } from '../../services/http.ts'
import { clockAt, codeOf } from './samples.ts'

const noon = Date.parse('2026-11-23T12:00:00Z')
const clock = clockAt(noon)
const tools: HttpTools = { clock, timeout: 150, isOnline: () => true }

describe('when to try again', () => {
  test.each([
    [{ 'Retry-After': '7' }, 7_000],
    [{ 'Retry-After': '0' }, 0],
    [{ 'Retry-After': 'Mon, 23 Nov 2026 12:00:30 GMT' }, 30_000],
    [{ 'Retry-After': 'Mon, 23 Nov 2026 11:00:00 GMT' }, 0],
    [{ 'Retry-After': 'later' }, undefined],
    [{ 'Retry-After': '' }, undefined],
    [{ 'X-RateLimit-Reset': String(noon / 1000 + 4) }, 4_000],
    [{ 'X-RateLimit-Reset': String(noon / 1000 - 4) }, 0],
    [{ 'X-RateLimit-Reset': 'soon' }, undefined],
    [{ 'Retry-After': '1', 'X-RateLimit-Reset': String(noon / 1000 + 4) }, 1_000],
    [{}, undefined],
  ])('%j means %j ms', (headers, expected) => {
    expect(retryAfterOf(new Headers(headers as HeadersInit), clock)).toBe(expected)
  })

  test.each([
    [200, false],
    [400, false],
    [401, false],
    [404, false],
    [408, true],
    [429, true],
    [500, true],
    [503, true],
    [599, true],
  ])('%i passes: %s', (status, passes) => {
    expect(isPassingStatus(status)).toBe(passes)
  })

  test('the error of a passing answer holds status and time', () => {
    const response = new Response(null, { status: 429, headers: { 'Retry-After': '2' } })
    expect(passingProblem('The API', response, clock)).toMatchObject({
      code: 'provider_unavailable',
      status: 429,
      retryAfter: 2_000,
    })
  })
})

describe('a request', () => {
  let server: Server
  let url: string
  beforeAll(async () => {
    server = createServer((incoming, response) => {
      if (incoming.url === '/silent') return
      response.writeHead(200, { 'Content-Type': 'application/json' })
      if (incoming.url === '/endless') return void response.write('{"a":')
      if (incoming.url === '/cut') return void response.write('{"a":', () => incoming.socket.destroy())
      response.end('{"a":1}')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    // Node's types cannot know that it listens on a port.
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })

  test('that is answered is read', async () => {
    // Time is not what this is about.
    expect(await readJson('It', await request({ ...tools, timeout: 10_000 }, 'It', url))).toEqual({ a: 1 })
  })

  test.each([
    ['is not answered', '/silent', 'timeout'],
    ['has an answer without an end', '/endless', 'timeout'],
    ['has an answer that breaks off', '/cut', 'network'],
  ])('that %s fails with a code of ours', async (_, path, code) => {
    const patient = code === 'timeout' ? tools : { ...tools, timeout: 10_000 }
    const reading = request(patient, 'It', `${url}${path}`).then((response) => readJson('It', response))
    expect(await codeOf(reading)).toBe(code)
  })

  test('that is aborted by the caller says so', async () => {
    const giving = new AbortController()
    const asked = request(tools, 'It', `${url}/silent`, { signal: giving.signal })
    giving.abort()
    expect(await codeOf(asked)).toBe('aborted')
  })

  test('that reaches nobody is network, or offline', async () => {
    expect(await codeOf(request(tools, 'It', 'http://127.0.0.1:1/'))).toBe('network')
    expect(await codeOf(request({ ...tools, isOnline: () => false }, 'It', 'http://127.0.0.1:1/'))).toBe('offline')
  })

  test.each(['', '<!doctype html>', '[1]', '"x"', 'null', '12'])('an answer of %j is no JSON object', async (body) => {
    expect(await codeOf(readJson('It', new Response(body)))).toBe('invalid_response')
  })
})
