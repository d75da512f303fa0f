import { expect, it } from 'vitest'
import type { SessionFact } from '../../machines/index.ts'
import type { FactOfType, Session } from '../../services/index.ts'
import { type scriptedSession, signedInSession, someFacts } from '../../services/memory/index.ts'
import { createEventLog } from '../../ui/app/event-log.ts'

const isOfType = <TType extends SessionFact['type']>(type: TType, fact: SessionFact): fact is FactOfType<TType> =>
  fact.type === type

const listenTo =
  ({ actor }: Pick<ReturnType<typeof scriptedSession>, 'actor'>): Session['on'] =>
  (type, listener) =>
    actor.on('*', (fact) => {
      if (isOfType(type, fact)) listener(fact)
    })

it('notes the facts of a session, the newest first, and counts renewals', async () => {
  const play = await signedInSession()
  const heard: number[] = []
  const log = createEventLog({ on: listenTo(play) }, () => 7)
  log.subscribe(() => heard.push(log.getState().entries.length))
  play.actor.send({ type: 'sibling.renewed', facts: someFacts({ revision: 2 }) })
  play.actor.send({ type: 'logout' })
  play.script.settle('clearCredentials', undefined)
  await play.rest()
  const { entries, renewals } = log.getState()
  expect(entries.map(({ type }) => type)).toEqual(['session.ended', 'session.renewed'])
  expect(entries[0]).toMatchObject({ at: 7, text: 'Ended: logout' })
  expect(renewals).toBe(1)
  expect(heard).toEqual([1, 2])
})

it('stays short however much happens', async () => {
  const play = await signedInSession()
  const log = createEventLog({ on: listenTo(play) })
  for (let revision = 2; revision < 200; revision += 1)
    play.actor.send({ type: 'sibling.renewed', facts: someFacts({ revision }) })
  expect(log.getState().entries).toHaveLength(60)
  expect(log.getState().renewals).toBe(198)
})
