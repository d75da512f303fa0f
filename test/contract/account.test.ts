import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, onTestFinished, test } from 'vitest'
import {
  auth0UserMetadata,
  selectMetadata,
  selectMetadataProblem,
  selectMetadataStatus,
  selectPendingCount,
  selectProfile,
  selectProfileProblem,
  selectProfileStatus,
  type MetadataPatch,
  type Session,
} from '../../services/index.ts'
import {
  accountOf,
  createWorld,
  expectAccount,
  expectStatus,
  issuedTo,
  patience,
  renewalsAt,
  statusOf,
  type World,
} from './world.ts'

let world: World
afterEach(() => world.close())

const patch = (session: Session, change: MetadataPatch): void => session.send({ type: 'metadata.patch', patch: change })
const isMetadata = (session: Session, status: string) =>
  expect.poll(() => selectMetadataStatus(accountOf(session)), patience).toBe(status)
const saved = async (session: Session) => {
  await expect.poll(() => selectPendingCount(accountOf(session)), patience).toBe(0)
  await isMetadata(session, 'ready')
  return selectMetadata(accountOf(session))
}

/** Answers of the network are as `change` makes them. */
function interfere(change: (response: Response, url: string) => Promise<Response> | Response): void {
  const { fetch } = globalThis
  onTestFinished(() => {
    globalThis.fetch = fetch
  })
  globalThis.fetch = async (input, init) => {
    const response = await fetch(input, init)
    return change(response, input instanceof Request ? input.url : String(input))
  }
}

test('P14 P18 a profile of another person is refused, and the session and the last profile stay', async () => {
  world = await createWorld()
  const tab = world.tab()
  const first = await world.logIn(tab)
  await expectAccount(first)
  await world.leave(first)
  interfere(async (response, url) =>
    url.endsWith('/userinfo') || url.endsWith('/me') ? Response.json({ sub: 'local|bob', name: 'Bob' }) : response,
  )
  const session = world.open(tab)
  await session.ready
  await expect.poll(() => selectProfileStatus(accountOf(session)), patience).toBe('failed')
  expect(selectProfileProblem(accountOf(session))?.code).toBe('subject_mismatch')
  expect(selectProfile(accountOf(session))).toMatchObject({ sub: 'local|alice', given_name: 'Alice' })
  expect(statusOf(session)).toBe('signedIn')
})

test.each([
  ['503', { kind: 'status' }, 'provider_unavailable'],
  ['HTML', { kind: 'status', status: 200, body: 'html' }, 'invalid_response'],
  ['an answer that breaks off', { kind: 'drop', partial: true }, 'network'],
  ['nothing', { kind: 'drop' }, 'network'],
] as const)('P18 %s at userinfo fails the profile alone, and a reload mends it', async (_, fault, code) => {
  world = await createWorld({ keepAlive: false })
  world.provider.faults.add({ endpoint: 'userinfo', ...fault })
  const session = await world.logIn(world.tab())
  await expect.poll(() => selectProfileStatus(accountOf(session)), patience).toBe('failed')
  expect(selectProfileProblem(accountOf(session))?.code).toBe(code)
  session.send({ type: 'profile.reload' })
  await expectAccount(session)
  expect(statusOf(session)).toBe('signedIn')
})

test('P18 an access token that userinfo refuses is renewed once, and the profile comes', async () => {
  world = await createWorld()
  world.provider.faults.add({ endpoint: 'userinfo', kind: 'status', status: 401 })
  const session = await world.logIn(world.tab())
  await expect.poll(() => selectProfileStatus(accountOf(session)), patience).toBe('loaded')
  expect(renewalsAt(world.provider)).toBe(1)
  expect(world.provider.requests.count({ endpoint: 'userinfo' })).toBe(2)
})

test('P18 a userinfo endpoint on another origin than the issuer gets the token too', async () => {
  world = await createWorld()
  const { port } = new URL(world.provider.issuer)
  const sent: string[] = []
  interfere(async (response, url) => {
    if (!url.includes('openid-configuration')) return response
    const document = (await response.json()) as { readonly userinfo_endpoint: string }
    return Response.json({
      ...document,
      userinfo_endpoint: document.userinfo_endpoint.replace('127.0.0.1', 'localhost'),
    })
  })
  const { fetch } = globalThis
  globalThis.fetch = (input, init) => {
    if (input instanceof Request && input.url.includes('localhost')) {
      sent.push(input.headers.get('Authorization') ?? '')
      return Promise.resolve(Response.json({ sub: 'local|alice', name: 'From elsewhere' }))
    }
    return fetch(input, init)
  }
  const session = await world.logIn(world.tab())
  await expect.poll(() => selectProfile(accountOf(session))?.name, patience).toBe('From elsewhere')
  expect(port).not.toBe('')
  expect(sent).toEqual([`Bearer ${issuedTo(world.provider, 'access_token')[0] ?? ''}`])
})

test('P19 patches merge at the root level, null removes a key, {} removes all', async () => {
  world = await createWorld()
  const session = await world.logIn(world.tab())
  await expectAccount(session)
  const before = selectMetadata(accountOf(session)) ?? {}
  patch(session, { first_name: 'Al', address: { street: 'High Street', no: 1 } })
  expect(selectMetadata(accountOf(session))).toMatchObject({ first_name: 'Al' })
  expect(await saved(session)).toEqual({ ...before, first_name: 'Al', address: { street: 'High Street', no: 1 } })
  patch(session, { address: { no: 2 } })
  patch(session, { first_name: null })
  const { first_name: _, ...rest } = before
  expect(await saved(session)).toEqual({ ...rest, address: { no: 2 } })
  patch(session, {})
  expect(await saved(session)).toEqual({})
})

test('P19 too many requests are waited for as long as the API says, and nothing typed is lost', async () => {
  world = await createWorld({ rateLimit: 2, rateWindow: 2 })
  const session = await world.logIn(world.tab())
  await expectAccount(session)
  patch(session, { first_name: 'A' })
  await saved(session)
  patch(session, { first_name: 'Al' })
  await isMetadata(session, 'waiting')
  expect(selectMetadata(accountOf(session))).toMatchObject({ first_name: 'Al' })
  expect(selectMetadataProblem(accountOf(session))?.code).toBe('provider_unavailable')
  expect(await saved(session)).toMatchObject({ first_name: 'Al' })
  expect(world.provider.requests.count({ endpoint: 'api', status: 429 })).toBe(1)
})

test('P19 a change that the API refuses is told in its words, kept, and the session stays', async () => {
  world = await createWorld()
  const scope = 'openid profile offline_access'
  const session = await world.logIn(world.tab(), {
    scope,
    metadata: { ...auth0UserMetadata({ domain: world.provider.issuer }), scope: 'read:current_user' },
  })
  await expectAccount(session)
  const told: string[] = []
  session.on('metadata.refused', ({ problem }) => told.push(problem.code))
  patch(session, { first_name: 'Al' })
  await isMetadata(session, 'unsaved')
  expect(told).toEqual(['metadata_refused'])
  expect(selectMetadataProblem(accountOf(session))?.message).toContain('Insufficient scope')
  expect(selectMetadata(accountOf(session))).toMatchObject({ first_name: 'Al' })
  expect(statusOf(session)).toBe('signedIn')
  session.send({ type: 'metadata.discard' })
  await isMetadata(session, 'ready')
  expect(selectMetadata(accountOf(session))).not.toMatchObject({ first_name: 'Al' })
})

test('P19 what was typed while the API was away is there after a reload, and is saved then', async () => {
  const dataFolder = await mkdtemp(join(tmpdir(), 'sessionchart-contract-'))
  onTestFinished(() => rm(dataFolder, { recursive: true, force: true }))
  world = await createWorld({ dataFolder, keepAlive: false })
  const tab = world.tab()
  const session = await world.logIn(tab)
  await expectAccount(session)
  await world.provider.stop()
  patch(session, { first_name: 'Al' })
  await isMetadata(session, 'waiting')
  await world.leave(session)
  await world.restart()
  const next = world.open(tab)
  let times = 0
  next.on('metadata.saved', () => (times += 1))
  await expectStatus(next, 'signedIn')
  await expect.poll(() => selectMetadata(accountOf(next)), patience).toMatchObject({ first_name: 'Al' })
  expect(await saved(next)).toMatchObject({ first_name: 'Al' })
  expect(times).toBe(1)
})

test('P19 what was typed in one tab outlives the profile that another tab notes', async () => {
  world = await createWorld()
  const tab = world.tab()
  const session = await world.logIn(tab)
  await expectAccount(session)
  const other = world.open(world.tab())
  await expectStatus(other, 'signedIn')
  await expectAccount(other)
  world.provider.faults.add({ endpoint: 'api', kind: 'status', count: 'always' })
  patch(session, { first_name: 'Al' })
  await isMetadata(session, 'waiting')
  other.send({ type: 'profile.reload' })
  await expect.poll(() => world.provider.requests.count({ endpoint: 'userinfo' }), patience).toBe(3)
  await expect.poll(() => selectProfileStatus(accountOf(other)), patience).toBe('loaded')
  await world.leave(other)
  await world.leave(session)
  world.provider.faults.clear()
  const next = world.open(tab)
  await expectStatus(next, 'signedIn')
  expect(await saved(next)).toBeDefined()
  await expect.poll(() => selectMetadata(accountOf(next)), patience).toMatchObject({ first_name: 'Al' })
})

test('P19 a name that the API would not take is refused here, by name', async () => {
  world = await createWorld()
  const session = await world.logIn(world.tab())
  await expectAccount(session)
  const asked = world.provider.requests.count({ endpoint: 'api' })
  patch(session, { 'first.name': 'Al' })
  await isMetadata(session, 'unsaved')
  expect(selectMetadataProblem(accountOf(session))).toMatchObject({ code: 'metadata_invalid' })
  expect(selectMetadataProblem(accountOf(session))?.message).toContain('first.name')
  expect(world.provider.requests.count({ endpoint: 'api' })).toBe(asked)
})

test('without an adapter the session works, and the metadata says what is missing', async () => {
  world = await createWorld()
  const session = await world.logIn(world.tab(), { metadata: null })
  await expect.poll(() => selectMetadataProblem(accountOf(session))?.code, patience).toBe('metadata_not_provided')
  expect(statusOf(session)).toBe('signedIn')
})
