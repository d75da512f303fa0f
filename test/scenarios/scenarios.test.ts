import { describe, expect, it } from 'vitest'
import {
  selectAccount,
  selectLimitNear,
  selectMetadata,
  selectMetadataStatus,
  selectRenewal,
  selectRenewalStep,
  selectSignedOutReason,
  selectStatus,
} from '../../machines/index.ts'
import { createScene, scenarios, type Scenario } from '../../services/memory/index.ts'
import { where, type ScriptedSession } from '../support/charts.ts'
import { watchClaims } from '../support/claims.ts'

/** Where a person is in one tab, by the public selectors, in one line. */
function seen(tab: ScriptedSession | null): string {
  if (tab === null) return 'no page'
  const snapshot = tab.actor.getSnapshot()
  const renewal = selectRenewal(snapshot)?.getSnapshot()
  const account = selectAccount(snapshot)?.getSnapshot()
  const reason = selectSignedOutReason(snapshot)
  const limit = selectLimitNear(snapshot)
  const metadata = account && selectMetadataStatus(account)
  const city = account && selectMetadata(account)?.['city']
  return [
    selectStatus(snapshot),
    ...(reason === null ? [] : [reason]),
    ...(limit === null ? [] : [`${limit.limit} near`]),
    ...(renewal === undefined ? [] : [selectRenewalStep(renewal)]),
    ...(metadata === undefined || metadata === 'ready' ? [] : [`details ${metadata}`]),
    ...(typeof city !== 'string' || city === 'Ghent' ? [] : [city]),
  ].join(', ')
}

/** By hand: what people are in after each moment, tab by tab. */
const expected: Readonly<Record<string, readonly (string | readonly [string, string])[]>> = {
  'first-visit': [
    'restoring',
    'signedOut, never',
    'signingIn',
    'no page',
    'signingIn',
    'signedIn, details loading',
    'signedIn',
  ],
  'coming-back': [
    'restoring',
    'signedIn, details loading',
    'signedIn',
    'no page',
    'reconnecting, waitingForTurn, details loading',
    'signedIn, details loading',
    'signedIn',
  ],
  renewal: [
    'signedIn',
    'signedIn, waitingForTurn',
    'signedIn, renewing',
    'signedIn, renewing',
    'signedIn, renewing',
    'signedIn',
  ],
  offline: [
    'signedIn',
    'signedIn, waitingForTurn',
    'signedIn, waitingForNetwork',
    'reconnecting, waitingForNetwork',
    'reconnecting, waitingForTurn',
    'signedIn',
  ],
  'provider-down': [
    'signedIn',
    'signedIn, backingOff',
    'signedIn, backingOff',
    'reconnecting, backingOff',
    'reconnecting, renewing',
    'signedIn',
  ],
  revoked: ['signedIn', 'signedIn', 'signedIn, renewing', 'signedOut, revoked'],
  'two-tabs': [
    ['signedIn', 'signedIn'],
    ['signedIn, waitingForTurn', 'signedIn, waitingForTurn'],
    ['signedIn, renewing', 'signedIn, waitingForTurn'],
    ['signedIn', 'signedIn, waitingForTurn'],
    ['signedIn', 'signedIn'],
  ],
  'logged-out-elsewhere': [
    ['signedIn', 'signedIn'],
    ['signingOut', 'signedIn'],
    ['signingOut', 'signedOut, logout'],
    ['signedOut, logout', 'signedOut, logout'],
  ],
  idle: ['signedIn', 'signedIn, idle near', 'signedIn', 'signedIn, idle near', 'signingOut', 'signedOut, idle'],
  'save-fails': [
    'signedIn',
    'signedIn, details saving, Bruges',
    'signedIn, details waiting, Bruges',
    'signedIn, details saving, Bruges',
    'signedIn, details unsaved, Bruges',
    'signedIn',
  ],
}

async function play(scenario: Scenario) {
  const pages: { readonly claims: ReturnType<typeof watchClaims> }[] = []
  const inspect = () => {
    const claims = watchClaims()
    pages.push({ claims })
    return claims.inspect
  }
  const scene = createScene({ ...scenario, inspect })
  const lines: (readonly string[])[] = []
  const broken: string[] = []
  for (const { steps } of scenario.moments) {
    for (const step of steps) {
      // A scenario is a way that the charts take: a step that nobody waits for throws.
      await scene.play(step)
      broken.push(...pages.flatMap(({ claims }) => claims.broken()))
    }
    lines.push(scene.tabs.map(seen))
  }
  return { scene, lines, broken }
}

describe('scenarios', () => {
  it('are ten, each with an id of its own and words for every moment', () => {
    expect(new Set(scenarios.map(({ id }) => id))).toEqual(new Set(Object.keys(expected)))
    expect(scenarios).toHaveLength(10)
    for (const { title, about, moments } of scenarios)
      for (const words of [title, about, ...moments.map(({ caption }) => caption)])
        expect(words).toMatch(/^\p{Lu}.*[\w.?]$/u)
  })

  it.each(scenarios.map((scenario) => [scenario.title, scenario] as const))(
    '%s: shows what it should at every moment, ends where it says, and breaks no claim',
    async (_title, scenario) => {
      const { scene, lines, broken } = await play(scenario)
      expect(lines).toEqual(expected[scenario.id]?.map((line) => [line].flat()))
      expect(scene.tabs.map((tab) => tab && where(tab))).toEqual(scenario.endsAt)
      expect(broken).toEqual([])
      // P22 A scene that is closed leaves nothing.
      scene.close()
      expect(scene.tabs.flatMap((tab) => tab?.waits() ?? [])).toEqual([])
    },
  )

  it('two tabs spend the refresh token once', async () => {
    const scenario = scenarios.find(({ id }) => id === 'two-tabs')
    if (scenario === undefined) throw new Error('There is no such scenario.')
    const { scene } = await play(scenario)
    expect(scene.tabs.map((tab) => tab?.script.calls('requestTokens').length)).toEqual([1, 0])
    expect(scene.tabs.map((tab) => tab?.actor.getSnapshot().context.facts?.revision)).toEqual([2, 2])
    scene.close()
  })
})

describe('a scene', () => {
  it('says what could be played instead of what cannot', async () => {
    const scene = createScene({ tabs: 2 })
    await expect(scene.play({ do: 'settle', port: 'requestTokens' })).rejects.toThrow('no page is open in tab 1')
    await expect(scene.play({ do: 'open', tab: 2 })).rejects.toThrow('there is no tab 3; there are 2')
    await scene.play({ do: 'open', tab: 1 })
    await expect(scene.play({ do: 'settle', port: 'requestTokens', tab: 1 })).rejects.toThrow(
      '(requestTokens answers): nobody waits for "requestTokens". Waited for: restoreSession.',
    )
    scene.close()
  })

  it('has one clock for all its tabs, and for pages that are opened later', async () => {
    const scene = createScene({ tabs: 2 })
    const begin = scene.now()
    await scene.play({ do: 'open' })
    await scene.play({ do: 'pass', ms: 3_000 })
    await scene.play({ do: 'shift', ms: 60_000 })
    await scene.play({ do: 'open', tab: 1 })
    await scene.play({ do: 'pass', ms: 1_000 })
    expect(scene.now() - begin).toBe(64_000)
    expect(scene.tabs.map((tab) => tab?.clock.now())).toEqual([scene.now(), scene.now()])
    // The first has waited for four seconds by its timers, the second for one.
    expect(scene.tabs.map((tab) => tab?.waits())).toEqual([[1_000], [4_000]])
    scene.close()
  })
})
