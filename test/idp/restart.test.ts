import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { LocalProvider, LocalProviderOptions } from '../../idp/index.ts'
import { browse, createCookieJar } from '../support/sign-in-by-http.ts'
import {
  app,
  authorizationRequest,
  renew,
  renewal,
  revoke,
  signIn,
  signInForUserApi,
  startProvider,
  userApi,
  userinfo,
} from './client.ts'

let dataFolder: string
let running: LocalProvider[] = []
beforeEach(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), 'idp-'))
})
afterEach(async () => {
  await Promise.all(running.map((provider) => provider.stop()))
  running = []
  await rm(dataFolder, { recursive: true })
})

const start = async (options: Partial<LocalProviderOptions> = {}) => {
  const provider = await startProvider({ dataFolder, ...options })
  running.push(provider)
  return provider
}
const restart = async (provider: LocalProvider, options: Partial<LocalProviderOptions> = {}) => {
  await provider.stop()
  return start({ port: Number(new URL(provider.issuer).port), ...options })
}

describe('a restart on the same port with the same data folder', () => {
  test('loses no token, no session, no key, no metadata', async () => {
    const before = await start()
    const jar = createCookieJar()
    const tokens = await signInForUserApi(before, { jar })
    await userApi(before, tokens.access_token, { method: 'PATCH', body: { user_metadata: { colour: 'red' } } })
    const keys = await (await fetch(`${before.issuer}/.well-known/jwks.json`)).json()

    const after = await restart(before)
    expect(after.issuer).toBe(before.issuer)
    expect(await (await fetch(`${after.issuer}/.well-known/jwks.json`)).json()).toEqual(keys)
    expect((await userinfo(after, tokens.access_token)).status).toBe(200)
    const user = await (await userApi(after, tokens.access_token)).json()
    expect(user).toMatchObject({ user_metadata: { colour: 'red' } })
    const renewed = await renew(after, tokens.refresh_token)
    expect((await userApi(after, renewed.access_token)).status).toBe(200)
    expect((await browse(authorizationRequest(after, { prompt: 'none' }).url, jar)).callback).toContain('code=')
    expect((await browse(`${after.issuer}/oidc/logout?id_token_hint=${tokens.id_token}`, jar)).page?.html).toContain(
      'signed out',
    )
  })

  test('remembers what was revoked, rotated and removed', async () => {
    const before = await start()
    const revoked = await signIn(before)
    await revoke(before, revoked.refresh_token)
    const rotated = await signInForUserApi(before)
    const renewed = await renew(before, rotated.refresh_token)
    const patch = (user_metadata: object) =>
      userApi(before, renewed.access_token, { method: 'PATCH', body: { user_metadata } })
    await patch({ colour: 'red' })
    await patch({})

    const after = await restart(before)
    expect(await (await userApi(after, renewed.access_token)).json()).not.toHaveProperty('user_metadata')
    expect((await renewal(after, revoked.refresh_token)).status).toBe(400)
    expect((await renewal(after, rotated.refresh_token)).status).toBe(400)
    expect((await renewal(after, renewed.refresh_token)).status).toBe(400)
  })

  test('finishes a login that was begun before', async () => {
    const before = await start()
    const jar = createCookieJar()
    const { page } = await browse(authorizationRequest(before).url, jar)
    await restart(before)
    const { callback } = await browse(page?.url ?? '', jar, { username: 'alice', password: 'looking-glass' })
    expect(callback).toContain('code=')
  })

  test('has every rotation in the file before it is answered, so that a killed provider loses none', async () => {
    const before = await start()
    const { refresh_token } = await signIn(before)
    const tokens = await renew(before, refresh_token)
    const copy = await mkdtemp(join(tmpdir(), 'idp-'))
    for (const name of await readdir(dataFolder))
      await writeFile(join(copy, name), await readFile(join(dataFolder, name)))
    await before.stop()
    const after = await start({ port: Number(new URL(before.issuer).port), dataFolder: copy })
    expect((await renewal(after, tokens.refresh_token)).status).toBe(200)
    await after.stop()
    await rm(copy, { recursive: true })
  })
})

describe('the data folder', () => {
  test('is for this user only and holds no leftovers', async () => {
    const folder = join(dataFolder, 'made', 'here')
    const provider = await start({ dataFolder: folder })
    await Promise.all(Array.from({ length: 5 }, () => signInForUserApi(provider)))
    await provider.stop()
    expect((await readdir(folder)).sort()).toEqual(['keys.json', 'sessions.json'])
    expect((await stat(join(folder, 'keys.json'))).mode & 0o777).toBe(0o600)
  })

  test.for([
    ['keys.json', '{"signing":'],
    ['keys.json', '{}'],
    ['sessions.json', ''],
    ['sessions.json', '{"entries":[7]}'],
    ['users.json', 'null'],
  ] as const)('with a broken %s (%s) is refused by name, and left as it is', async ([name, content]) => {
    const path = join(dataFolder, name)
    await writeFile(path, content)
    await expect(start()).rejects.toThrow(new RegExp(`${path}.*cannot be used.*Nothing was changed.*move it away`))
    expect(await readFile(path, 'utf8')).toBe(content)
  })

  test('that cannot be made is refused with its name', async () => {
    const file = join(dataFolder, 'file')
    await writeFile(file, '')
    await expect(start({ dataFolder: join(file, 'folder') })).rejects.toThrow('cannot be made')
  })
})

describe('starting and stopping', () => {
  test('a port in use is said so', async () => {
    const provider = await start()
    const port = Number(new URL(provider.issuer).port)
    await expect(startProvider({ port })).rejects.toThrow(`Port ${port} on 127.0.0.1 is in use`)
  })

  test('options that cannot be right are refused by name', async () => {
    await expect(startProvider({ apps: [] })).rejects.toThrow('apps')
    await expect(startProvider({ apps: [`${app}/`] })).rejects.toThrow('is not an origin')
    await expect(startProvider({ tokenLifetime: 0 })).rejects.toThrow('tokenLifetime')
    await expect(startProvider({ port: 70_000 })).rejects.toThrow('port')
  })

  test('stopping cuts what is under way and frees the port', async () => {
    const provider = await start({ faults: true, keepAlive: true })
    provider.faults.add({ endpoint: 'discovery', kind: 'delay', delay: 60_000 })
    const waiting = fetch(`${provider.issuer}/.well-known/openid-configuration`)
    const lost = expect(waiting).rejects.toThrow()
    await expect.poll(() => provider.faults.list()).toEqual([])
    await provider.stop()
    await lost
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(Number(new URL(provider.issuer).port), '127.0.0.1', resolve))
    await new Promise((resolve) => server.close(resolve))
  })

  test('stopping waits for what is processed, so that the next provider on the folder knows it', async () => {
    const before = await start()
    const { refresh_token } = await signIn(before)
    const cut = renewal(before, refresh_token).catch(() => undefined)
    await expect.poll(() => before.requests.count({ grantType: 'refresh_token' }), { interval: 1 }).toBe(1)
    await before.stop()
    const files = await readFile(join(dataFolder, 'sessions.json'), 'utf8')
    await cut
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(await readFile(join(dataFolder, 'sessions.json'), 'utf8')).toBe(files)
  })

  test('an address that is no URL does no harm', async () => {
    const { issuer } = await start()
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(new URL(issuer).port), '127.0.0.1', () => {
        socket.write('GET // HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
      })
      socket.once('data', (data) => resolve(data.toString())).once('error', reject)
    })
    expect(answer).toContain('404')
  })

  test('nothing is printed', async () => {
    const printed = (['log', 'info', 'warn', 'error'] as const).map((name) => vi.spyOn(console, name))
    await signIn(await start())
    for (const spy of printed) expect(spy).not.toHaveBeenCalled()
  })

  test('the issuer may be named localhost', async () => {
    const provider = await start({ host: 'localhost' })
    expect(provider.issuer).toMatch(/^http:\/\/localhost:\d+$/)
    expect((await signIn(provider)).access_token).toBeTruthy()
  })

  test('connections are kept or closed as asked', async () => {
    const before = await start()
    const closing = await fetch(before.issuer)
    const keeping = await fetch((await restart(before, { keepAlive: true })).issuer)
    expect([closing.headers.get('connection'), keeping.headers.get('connection')]).toEqual(['close', 'keep-alive'])
  })
})
