import { fromPromise } from 'xstate'
import { SessionError } from '../../machines/errors.ts'
import type { CredentialFacts } from '../../machines/facts.ts'
import type { RenewalPortInput, renewalPorts } from '../../machines/renewal/ports.ts'
import type { RenewalEvent } from '../../machines/renewal/types.ts'
import { all, onOnline, onResumed } from '../browser/conditions.ts'
import { shares, type Lease } from '../browser/turns.ts'
import type { TokenAnswer } from '../credentials/facts.ts'
import type { Services } from '../services.ts'
import { isSameWrite } from '../vault/stamp.ts'
import type { VaultEntry } from '../vault/types.ts'
import type { Implements } from './implements.ts'
import { fromListener } from './listener.ts'

/** `renewal`'s ports on the real services. */
export function renewalActors({
  provider,
  keeper,
  turns,
  platform,
  settings,
}: Services): Implements<typeof renewalPorts> {
  let lease: Lease | null = null
  /** The last answer, by the write whose refresh token it cost; `written`: it is in the vault, or had no place there. */
  const answers = new Map<string, { readonly answer: TokenAnswer; readonly spent: VaultEntry } | 'written'>()
  const keyOf = ({ generation, revision }: CredentialFacts): string => `${generation}/${revision}`

  /** When the vault was last looked at by this tab in its turn, and how long that is believed in: a holder that lives is not silent for longer; ms. */
  let lookedAt = -Infinity
  const longestLook = settings.policy.renewal.turnPatience * shares.answer

  /** An answer that came, and that nobody has begun to write. */
  let unwritten: CredentialFacts | null = null

  const commit = async (facts: CredentialFacts, turn: Lease | null): ReturnType<typeof keeper.commit> => {
    const kept = answers.get(keyOf(facts))
    // A refresh token is never spent twice, also when this tab was told of an older state of the vault.
    if (kept === 'written') return { outcome: 'discarded' }
    if (kept === undefined) throw new SessionError('unexpected', 'There is no answer to write.')
    const outcome = await keeper.commit(facts, kept.answer, kept.spent)
    answers.set(keyOf(facts), 'written')
    // The turn is kept, so that no other tab spends the refresh token that the vault still holds.
    if (outcome.outcome === 'unsaved') turn?.keep(keeper.untilSaved())
    return outcome
  }
  const write = (facts: CredentialFacts, turn: Lease | null): ReturnType<typeof keeper.commit> => {
    unwritten = null
    const work = commit(facts, turn)
    turn?.hold(work)
    return work
  }
  const ask = async (facts: CredentialFacts, turn: Lease | null, signal: AbortSignal): Promise<void> => {
    const entry = keeper.current()
    if (entry === null || !isSameWrite(entry.facts, facts))
      throw new SessionError('session_ended', 'The session ended before it was renewed.')
    const answer = await provider.renew(entry, () => {
      // Discovery took long, or this page stood still: another tab may have overruled it and spent the same meanwhile.
      if (!signal.aborted && Math.abs(platform.clock.now() - lookedAt) < longestLook) return
      throw new SessionError(
        'timeout',
        'It took too long until the renewal could be sent; the vault is looked at again first.',
      )
    })
    answers.clear()
    answers.set(keyOf(facts), { answer, spent: entry })
    // Nobody waits for it any more, or the chart broke: the refresh token is spent all the same, so the answer is written from here.
    if (signal.aborted || lease !== turn) await write(facts, turn)
    else unwritten = facts
  }

  return {
    watchConditions: fromListener<RenewalEvent, RenewalPortInput>(({ sendBack }) =>
      all([
        onOnline(platform, () => sendBack({ type: 'network.online' })),
        onResumed(platform, () => sendBack({ type: 'page.resumed' })),
        keeper.listen((news) => {
          if (news.type === 'sibling.renewed') sendBack(news)
        }),
      ]),
    ),

    holdTurn: fromListener<RenewalEvent, RenewalPortInput>(({ sendBack }) => {
      let mine: Lease | null = null
      let isOver = false
      const ask = (): void => {
        if (isOver) return
        lease = mine = turns.ask(settings.policy.renewal.turnPatience, {
          granted: () => sendBack({ type: 'turn.granted' }),
          refused: () => sendBack({ type: 'turn.refused' }),
        })
      }
      // No other tab shall wait for code of this one. Where it cannot be loaded, another one may have renewed all the same.
      const loading = provider.prepare?.() ?? null
      if (loading === null) ask()
      else void loading.then(ask, ask)
      return () => {
        isOver = true
        // Left between the answer and its writing: it is written before the turn goes on.
        if (unwritten !== null) keeper.hold(write(unwritten, mine))
        if (lease === mine) lease = null
        mine?.letGo()
      }
    }),

    recheckVault: fromPromise(({ input, signal }) => {
      lookedAt = platform.clock.now()
      return keeper.recheck(input.facts, signal)
    }),

    requestTokens: fromPromise(async ({ input: { facts }, signal }) => {
      if (answers.has(keyOf(facts))) return
      const work = ask(facts, lease, signal)
      lease?.hold(work)
      keeper.hold(work)
      await work
    }),

    confirmVerdict: fromPromise(({ input, signal }) => keeper.confirm(input.facts, input.problem, signal)),

    commitTokens: fromPromise(({ input: { facts } }) => write(facts, lease)),
  }
}
