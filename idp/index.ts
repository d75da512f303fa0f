import { setTimeout as sleep } from 'node:timers/promises'
import { audienceOf } from './audience.ts'
import { configurationFor } from './configuration.ts'
import { openDataFile } from './data-file.ts'
import { lockFolder } from './folder-lock.ts'
import { createFaultQueue, noFaults } from './fault-queue.ts'
import type { FaultControl } from './faults.ts'
import { listen } from './http-server.ts'
import { collectIssuedTokens, type IssuedToken } from './issued-tokens.ts'
import { loadKeys } from './keys.ts'
import { library } from './library.ts'
import { settingsFrom, type LocalProviderOptions, type Settings } from './options.ts'
import { people, personOfName } from './people.ts'
import { createRequestHandler } from './request-handler.ts'
import { createRequestLog, type RequestLog } from './request-log.ts'
import { createProviderStore } from './store.ts'
import { noteTokenOutcomes } from './token-outcomes.ts'
import { createTurn } from './turn.ts'
import { createUserApi } from './user-api/handler.ts'
import { createRateLimit } from './user-api/rate-limit.ts'
import { bearerOf } from './user-api/token.ts'
import { createUserStore } from './user-api/users.ts'

export { DataFolderProblem } from './data-folder-problem.ts'
export type { Fault, FaultControl } from './faults.ts'
export type { IssuedToken } from './issued-tokens.ts'
export type { ClientOptions, LocalProviderOptions } from './options.ts'
export type { LoggedRequest, RequestFilter, RequestLog } from './request-log.ts'
export type { Endpoint } from './routes.ts'

export interface LocalProvider {
  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  issuer: string
  /** Of the first client. */
  clientId: string
  /** Of the user API: `${issuer}/api/v2/`. */
  audience: string
  people: { username: string; password: string; subject: string }[]
  /** Throws when faults are not enabled. */
  faults: FaultControl
  requests: RequestLog
  /**
   * Ends every grant of a person, as an administrator does it: all their tokens are refused from now on, those of a renewal
   * under way too. Their sessions at the provider stay. Resolves with the number of grants; rejects for someone unknown.
   */
  endGrants(username: string): Promise<number>
  /** Every token value that was issued since the start. Throws without `recordTokens`. */
  issuedTokens(): IssuedToken[]
  /** Cuts all connections, ends all timers, and resolves when the data folder is up to date and the port free. */
  stop(): Promise<void>
}

/**
 * A real OpenID provider with Auth0's user API beside it, on 127.0.0.1. Rejects with a message that says what to do when
 * an option is wrong, the port is taken, or the data folder cannot be used, or is used by another provider.
 */
export async function startLocalProvider(options: LocalProviderOptions): Promise<LocalProvider> {
  const settings = settingsFrom(options)
  const unlock = await lockFolder(settings.dataFolder)
  try {
    return await start(settings, unlock)
  } catch (error) {
    await unlock()
    throw error
  }
}

async function start(settings: Settings, unlock: () => Promise<void>): Promise<LocalProvider> {
  const { dataFolder } = settings
  const files = {
    keys: await openDataFile(dataFolder, 'keys.json', 'signing and cookie keys'),
    state: await openDataFile(dataFolder, 'sessions.json', 'sessions, grants and tokens'),
    users: await openDataFile(dataFolder, 'users.json', 'user metadata'),
  }
  const keys = await loadKeys(files.keys)
  const store = createProviderStore(files.state, settings.reuseWindow)

  const faults = settings.faults ? createFaultQueue() : noFaults
  const requests = createRequestLog()
  const inTurn = createTurn()
  const endGrants = async (username: string) => {
    const person = personOfName(username)
    if (!person) throw new TypeError(`${username} is none of ${people.map((known) => known.username).join(', ')}`)
    return inTurn(() => store.endGrantsOf(person.subject))
  }
  const issued: IssuedToken[] = []
  const stopping = new AbortController()
  const wait = (ms: number) => sleep(ms, undefined, { signal: stopping.signal })
  const issuerOn = (port: number) => `http://${settings.host}:${port}`

  const server = await listen(settings.port, (port) => {
    const issuer = issuerOn(port)
    const audience = audienceOf(issuer)
    const provider = new library.Provider(issuer, configurationFor({ settings, issuer, audience, keys, store, faults }))
    provider.on('server_error', (_ctx, error) => console.error('The local provider failed:', error))
    noteTokenOutcomes(provider, requests)
    if (settings.recordTokens) collectIssuedTokens(provider, issued)
    const userApi = createUserApi({
      users: createUserStore(files.users, issuer),
      rateLimit: createRateLimit(settings.rateLimit, settings.rateWindow),
      bearerOf: (req) => bearerOf(provider, audience, req),
    })
    const { signing } = keys
    return createRequestHandler({
      ...{ provider, settings, store, faults, signing, requests },
      ...{ inTurn, endGrants, userApi, wait },
    })
  })
  const issuer = issuerOn(server.port)

  return {
    issuer,
    clientId: settings.clients[0]?.id ?? '',
    audience: audienceOf(issuer),
    people: people.map(({ username, password, subject }) => ({ username, password, subject })),
    faults,
    requests,
    endGrants,
    issuedTokens() {
      if (!settings.recordTokens)
        throw new Error('Tokens are not recorded: start the provider with { recordTokens: true }')
      return [...issued]
    },
    async stop() {
      stopping.abort()
      await server.stop()
      await Promise.all(Object.values(files).map((file) => file.settled()))
      await unlock()
    },
  }
}
