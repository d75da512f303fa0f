import { enqueueActions } from 'xstate'
import { describe, expect, it } from 'vitest'
import { someSession } from '../../services/memory/index.ts'
import { at, brokenSession, type Break, type Draft } from '../support/broken-charts.ts'
import { quietSession, untilRequest } from '../support/charts.ts'
import { answerAtLast, watchClaims } from '../support/claims.ts'

const endElsewhere = { type: 'sibling.ended', generation: 'login-1', reason: 'expired' } as const
const logOut = async ({ actor, script, rest }: Awaited<ReturnType<typeof brokenSession>>) => {
  actor.send({ type: 'logout' })
  script.settle('clearCredentials', undefined)
  await rest()
  script.settle('revokeTokens', 'done')
  await rest()
}

describe('a: a session that ends says why, once', () => {
  const withoutReason = enqueueActions(({ enqueue }, fact: { type: string }) => {
    enqueue.emit({ type: fact.type })
  })

  it('is broken where the reason is not told', async () => {
    const session = await brokenSession({ actions: { tell: withoutReason } })
    session.script.say('watchSiblings', endElsewhere)
    expect(session.claims.broken()).toContain('a: a session ended, and does not say why')
  })

  it('is broken where nothing is told', async () => {
    const session = await brokenSession({
      session: (draft) => {
        at(draft, 'active').on['sibling.ended'] = {
          target: 'unauthenticated',
          actions: [{ type: 'noteSignedOut', params: { reason: 'expired' } }],
        }
      },
    })
    session.script.say('watchSiblings', endElsewhere)
    expect(session.claims.broken()).toEqual(['a: a session ended without a word, at "unauthenticated"'])
  })

  it('is broken where it is told twice', async () => {
    const session = await brokenSession({
      session: (draft) => {
        at(draft, 'ending.revoked')['entry'] = { type: 'tell', params: { type: 'session.ended', reason: 'logout' } }
      },
    })
    await logOut(session)
    expect(session.claims.broken()).toEqual(['a: a session ended that had not begun, or was told to have ended before'])
  })

  it('is broken where nobody was signed in', async () => {
    const session = await brokenSession({
      session: (draft) => {
        at(draft, 'loggedOut').on['login'] = {
          actions: { type: 'tell', params: { type: 'session.ended', reason: 'expired' } },
        }
      },
    })
    await logOut(session)
    expect(session.claims.broken()).toEqual([])
    session.actor.send({ type: 'login' })
    expect(session.claims.broken()).toContain('a: a session ended that had not begun, or was told to have ended before')
  })

  it('is broken where something else is shown afterwards', async () => {
    const session = await brokenSession(
      {
        session: (draft) => {
          at(draft, 'ending.cleared')['entry'] = [
            { type: 'noteSignedOut', params: { reason: 'idle' } },
            { type: 'tell', params: { type: 'session.ended', reason: 'expired' } },
          ]
        },
      },
      someSession({ renewable: false }),
    )
    await session.advance(300_000)
    session.script.settle('clearCredentials', undefined)
    await session.rest()
    session.script.settle('revokeTokens', 'skipped')
    await session.rest()
    expect(session.claims.broken()).toEqual(['a: a session ended with expired, and what is shown afterwards is idle'])
  })
})

describe('b: there is a way on', () => {
  it('is broken where nobody can log in', async () => {
    const session = await brokenSession({ session: (draft) => void (at(draft, 'unauthenticated').on = {}) })
    expect(session.claims.broken()).toEqual([])
    session.script.say('watchSiblings', endElsewhere)
    expect(session.claims.broken()).toEqual(['b: no way leads on from session.unauthenticated'])
  })

  it('is broken where a pause has no end, though the person is signed in', async () => {
    const session = await brokenSession({
      renewal: (draft) => {
        at(draft, 'backingOff').after = {}
      },
    })
    await session.advance(240_000)
    session.script.say('holdTurn', { type: 'turn.refused' })
    expect(session.claims.broken()).toEqual(['b: no way leads on from renewal.backingOff'])
  })

  it('is broken where a region stands still beside others that do not', async () => {
    const session = await brokenSession({
      session: (draft) => void (at(draft, 'active.access.authenticated').after = {}),
    })
    session.actor.send({ type: 'stepUp', via: 'popup' })
    expect(session.claims.broken()).toEqual(['b: no way leads on from session.active.access.authenticated'])
  })

  it('is broken where what a person asks for does not get through', async () => {
    const session = await brokenSession({
      session: (draft) => {
        for (const event of ['patch', 'retry', 'discard']) delete at(draft, 'active').on[`metadata.${event}`]
      },
    })
    expect(session.claims.broken()).toEqual([])
    const refused = {
      patch: { first: 'Ada' },
      setback: { problem: { code: 'metadata_refused', message: 'No.' } },
    } as const
    session.script.say('watchConditions', { type: 'notes.changed', pending: [refused], metadata: {} })
    expect(session.claims.broken()).toEqual(['b: no way leads on from account.metadata.unsaved'])
  })
})

describe('c: after the logout no token until a login', () => {
  const comesBack =
    (target: string): Break =>
    (draft) => {
      at(draft, 'loggedOut').on['page.resumed'] = target
    }

  it('is broken where a token can be used', async () => {
    const session = await brokenSession({ session: comesBack('#session.active') })
    await logOut(session)
    expect(session.claims.broken()).toEqual([])
    session.script.say('watchPage', { type: 'page.resumed' })
    expect(session.claims.broken()).toEqual(
      expect.arrayContaining([
        'c: after the logout, without a login, session.started is told',
        'c: after the logout, without a login, a token can be used',
      ]),
    )
  })

  it('is broken where a token is requested', async () => {
    const session = await brokenSession({ session: comesBack('#session.active.access.refreshing.late') })
    await logOut(session)
    session.script.say('watchPage', { type: 'page.resumed' })
    await untilRequest(session)
    expect(session.claims.broken()).toContain('c: after the logout, without a login, a token is requested')
  })

  it('is broken where the credentials are still known', async () => {
    const session = await brokenSession({
      session: (draft) => {
        at(draft, 'ending.cleared')['entry'] = { type: 'tell', params: { type: 'session.ended', reason: 'logout' } }
        at(draft, 'loggedOut').on['page.resumed'] = {}
      },
    })
    await logOut(session)
    session.script.say('watchPage', { type: 'page.resumed' })
    expect(session.claims.broken()).toContain('c: after the logout, without a login, there are credentials')
  })

  it('holds for whoever logs in again', async () => {
    const session = await brokenSession({})
    await logOut(session)
    session.actor.send({ type: 'login', via: 'popup' })
    session.script.settle('loginInPopup', someSession({ generation: 'login-2' }))
    await session.rest()
    await logOut(session)
    session.script.answerNext('restoreSession', { outcome: 'found', ...someSession({ generation: 'login-3' }) })
    session.script.say('watchSiblings', { type: 'sibling.loggedIn', ...someSession({ generation: 'login-3' }) })
    await session.rest()
    expect(session.actor.getSnapshot().hasTag('usable')).toBe(true)
    expect(session.claims.broken()).toEqual([])
  })
})

describe('d: a renewal ends if the provider answers at last', () => {
  it.each(['early', 'late'])('holds wherever it stands (%s)', async (step) => {
    const claims = watchClaims()
    const session = await quietSession({}, { inspect: claims.inspect })
    await session.advance(step === 'late' ? 400_000 : 240_000)
    await answerAtLast(session)
    expect(claims.brokenAtLast()).toEqual([])
  })

  it('is broken where its end is not heard', async () => {
    const session = await brokenSession({
      session: (draft) => void delete at(draft, 'active.access.refreshing').invoke['onDone'],
    })
    await session.advance(240_000)
    await answerAtLast(session)
    expect(session.claims.brokenAtLast()).toEqual(
      expect.arrayContaining([expect.stringMatching(/^d: the provider answers, and .*late.* goes on renewing$/)]),
    )
  })

  it('is broken where it is expected of nobody: late, without a renewal', async () => {
    const session = await brokenSession({
      session: (draft) => void delete (at(draft, 'active.access.refreshing') as Partial<Draft>).invoke,
    })
    await session.advance(400_000)
    await answerAtLast(session)
    expect(session.claims.brokenAtLast().map((complaint) => complaint[0])).toEqual(['b', 'd'])
  })
})

describe('e: no turn is held by nobody', () => {
  it('is broken where a pause keeps it', async () => {
    const session = await brokenSession({
      renewal: (draft) => {
        draft.invoke = { ...at(draft, 'takingTurn').invoke, onError: {} }
        delete (at(draft, 'takingTurn') as Partial<Draft>).invoke
      },
    })
    await session.advance(240_000)
    await untilRequest(session)
    expect(session.claims.broken()).toEqual([])
    session.script.fail('requestTokens', new Error('The provider is down.'))
    await session.rest()
    expect(session.claims.broken()).toEqual(['e: a turn is held by nobody who needs it'])
  })

  it('is broken where a session that is signed in goes on renewing', async () => {
    const session = await brokenSession({
      session: (draft) => {
        const refreshing = at(draft, 'active.access.refreshing')
        at(draft, 'active.access').invoke = { ...refreshing.invoke, onDone: {}, onError: {} }
        delete (refreshing as Partial<Draft>).invoke
      },
    })
    expect(session.claims.broken()).toEqual(['e: a turn is held by nobody who needs it'])
  })
})
