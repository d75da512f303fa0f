import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { joinSiblings, type SiblingMessage, type Siblings } from '../../services/browser/siblings.ts'
import { createProfile, createStorage, openTab, type Profile, type Tab } from '../support/tab.ts'
import { settle } from './asking.ts'

let profile: Profile
const joined: Siblings[] = []
beforeEach(() => {
  profile = createProfile()
})
afterEach(() => {
  for (const siblings of joined.splice(0)) siblings.close()
})

const key = (scope: string): string => `sessionchart.channel.sessionchart|${scope}`

describe.each([
  ['by BroadcastChannel', true],
  ['by storage events', false],
])('P11 siblings %s', (_, hasChannels) => {
  const newTab = (): Tab => {
    const tab = openTab({ origin: 'http://127.0.0.1:4999', profile })
    if (!hasChannels) tab.openChannel = () => null
    return tab
  }
  const join = (scope = 'scope', tab = newTab()): { readonly siblings: Siblings; readonly heard: SiblingMessage[] } => {
    const siblings = joinSiblings(scope, tab)
    joined.push(siblings)
    const heard: SiblingMessage[] = []
    siblings.listen((message) => heard.push(message))
    return { siblings, heard }
  }
  /** What a stranger, or another version of the app, says on the channel of this scope. */
  const say = (message: unknown, scope = 'scope'): void => {
    if (!hasChannels) {
      newTab().localStorage?.setItem(key(scope), JSON.stringify({ sender: 'x', count: Math.random(), message }))
      return
    }
    const channel = newTab().openChannel(`sessionchart|${scope}`)
    channel?.post(message)
    channel?.close()
  }

  test('hear what is said, the same words twice as well, and the speaker does not hear itself', async () => {
    const [one, two, three] = [join(), join(), join()]
    one.siblings.announce({ kind: 'look' })
    one.siblings.announce({ kind: 'look' })
    two.siblings.announce({ kind: 'active', at: 5 })
    await expect.poll(() => three.heard).toHaveLength(3)
    expect(three.heard).toEqual([{ kind: 'look' }, { kind: 'look' }, { kind: 'active', at: 5 }])
    expect(one.heard).toEqual([{ kind: 'active', at: 5 }])
    expect(two.heard).toEqual([{ kind: 'look' }, { kind: 'look' }])
  })

  test('leave the messages of other versions, and what is no message, alone', async () => {
    const { heard } = join()
    for (const foreign of [
      { version: 2, kind: 'look' },
      { kind: 'look' },
      { version: 1, kind: 'dance' },
      { version: 1, kind: 'active', at: 'now' },
      { version: 1, kind: 'turn.asked' },
      'look',
      null,
    ])
      say(foreign)
    newTab().localStorage?.setItem(key('scope'), '{')
    newTab().localStorage?.clear()
    say({ version: 1, kind: 'look', token: 'what is not asked for is dropped' })
    await expect.poll(() => heard).toEqual([{ kind: 'look' }])
  })

  test('of another client ID on the same origin are others', async () => {
    const { siblings } = join('encrypted|https://idp.example|app')
    const other = join('encrypted|https://idp.example|app2')
    const same = join('encrypted|https://idp.example|app')
    siblings.announce({ kind: 'look' })
    await expect.poll(() => same.heard).toHaveLength(1)
    await settle()
    expect(other.heard).toEqual([])
  })

  test('P22 that have left hear nothing more, and leave nothing behind', async () => {
    const tab = newTab()
    const listen = vi.spyOn(tab, 'listen')
    const { siblings, heard } = join('scope', tab)
    const other = join()
    siblings.announce({ kind: 'look' })
    await expect.poll(() => other.heard).toHaveLength(1)
    siblings.close()
    other.siblings.announce({ kind: 'look' })
    await settle()
    expect(heard).toEqual([])
    expect(siblings.isReachable).toBe(false)
    siblings.announce({ kind: 'look' })
    expect(other.heard).toHaveLength(1)
    expect(listen.mock.calls.length).toBe(hasChannels ? 0 : 1)
    other.siblings.close()
    expect(profile.localStorage.length).toBe(0)
  })
})

test('P11 a tab without any way to the others does without, and knows it', () => {
  const tab = openTab({ origin: 'http://127.0.0.1:4999', profile })
  const full = createStorage()
  full.setItem = () => {
    throw new DOMException('full', 'QuotaExceededError')
  }
  for (const localStorage of [null, full]) {
    const siblings = joinSiblings('scope', Object.assign(tab, { openChannel: () => null, localStorage }))
    expect(siblings.isReachable).toBe(false)
    siblings.announce({ kind: 'look' })
    siblings.listen(() => {})()
    siblings.close()
  }
})
