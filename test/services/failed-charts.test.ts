import { createActor } from 'xstate'
import { expect, it, vi } from 'vitest'
import { renewalMachine } from '../../machines/index.ts'
import { renewalActors } from '../../services/actors/renewal.ts'
import { comeToRest, someFacts, testNow, testPolicy } from '../../services/memory/index.ts'
import type { Services } from '../../services/services.ts'

it('P10 P22 a renewal that fails in an unforeseen way gives its turn back, and hears nothing any more', async () => {
  const [letGo, stopHearing, failed] = [vi.fn<() => void>(), vi.fn<() => void>(), vi.fn<() => void>()]
  const clock = { now: () => testNow, chance: () => 0.5 }
  const services = {
    turns: { ask: () => ({ hold: () => {}, keep: () => {}, letGo }), settled: () => Promise.resolve() },
    platform: { clock, listen: () => stopHearing },
    provider: {},
    // No outcome that a guard could look at.
    keeper: { listen: () => stopHearing, recheck: () => Promise.resolve(undefined) },
    settings: { policy: testPolicy },
  }
  // As much of them as this takes.
  const machine = renewalMachine.provide({ actors: renewalActors(services as unknown as Services) })
  const input = { facts: someFacts(), clock, policy: testPolicy.renewal }
  const actor = createActor(machine, { input })
  actor.subscribe({ error: failed })
  actor.start()
  actor.send({ type: 'turn.granted' })
  expect(letGo).not.toHaveBeenCalled()
  await comeToRest()
  expect(failed).toHaveBeenCalledOnce()
  expect(letGo).toHaveBeenCalledOnce()
  // Online, three ways to come back, `resume` and the keeper.
  expect(stopHearing).toHaveBeenCalledTimes(6)
})
