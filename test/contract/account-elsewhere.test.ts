import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, onTestFinished, test } from 'vitest'
import {
  ownBackendUserMetadata,
  selectChangedElsewhere,
  selectMetadata,
  selectMetadataStatus,
  selectPendingCount,
  type ChangesElsewhere,
  type MetadataPatch,
  type Session,
} from '../../services/index.ts'
import { accountOf, createWorld, expectAccount, expectStatus, patience, type World } from './world.ts'

let world: World
afterEach(() => world.close())

const patch = (session: Session, change: MetadataPatch): void => session.send({ type: 'metadata.patch', patch: change })
const patches = (endpoint: 'api' | 'backend') => world.provider.requests.count({ method: 'PATCH', endpoint })
const shown = (session: Session) => selectMetadata(accountOf(session))
const isMetadata = (session: Session, status: string) =>
  expect.poll(() => selectMetadataStatus(accountOf(session)), patience).toBe(status)
const isSaved = async (session: Session) => {
  await expect.poll(() => selectPendingCount(accountOf(session)), patience).toBe(0)
  await isMetadata(session, 'ready')
}

/** What another device of the same person does. */
async function changeElsewhere(session: Session, change: MetadataPatch): Promise<void> {
  const authorization = `Bearer ${await session.getAccessToken()}`
  const url = `${world.provider.issuer}/api/v2/users/local%7Calice`
  const body = JSON.stringify({ user_metadata: change })
  const headers = { authorization, 'content-type': 'application/json' }
  expect((await fetch(url, { method: 'PATCH', headers, body })).status).toBe(200)
  world.provider.requests.clear()
}

test.each(['auth0', 'own backend'] as const)(
  'P19 a change made elsewhere is told, and the last writer of a key wins (%s)',
  async (kind) => {
    world = await createWorld()
    const { ownBackendUrl: url, audience } = world.provider
    const endpoint = kind === 'auth0' ? 'api' : 'backend'
    const scope = 'openid profile offline_access update:current_user_metadata'
    const session = await world.logIn(
      world.tab(),
      kind === 'auth0' ? {} : { scope, metadata: ownBackendUserMetadata({ url, audience }) },
    )
    await expectAccount(session)
    const told: ChangesElsewhere[] = []
    session.on('metadata.changedElsewhere', ({ keys, contested }) => told.push({ keys, contested }))
    await changeElsewhere(session, { first_name: 'Augusta', country: 'Portugal' })
    patch(session, { first_name: 'Al' })
    await isSaved(session)
    expect(shown(session)).toMatchObject({ first_name: 'Al', country: 'Portugal' })
    expect(told.map(({ keys, contested }) => [keys.toSorted(), contested])).toEqual([
      [['country', 'first_name'], ['first_name']],
    ])
    expect(selectChangedElsewhere(accountOf(session))?.contested).toEqual(['first_name'])
    expect(patches(endpoint), 'the own backend refuses the first one by its precondition').toBe(
      kind === 'auth0' ? 1 : 2,
    )
  },
)

test('P19 a change made elsewhere while the app was closed is told where something typed here replaces it', async () => {
  const dataFolder = await mkdtemp(join(tmpdir(), 'sessionchart-contract-'))
  onTestFinished(() => rm(dataFolder, { recursive: true, force: true }))
  world = await createWorld({ dataFolder })
  const tab = world.tab()
  const session = await world.logIn(tab)
  await expectAccount(session)
  world.provider.faults.add({ endpoint: 'api', kind: 'status', count: 'always' })
  patch(session, { first_name: 'Al' })
  await isMetadata(session, 'waiting')
  await world.leave(session)
  world.provider.faults.clear()
  const closed = world.open(world.tab(), { metadata: null })
  await expectStatus(closed, 'signedIn')
  await changeElsewhere(closed, { first_name: 'Augusta', country: 'Portugal' })
  await world.leave(closed)
  const next = world.open(tab)
  const told: (readonly string[])[] = []
  next.on('metadata.changedElsewhere', ({ keys }) => told.push(keys))
  await expectStatus(next, 'signedIn')
  await isSaved(next)
  expect(told).toEqual([['first_name']])
  expect(shown(next)).toMatchObject({ first_name: 'Al', country: 'Portugal' })
})
