import { and, createActor, not, or, setup } from 'xstate'
import { describe, expect, it } from 'vitest'
import { whyNot } from '../../ui/visualizer/recorder/why-not.ts'
import { quietSession } from '../support/charts.ts'
import { charts, chartNames } from '../model/charts/index.ts'
import { timeOf } from '../model/derive.ts'
import { explore } from '../model/explore.ts'
import type { ChartSnapshot } from '../../ui/visualizer/model/nodes.ts'

/** The same snapshot at another time: in the model it is the event that says when it happens. */
const atTime = (snapshot: ChartSnapshot, now: number | undefined): ChartSnapshot =>
  now === undefined ? snapshot : { ...snapshot, context: { ...snapshot.context, clock: { now: () => now } } }

describe('why an event would be taken or ignored', () => {
  it.each(chartNames)(
    'is what the chart %s does with it, in every situation and for every event',
    (name) => {
      let count = 0
      for (const { machine, events } of charts[name].worlds()) {
        for (const { from, event, step } of explore(machine, events).edges) {
          const { candidates, answer } = whyNot(atTime(from.snapshot, timeOf(event)), event)
          const taken = candidates.filter(({ verdict }) => verdict === 'taken').map(({ id }) => id)
          // What the event raises or lets happen by itself comes after it.
          expect([name, event.type, ...step.taken.slice(0, Math.max(1, taken.length))]).toEqual([
            name,
            event.type,
            ...taken,
          ])
          expect(answer).toBe(taken.length > 0 ? 'taken' : candidates.length > 0 ? 'refused' : 'noHandler')
          count += 1
        }
      }
      expect(count).toBeGreaterThan(100)
    },
    60_000,
  )

  it('names candidates in the order in which they are asked, each with its guard', async () => {
    const session = await quietSession()
    const why = whyNot(session.actor.getSnapshot(), { type: 'page.resumed' })
    expect(why.answer).toBe('refused')
    expect(why.words).toBe(
      '“page.resumed” would be ignored now: isPastLimit, isLimitNear, isExpired and isRenewable, isExpired and isDue do not hold.',
    )
    const [renew] = why.candidates.filter(({ state }) => state === 'session.active.access.authenticated')
    expect(renew?.guard).toEqual({
      kind: 'and',
      name: 'isExpired and isRenewable',
      said: 'no',
      parts: [
        { kind: 'one', name: 'isExpired', said: 'no', parts: [] },
        { kind: 'one', name: 'isRenewable', said: 'notAsked', parts: [] },
      ],
    })
  })

  it('tells where an event would be heard that nobody listens to now', async () => {
    const session = await quietSession()
    const why = whyNot(session.actor.getSnapshot(), { type: 'login.cancel' })
    const elsewhere = ['session.authenticating.redirecting', 'session.authenticating.inPopup']
    expect(why).toMatchObject({ answer: 'noHandler', candidates: [], elsewhere })
    expect(why.words).toBe(
      'No state that it is in listens to “login.cancel”. It is heard in session.authenticating.redirecting and session.authenticating.inPopup.',
    )
    expect(whyNot(session.actor.getSnapshot(), { type: 'nonsense' }).words).toContain('No state of this chart does.')
  })

  it('says that it depends where a guard needs more than the name of the event', async () => {
    const session = await quietSession()
    const why = whyNot(session.actor.getSnapshot(), { type: 'sibling.renewed' })
    expect(why.answer).toBe('unknown')
    expect(why.candidates.map(({ verdict }) => verdict)).toEqual(['threw'])
  })

  const guarded = setup({
    types: { context: {} as { readonly a: boolean; readonly b: boolean } },
    guards: {
      a: ({ context }) => context.a,
      b: ({ context }) => context.b,
      both: and(['a', 'b']),
    },
  }).createMachine({
    id: 'guarded',
    context: { a: true, b: false },
    on: {
      go: [
        { guard: 'both', description: 'Both.' },
        { guard: or(['b', not('a'), 'a']), description: 'One of them.' },
        { guard: 'a', description: 'Only the first.' },
      ],
      'more.*': { description: 'Whatever begins with more.' },
    },
  })

  it('looks into guards that are made of others, also behind a name, and asks no more than is needed', () => {
    const actor = createActor(guarded).start()
    const { candidates, words } = whyNot(actor.getSnapshot(), { type: 'go' })
    const shown = candidates.map(({ verdict, guard }) => [
      verdict,
      guard?.name,
      ...(guard?.parts.map(({ name, said }) => `${name}: ${said}`) ?? []),
    ])
    expect(shown).toEqual([
      ['refused', 'both', 'a: yes', 'b: no'],
      ['taken', 'b or not a or a', 'b: no', 'not a: no', 'a: yes'],
      ['notAsked', 'a'],
    ])
    expect(words).toBe('“go” would be taken: it would stay where it is. One of them.')
    expect(whyNot(actor.getSnapshot(), { type: 'more.of.it' }).answer).toBe('taken')
    expect(whyNot(actor.getSnapshot(), { type: 'moreover' }).answer).toBe('noHandler')
    actor.stop()
  })

  it('tells which of two regions has its way where both would leave', () => {
    const regions = setup({}).createMachine({
      id: 'regions',
      initial: 'within',
      states: {
        within: {
          type: 'parallel',
          states: {
            first: { initial: 'a', states: { a: { on: { go: 'b', leave: '#regions.left' } }, b: {} } },
            second: { initial: 'a', states: { a: { on: { go: 'b', leave: '#regions.right' } }, b: {} } },
          },
        },
        left: {},
        right: {},
      },
    })
    const actor = createActor(regions).start()
    const verdicts = (type: string) => whyNot(actor.getSnapshot(), { type }).candidates.map(({ verdict }) => verdict)
    expect(verdicts('go')).toEqual(['taken', 'taken'])
    expect(verdicts('leave')).toEqual(['taken', 'overruled'])
    actor.send({ type: 'leave' })
    expect(actor.getSnapshot().value).toBe('left')
    actor.stop()
  })
})
