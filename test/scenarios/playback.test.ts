import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { scenarios, type SceneStep } from '../../services/memory/index.ts'
import { journeyAsCode } from '../../ui/statechart/play/journey.ts'
import { playBack, type Frame } from '../../ui/statechart/play/playback.ts'
import { ownScore, scoreOf } from '../../ui/statechart/play/score.ts'
import { playJourney, type Journey } from '../journeys/play.ts'

const all = scenarios.map((scenario) => [scenario.title, scenario] as const)

async function framesOf(groups: readonly (readonly SceneStep[])[], tabs = 1): Promise<readonly Frame[]> {
  const { frames, obstacle } = await playBack({ tabs }, groups)
  expect(obstacle).toBeNull()
  return frames
}
const signsIn: readonly (readonly SceneStep[])[] = ownScore(scenarios[2], 1, []).groups
const lastOf = (frames: readonly Frame[]) => {
  const tab = frames.at(-1)?.tabs[0]
  if (tab === undefined) throw new Error('Nothing was played.')
  return tab
}

describe('what is played', () => {
  it.each(all)(
    '%s: the same steps come to the same, and going back is having played less',
    async (_title, scenario) => {
      const score = scoreOf(scenario)
      const { frames, obstacle } = await playBack(score, score.groups)
      expect(obstacle).toBeNull()
      expect(frames).toHaveLength(scenario.moments.length)
      for (const count of [1, 2, scenario.moments.length])
        expect((await playBack(score, score.groups.slice(0, count))).frames).toEqual(frames.slice(0, count))
      expect(frames.at(-1)?.tabs.map(({ where }) => where)).toEqual(scenario.endsAt)
    },
  )

  it.each(all)('%s: every moment lights states, and says what people see', async (_title, scenario) => {
    const score = scoreOf(scenario)
    const { frames } = await playBack(score, score.groups)
    for (const { tabs } of frames)
      for (const { isOpen, moments, sight } of tabs) {
        expect(sight.title).not.toBe('')
        expect(moments.some(({ chart, now }) => chart === 'session' && now.states.length > 1)).toBe(isOpen)
      }
  })

  it('what people read, at the moments that matter', async () => {
    const titles = async (id: string) => {
      const scenario = scenarios.find((one) => one.id === id)
      if (scenario === undefined) throw new Error(`There is no scenario ${id}.`)
      const score = scoreOf(scenario)
      const { frames } = await playBack(score, score.groups)
      return frames.map(({ tabs }) => tabs.map(({ sight }) => sight.question ?? sight.title).join(' | '))
    }
    expect(await titles('first-visit')).toEqual([
      'One moment',
      'You are not signed in',
      'Logging in',
      'Elsewhere',
      'Logging in',
      'Signed in as Alice',
      'Signed in as Alice',
    ])
    expect(await titles('offline')).toEqual([
      ...Array.from({ length: 3 }, () => 'Signed in as Alice'),
      'Reconnecting',
      'Reconnecting',
      'Signed in as Alice',
    ])
    expect(await titles('revoked')).toEqual([
      ...Array.from({ length: 3 }, () => 'Signed in as Alice'),
      'Your session was ended by the provider',
    ])
    expect(await titles('logged-out-elsewhere')).toEqual([
      'Signed in as Alice | Signed in as Alice',
      'Logging you out | Signed in as Alice',
      'Logging you out | You are logged out',
      'You are logged out | You are logged out',
    ])
    expect(await titles('idle')).toEqual([
      'Signed in as Alice',
      'Still there?',
      'Signed in as Alice',
      'Still there?',
      'Logging you out',
      'You were away for a while',
    ])
  })

  it('what people can press is what the chart takes', async () => {
    const score = ownScore(scenarios[0], 7, [])
    const { frames } = await playBack(score, score.groups)
    expect(frames.map(({ tabs }) => tabs[0]?.sight.buttons.map(({ words }) => words).join())).toEqual([
      '',
      'Log in',
      'Cancel',
      '',
      // Nothing can be cancelled any more.
      '',
      'Log out',
      'Change the city,Log out',
    ])
  })

  it('says which transitions led to a moment, of each chart', async () => {
    const score = ownScore(scenarios[2], 6, [])
    const { frames } = await playBack(score, score.groups)
    const taken = (place: number, chart: string) =>
      frames[place]?.tabs[0]?.moments.find((moment) => moment.chart === chart)?.taken
    expect(taken(1, 'session')).toEqual([
      'session.active.access.authenticated xstate.after.untilDue.session.active.access.authenticated[2]',
    ])
    expect(taken(2, 'session')).toEqual([])
    expect(taken(2, 'renewal')).toEqual(['renewal.takingTurn.waiting turn.granted[0]'])
    // Waits are told by the scene's clock, so that rings are right.
    const [wait] = frames[2]?.tabs[0]?.moments.find(({ chart }) => chart === 'renewal')?.now.waits ?? []
    expect(wait).toMatchObject({ since: frames[2]?.at, until: (frames[2]?.at ?? 0) + 3_000 })
  })

  it('says which events were ignored', async () => {
    const asks = async (event: { readonly type: 'login.cancel' } | { readonly type: 'logout' }) =>
      lastOf(await framesOf([...signsIn, [{ do: 'send', event }]])).ignored
    expect(await asks({ type: 'login.cancel' })).toEqual(['login.cancel'])
    expect(await asks({ type: 'logout' })).toEqual([])
  })

  it('stops where a step cannot be played, and says why', async () => {
    const { frames, obstacle } = await playBack({}, [
      [{ do: 'open' }],
      [{ do: 'settle', port: 'revokeTokens', output: 'done' }],
    ])
    expect(frames).toHaveLength(1)
    expect(obstacle).toContain('nobody waits for "revokeTokens". Waited for: restoreSession.')
  })
})

describe('what could happen next', () => {
  it('can be played, all of it, wherever a scenario leads; and what is said to be taken is', async () => {
    const seen = new Set<string>()
    let tried = 0
    for (const scenario of scenarios) {
      const score = scoreOf(scenario)
      const { frames } = await playBack(score, score.groups)
      for (const [place, { tabs }] of frames.entries()) {
        const [tab] = tabs
        const states = JSON.stringify(tab?.moments.map(({ now }) => now.states))
        if (tab === undefined || seen.has(states)) continue
        seen.add(states)
        const { requests, outcomes, news } = tab.offers
        const others = [...outcomes, ...news].flatMap(({ offers }) => offers)
        for (const offer of [...requests, ...others]) {
          const groups = [...score.groups.slice(0, place + 1), [offer.step]]
          const { frames: after, obstacle } = await playBack(score, groups)
          expect([offer.words, obstacle]).toEqual([offer.words, null])
          const isTaken = after.at(-1)?.tabs[0]?.ignored.length === 0
          const said = 'isTaken' in offer ? offer.isTaken : isTaken
          expect([offer.words, isTaken]).toEqual([offer.words, said])
          tried += 1
        }
      }
    }
    expect(tried).toBeGreaterThan(400)
  }, 60_000)

  it('are the services that wait, the news that are listened for, and the next timer', async () => {
    const { offers } = lastOf(await framesOf([[{ do: 'open' }]]))
    expect(offers.outcomes.map(({ port }) => port)).toEqual(['restoreSession'])
    expect(offers.news.map(({ port }) => port)).toEqual(['watchSiblings', 'watchPage'])
    expect(offers.requests.filter(({ isTaken }) => isTaken).map(({ words }) => words)).toEqual([
      'Log out',
      'Log out at the provider, too',
    ])
    expect(offers.nextWait).toBe(5_000)
  })
})

describe('a copied journey', () => {
  it.each(all)('%s: comes true as it stands, in every tab', async (_title, scenario) => {
    const score = scoreOf(scenario)
    const { frames } = await playBack(score, score.groups)
    for (let tab = 0; tab < score.tabs; tab += 1) {
      const code = journeyAsCode({ ...score, frames }, tab)
      // What is copied is an object literal, to be pasted into an array of journeys.
      const journey = runInNewContext(`(${code})`) as Journey
      expect(await playJourney(journey)).toBe(journey.chapters.length)
      expect(journey.chapters.length).toBeGreaterThan(2)
    }
  })
})
