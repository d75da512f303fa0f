import { selectFacts, selectSignedOutReason, selectStatus } from '../../machines/index.ts'
import type { World } from './world.ts'

/** The design's invariants (P10 to P13), on a world that has come to rest. */
export function faultsOf(world: World): string[] {
  const faults = [...world.complaints]
  for (const { token, first, second } of world.provider.reuses) {
    // The answer with the next one reached nobody who could still write it: then whoever comes next cannot but try.
    const why = world.network.lost.has(token) ? 'reusedAfterLoss' : world.excuses.get(token)
    if (why === undefined) faults.push(`${second} spent ${token}, which ${first} had spent`)
    else world.counts[why] = 1
  }

  const kept = world.database.login
  const isKept = kept?.generation != null
  if (world.expected === 'in' && !isKept) {
    const { endOfLast } = world.provider
    const isExcused = endOfLast !== null && (world.network.lost.has(endOfLast) || world.excuses.has(endOfLast))
    if (isExcused) world.counts.sessionsLost = 1
    else faults.push('someone who should be in is left out')
  }
  if (world.expected === 'out' && (isKept || world.tabs.some(({ session }) => session.hasValid())))
    faults.push('there is a token after a logout')

  for (const tab of world.tabs) {
    const snapshot = tab.session.getSnapshot()
    const status = selectStatus(snapshot)
    const facts = selectFacts(snapshot)
    const reason = selectSignedOutReason(snapshot)
    if (!['signedIn', 'signedOut'].includes(status)) {
      const renewal = snapshot.children.renewal?.getSnapshot()
      const where = [snapshot.value, renewal?.value, renewal?.context.problem].map((part) => JSON.stringify(part))
      faults.push(`${tab.name} is stuck: ${where.join(' ')}`)
    }
    if (status === 'signedIn' && (facts?.generation !== kept?.generation || facts?.revision !== kept?.revision)) {
      faults.push(
        `${tab.name} has ${facts?.generation}/${facts?.revision}, the vault ${kept?.generation}/${kept?.revision}`,
      )
    }
    if (status === 'signedIn' && !tab.session.hasValid() && (facts?.expiresAt ?? 0) > world.clock.now())
      faults.push(`${tab.name} is in and has no token`)
    if (status === 'signedOut' && isKept && reason !== 'subject_changed')
      faults.push(`${tab.name} is out, and the vault holds a session`)
    if (status === 'signedOut' && tab.session.hasValid()) faults.push(`${tab.name} is out and has a token`)
  }
  if (world.locks.holder !== null) faults.push('a turn is held by nobody who needs it')
  return faults.length === 0 ? [] : [...faults, ...world.told.filter((told) => !/profile|metadata/.test(told))]
}
