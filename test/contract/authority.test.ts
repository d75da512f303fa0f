import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { createWorld, failedLogin, problemOf, type World } from './world.ts'

let world: World
beforeEach(async () => {
  world = await createWorld()
})
afterEach(() => world.close())

/** A server that is no provider, or an odd one. */
async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  // Node's types cannot know that it listens on a port.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

describe('a wrong "authority"', () => {
  const html: RequestListener = (_, response) => {
    response.writeHead(200, { 'Content-Type': 'text/html', 'Access-Control-Allow-Origin': '*' })
    response.end('<!doctype html><p>Welcome')
  }
  const missing: RequestListener = (_, response) => {
    response.writeHead(404, { 'Content-Type': 'application/json', 'Access-Control-Allow-Origin': '*' })
    response.end('{"message":"not here"}')
  }
  const other: RequestListener = (_, response) => {
    response.writeHead(200, { 'Content-Type': 'application/json', 'Access-Control-Allow-Origin': '*' })
    response.end(JSON.stringify({ issuer: 'https://evil.example', authorization_endpoint: 'https://evil.example/a' }))
  }
  const silent: RequestListener = (_, response) => {
    response.writeHead(200, { 'Content-Type': 'application/json' })
    // The rest never comes.
    response.write('{"issuer":')
  }

  test.each([
    ['leads to a web page', html, 'invalid_response'],
    ['leads to nothing', missing, 'invalid_response'],
    ['leads to another issuer', other, 'issuer_mismatch'],
    ['leads to an answer without an end', silent, 'timeout'],
  ])('that %s is named, with what to do', async (_, listener, code) => {
    const authority = await serve(listener)
    const session = await failedLogin(world, {}, { authority, requestTimeout: 400 })
    expect(problemOf(session)?.code).toBe(code)
    expect(problemOf(session)?.message).toContain(authority)
  })

  test('that nobody listens at is named', async () => {
    const authority = await serve(html)
    const closed = authority.replace(/\d+$/, '1')
    const session = await failedLogin(world, {}, { authority: closed })
    expect(problemOf(session)).toMatchObject({ code: 'network' })
    expect(problemOf(session)?.message).toContain(closed)
  })

  test('counts as offline where the browser says so', async () => {
    const tab = world.tab()
    tab.online = false
    const session = await failedLogin(world, {}, { authority: 'http://127.0.0.1:1' }, tab)
    expect(problemOf(session)?.code).toBe('offline')
  })
})
