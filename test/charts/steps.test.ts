import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import {
  playSteps,
  signedInSession,
  someSession,
  stepInWords,
  stepsAsCode,
  type Step,
} from '../../services/memory/index.ts'
import { access, told } from '../support/charts.ts'

const story: readonly Step[] = [
  { do: 'greet', port: 'holdTurn', news: { type: 'turn.granted' } },
  { do: 'answer', port: 'recheckVault', output: { outcome: 'same' } },
  { do: 'refuse', port: 'requestTokens', code: 'provider_unavailable', retryAfter: 90_500 },
  { do: 'pass', ms: 240_000 },
  { do: 'hold', port: 'requestTokens' },
  { do: 'shift', ms: -3_600_000 },
  { do: 'send', event: { type: 'logout', from: 'provider' } },
  { do: 'settle', port: 'clearCredentials' },
  { do: 'fail', port: 'revokeTokens', code: 'login_failed', oauthError: 'unsupported_token_type' },
  { do: 'say', port: 'watchSiblings', news: { type: 'sibling.loggedIn', ...someSession({ generation: 'login-2' }) } },
]

describe('steps of a scripted session', () => {
  it('are played in order, each until everything rests', async () => {
    const session = await signedInSession()
    await playSteps(session, story.slice(0, 4))
    expect(access(session)).toBe('refreshing.early')
    expect(session.script.calls('requestTokens').map(({ state }) => state)).toEqual(['failed'])
    await playSteps(session, story.slice(4))
    expect(told(session)).toEqual(['session.started', 'session.ended'])
    expect(session.script.lastInput('clearCredentials')).toEqual({ generation: 'login-1', reason: 'logout' })
    expect(session.script.isOpen('leaveProvider')).toBe(true)
  })

  it('survive being printed and pasted', () => {
    const odd = [
      { do: 'send', event: { type: 'metadata.patch', patch: { "it's": 'a "text"\n\\', 'a-b': [null, true, -1.5] } } },
    ]
    for (const steps of [story, odd]) {
      // What a person would do by pasting.
      const pasted: unknown = runInNewContext(`(${stepsAsCode(steps)})`)
      expect(pasted).toEqual(steps)
    }
    expect(stepsAsCode(story.slice(2, 4))).toBe(
      "[\n  { do: 'refuse', port: 'requestTokens', code: 'provider_unavailable', retryAfter: 90_500 },\n  { do: 'pass', ms: 240_000 },\n]",
    )
  })

  it('are said in words', () => {
    expect(story.slice(0, 9).map(stepInWords)).toEqual([
      'from now on holdTurn tells "turn.granted"',
      "from now on recheckVault answers: { outcome: 'same' }",
      'from now on requestTokens fails with provider_unavailable and asks to wait 1 min 30 s 500 ms',
      '4 min pass',
      'from now on requestTokens waits',
      'the clock is 1 h set back',
      '"logout" is sent: { from: \'provider\' }',
      'clearCredentials answers',
      'revokeTokens fails with login_failed "unsupported_token_type"',
    ])
  })

  it.each<{ steps: readonly Step[]; message: string }>([
    {
      steps: [
        { do: 'pass', ms: 1 },
        { do: 'settle', port: 'requestTokens' },
      ],
      message:
        'Step 2 of 2 (requestTokens answers) cannot be played: nobody waits for "requestTokens". ' +
        'Waited for: loadProfile, loadMetadata. Listened at: watchSiblings, watchPage, watchConditions, watchActivity.',
    },
    {
      steps: [{ do: 'say', port: 'holdTurn', news: { type: 'turn.granted' } }],
      message: 'Step 1 of 1 (holdTurn tells "turn.granted") cannot be played: nobody listens at "holdTurn".',
    },
    {
      steps: [{ do: 'fail', port: 'saveMetadata', code: 'offline' }],
      message: 'nobody waits for "saveMetadata"',
    },
  ])('that cannot be played are named, with what was waited for instead: $message', async ({ steps, message }) => {
    const session = await signedInSession()
    await expect(playSteps(session, steps)).rejects.toThrow(message)
  })
})
