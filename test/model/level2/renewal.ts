import type { Problem } from '../../../machines/errors.ts'
import type { RenewalContext, RenewalOutcome } from '../../../machines/renewal/types.ts'
import { selectFacts } from '../../../services/index.ts'
import type { Forces } from './driver.ts'
import type { Play } from './types.ts'
import { keepSession } from './keeping.ts'
import { renewalProofs } from './proofs.ts'
import { waitFor } from './waiting.ts'

type Outcome = { readonly outcome: RenewalOutcome['outcome'] | 'same' }

/** What another tab has to do for such an outcome. */
async function moveOn({ browser, session }: Play, { outcome }: Outcome): Promise<void> {
  if (outcome === 'adopted') await browser.renew(selectFacts(session.getSnapshot())?.revision ?? 0)
  if (outcome === 'discarded') await browser.logIn('alice')
}

function refuse(refusal: 'reading' | 'writing') {
  return (play: Play): (() => void) => {
    play.refuse(refusal)
    return () => play.refuse(null)
  }
}

/** Of the time that a tab waits for its turn, ms: when it asks the tab that has it. */
const asksAfter = 7_500

/** Another tab has the turn, and says so when it is asked. */
async function beTurnedAway({ browser, gates, stage, steps }: Play): Promise<void> {
  const holder = await browser.another({ locks: browser.profile.locks, isHeld: (port) => port === 'recheckVault' })
  const renewed = holder.session.getAccessToken({ forceRenewal: true }).catch(() => {})
  await holder.gates.visit('recheckVault')
  await gates.pass('holdTurn')
  await waitFor(
    () => stage.hasTimer(asksAfter),
    'this tab to have loaded what a renewal takes, and to wait for its turn',
  )
  stage.ring(asksAfter)
  await waitFor(() => steps['renewal']?.at(-1)?.event === 'turn.refused', 'the holder of the turn to answer')
  await holder.session.dispose()
  await renewed
}

/** Another tab took this one for dead. */
async function loseTurn({ browser }: Play): Promise<void> {
  await browser.profile.locks?.request(`sessionchart|${browser.scope}`, { steal: true }, async () => {})
}

/** A session that has just begun to renew. */
export async function beginRenewal(play: Play): Promise<void> {
  await keepSession(play)
  play.session.send({ type: 'token.required' })
  await play.gates.visit('holdTurn')
}

export const renewalForces: Forces = {
  done: {
    recheckVault: moveOn,
    confirmVerdict: moveOn,
    async commitTokens(play: Play, result: Outcome) {
      await moveOn(play, result)
      return result.outcome === 'unsaved' ? refuse('writing')(play) : undefined
    },
  },
  failed: {
    recheckVault: refuse('reading'),
    confirmVerdict: refuse('writing'),
    requestTokens({ provider, stage }: Play, { code, retryAfter = 0 }: Problem) {
      if (code === 'invalid_grant') provider.faults.add({ endpoint: 'token', kind: 'invalid_grant' })
      else if (code === 'provider_unavailable')
        provider.faults.add({ endpoint: 'token', kind: 'status', status: 503, retryAfter: retryAfter / 1000 })
      else provider.faults.add({ endpoint: 'token', kind: 'drop', partial: true })
      stage.online = code !== 'offline'
      return () => void (stage.online = true)
    },
  },
  events: {
    'turn.granted': async ({ gates }: Play) => void (await gates.pass('holdTurn')),
    'turn.refused': async (play: Play) => (play.gates.isWaiting('holdTurn') ? beTurnedAway(play) : loseTurn(play)),
    async 'sibling.renewed'(play: Play) {
      play.stage.isHearing = true
      await moveOn(play, { outcome: 'adopted' })
    },
    'network.online': ({ stage }: Play) => stage.fire('online'),
    'page.resumed': ({ stage }: Play) => stage.fire('focus'),
  },
  proofs: renewalProofs,
  remembered: ({ attempts, problem, notBefore, result }: RenewalContext) => ({
    attempts,
    problem: problem?.code ?? null,
    hasToWait: notBefore > 0,
    outcome: result?.outcome ?? null,
  }),
  withheld: ['recheckVault'],
}
