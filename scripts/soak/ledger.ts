import { createHash } from 'node:crypto'
import type { LocalProvider } from '../../idp/index.ts'
import type { Report } from './watch.ts'

/** As the pages name refresh tokens. */
const nameOf = (token: string): string => createHash('sha256').update(token).digest('hex').slice(0, 16)

/** A tab that was killed with an answer in hand has this long to write it, ms; a write takes some 10. */
const writeTime = 500

type Line = Report & { readonly tab: string; readonly at: number }

/** Whether a lost session could have been kept. */
export interface Verdict {
  /** `unreached`: its last tokens reached no tab. `inHand`: they reached one that was killed before it could write them. */
  readonly kind: 'unreached' | 'inHand' | 'lost'
  readonly why: string
}

/** What the tabs told about their renewals, beside what the provider issued. Times are `performance.now()` of this process. */
export class Ledger {
  readonly #provider: LocalProvider
  #lines: Line[] = []
  readonly #killed = new Map<string, number>()
  #issuedBefore = 0

  constructor(provider: LocalProvider) {
    this.#provider = provider
  }

  note(tab: string, report: Report): void {
    this.#lines.push({ ...report, tab, at: performance.now() })
  }

  /** This tab is killed from now on. */
  noteKill(tab: string): void {
    this.#killed.set(tab, performance.now())
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
    if (received.length === 0) return { kind: 'unreached', why: `the answer with ${name} reached no tab` }
    const isInHand = ({ tab, at }: Line): boolean => {
      const killed = this.#killed.get(tab)
      const hasWritten = this.#lines.some((line) => line.what === 'written' && line.tab === tab && line.at >= at)
      return killed !== undefined && killed - at < writeTime && !hasWritten
    }
    if (received.every(isInHand))
      return { kind: 'inHand', why: `the answer with ${name} reached a tab that was killed before it had written it` }
    return { kind: 'lost', why: `the answer with ${name} reached ${received.map(({ tab }) => tab).join(', ')}` }
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
