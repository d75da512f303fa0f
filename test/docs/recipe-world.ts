import * as jsx from 'react/jsx-runtime'
import { afterEach, beforeEach, onTestFinished, vi } from 'vitest'
import * as xstate from 'xstate'
import { createSessionLogicOn, createSessionOn } from '../../services/create-session.ts'
import * as sessionchart from '../../services/index.ts'
import type { Session, SessionLogicOptions, SessionOptions } from '../../services/index.ts'
import * as react from '../../ui/react/index.ts'
import { createWorld, origin, type World } from '../contract/world.ts'
import * as testing from '../model/index.ts'
import type { Tab } from '../support/tab.ts'

// What recipes find when they are run: a provider, a tab in this process, and the package in it.

export interface Around {
  readonly world: World
  /** In which the test begins. */
  readonly tab: Tab
  /** What recipes take as given. */
  readonly options: SessionOptions
  /** The package in a tab. `start`: whether sessions start by themselves, as under `<SessionProvider>`; default true. */
  packageIn(page: Tab, start?: boolean): Readonly<Record<string, object>>
}

interface Heard {
  readonly url: string
  readonly method: string
  readonly authorization: string | null
  readonly proof: string | null
}

/** A new one for each test of a file. */
export function around(): () => Around {
  let now: Around | null = null
  const opened: Session[] = []
  beforeEach(async () => {
    const world = await createWorld()
    const { issuer: authority, clientId } = world.provider
    const options: SessionOptions = { authority, clientId, redirectUri: `${origin}/callback` }
    const packageIn: Around['packageIn'] = (page, start = true) => ({
      sessionchart: {
        ...sessionchart,
        createSession(given: SessionOptions) {
          const session = createSessionOn(page, given)
          opened.push(session)
          if (start) session.start()
          return session
        },
        // Whatever provider a recipe names, the local one is in its place.
        createSessionLogic: (given: SessionLogicOptions) => createSessionLogicOn(page, { ...given, ...options }),
      },
      'sessionchart/react': react,
      'sessionchart/testing': testing,
      'react/jsx-runtime': jsx,
      xstate,
    })
    now = { world, tab: world.tab(), options, packageIn }
  })
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((session) => session.dispose()))
    await now?.world.close()
  })
  return () => {
    if (now === null) throw new Error('Only within a test.')
    return now
  }
}

/** What goes to the app's own server, or to its API, is heard here. */
export function listenAtTheApi(
  { provider }: World,
  answer: (heard: Heard) => Response = () => Response.json({}),
): Heard[] {
  const all: Heard[] = []
  const { fetch } = globalThis
  onTestFinished(() => {
    globalThis.fetch = fetch
  })
  globalThis.fetch = async (input, init) => {
    const request = new Request(input, init)
    if (request.url.startsWith(provider.issuer)) return fetch(request)
    const { url, method, headers } = request
    const heard = { url, method, authorization: headers.get('Authorization'), proof: headers.get('DPoP') }
    all.push(heard)
    return answer(heard)
  }
  return all
}

export const fakeHistory = () => ({ replaceState: vi.fn<(state: unknown, unused: string, url: string) => void>() })
export const fakeConsole = () => ({ info: vi.fn<(text: string) => void>() })
