import { createHash } from 'node:crypto'
import type { IssuedToken, RequestLog } from '../../idp/index.ts'
import type { Report } from './watch.ts'

/** As the pages name refresh tokens. */
const nameOf = (token: string): string => createHash('sha256').update(token).digest('hex').slice(0, 16)

/** A tab that was killed with an answer in hand has this long to write it, ms; a write takes some 10. */
const writeTime = 500

type Line = Report & { readonly tab: string; readonly at: number }

/** Whether a lost session could have been kept. */
export interface Verdict {
  /**
   * `unreached`: its last tokens reached no tab, for a fault, a kill or an offline spell had cut the answer. `inHand`: they reached a
   * tab that was killed before it could write them. Anything else is `lost`.
   */
  readonly kind: 'unreached' | 'inHand' | 'lost'
  readonly why: string
}

/** What is looked at of the provider. */
interface Seen {
  issuedTokens(): IssuedToken[]
  readonly requests: Pick<RequestLog, 'list'>
}

/** What the tabs told about their renewals, beside what the provider issued. Times are `performance.now()` of this process. */
export class Ledger {
  readonly #provider: Seen
  #lines: Line[] = []
  readonly #killed = new Map<string, number>()
  readonly #offline: { readonly from: number; until: number }[] = []
  #issuedBefore = 0

  constructor(provider: Seen) {
    this.#provider = provider
  }

  note(tab: string, report: Report): void {
    this.#lines.push({ ...report, tab, at: performance.now() })
  }

  /** This tab is killed from now on. */
  noteKill(tab: string): void {
    this.#killed.set(tab, performance.now())
  }

  /** The network is away until what is returned is called. */
  noteOffline(): () => void {
    const spell = { from: performance.now(), until: Infinity }
    this.#offline.push(spell)
    return () => {
      spell.until = performance.now()
    }
  }

  /** What comes from now on belongs to another login. */
  begin(): void {
    this.#issuedBefore = this.#refreshTokens().length
    this.#lines = []
  }

  #refreshTokens(): string[] {
    return this.#provider.issuedTokens().flatMap(({ kind, value }) => (kind === 'refresh_token' ? [value] : []))
  }

  /**
   * Of a session that has just ended. Only the last tokens that the provider made can have cost it: whoever spent the refresh
   * token before them had got all the earlier ones.
   */
  judge(): Verdict {
    const issued = this.#refreshTokens().slice(this.#issuedBefore)
    const last = issued.at(-1)
    if (last === undefined) return { kind: 'lost', why: 'the provider had issued nothing' }
    const name = nameOf(last)
    const received = this.#lines.filter((line) => line.what === 'received' && line.got === name)
    if (received.length === 0) {
      const cut = this.#whatCutTheLast()
      if (cut === null) return { kind: 'lost', why: `the answer with ${name} reached no tab, and nothing had cut it` }
      return { kind: 'unreached', why: `the answer with ${name} reached no tab: ${cut}` }
    }
    const isInHand = ({ tab, at }: Line): boolean => {
      const killed = this.#killed.get(tab)
      const hasWritten = this.#lines.some((line) => line.what === 'written' && line.tab === tab && line.at >= at)
      return killed !== undefined && killed - at < writeTime && !hasWritten
    }
    if (received.every(isInHand))
      return { kind: 'inHand', why: `the answer with ${name} reached a tab that was killed before it had written it` }
    return { kind: 'lost', why: `the answer with ${name} reached ${received.map(({ tab }) => tab).join(', ')}` }
  }

  /** What kept the last answer that rotated from the tab that waited for it; `null`: nothing that the soak did. */
  #whatCutTheLast(): string | null {
    const rotated = this.#provider.requests.list({ endpoint: 'token', rotated: true }).at(-1)
    const { fault } = rotated ?? {}
    // Those that only hold an answer back do not keep it from anyone.
    if (rotated?.answered === false && fault !== undefined && fault !== 'delay' && fault !== 'hang') return fault
    const refused = this.#lines.findLast((line) => line.what === 'failed' && line.status === 400)
    if (refused?.what !== 'failed') return null
    for (const line of this.#lines) {
      if (line.what !== 'sent' || line.spent !== refused.spent || line.at >= refused.at) continue
      const { tab, at, spent } = line
      const isEnd = (other: Line): boolean => other.what === 'failed' && other.spent === spent && other.at >= at
      const until = this.#lines.find((other) => other.tab === tab && isEnd(other))?.at ?? refused.at
      const killed = this.#killed.get(tab)
      if (killed !== undefined && killed <= until) return `${tab} was killed while it waited`
      if (this.#offline.some((spell) => spell.from <= until && spell.until >= at)) return `${tab} was offline`
    }
    return null
  }

  /** What the tabs told last, for whoever looks into a loss. */
  tail(count: number): string {
    const about = (line: Line): string => {
      if (line.what === 'written') return ''
      return ` ${line.spent}${line.what === 'received' ? `, got ${line.got}` : line.what === 'failed' ? `: ${line.status}` : ''}`
    }
    return this.#lines
      .slice(-count)
      .map((line) => `${Math.round(line.at)} ${line.tab} ${line.what}${about(line)}`)
      .join('; ')
  }
}
