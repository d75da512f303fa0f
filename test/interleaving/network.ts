import { SessionError } from '../../machines/errors.ts'
import type { TokenAnswer } from '../../services/credentials/facts.ts'
import type { SteppingClock } from '../../services/memory/index.ts'
import type { Gate } from './gate.ts'
import type { RotatingProvider } from './provider.ts'

/** ms to a slow provider, and the same back; longer than the patience of whoever waits, shorter than that of the request. */
const slowness = 12_000

interface Request {
  readonly gate: Gate
  readonly at: number
}

/** The way to the provider. */
export class Network {
  /** Tabs without network. */
  readonly offline = new Set<Gate>()
  /** Refresh tokens that were rotated in an answer that no tab got. */
  readonly lost = new Set<string>()
  readonly #sent = new Map<string, Set<Gate>>()
  readonly #underWay = new Set<Request>()
  readonly #provider: RotatingProvider
  readonly #clock: SteppingClock
  readonly #onSend: (token: string, gate: Gate) => void

  constructor(provider: RotatingProvider, clock: SteppingClock, onSend: (token: string, gate: Gate) => void) {
    this.#provider = provider
    this.#clock = clock
    this.#onSend = onSend
  }

  async renew(token: string, gate: Gate): Promise<TokenAnswer> {
    if (this.offline.has(gate)) throw new SessionError('offline', 'This device is offline.')
    const request: Request = { gate, at: this.#clock.now() }
    this.#underWay.add(request)
    this.#onSend(token, gate)
    this.#sent.set(token, (this.#sent.get(token) ?? new Set()).add(gate))
    try {
      // What was sent arrives, also when its tab is frozen or closed meanwhile.
      await gate.travel('request on its way')
      const { mood } = this.#provider
      if (mood === 'slow') await this.#pause()
      const answer = mood === 'busy' ? busy : this.#ask(token, gate)
      if (mood === 'slow') await this.#pause()
      await gate.travel('answer on its way')
      const isLost = mood === 'losing' || this.offline.has(gate)
      if (isLost && answer.isNew) this.lost.add(token)
      await gate.pass('answer')
      if (isLost) throw new SessionError('network', 'The connection was cut.')
      return answer.read()
    } finally {
      this.#underWay.delete(request)
    }
  }

  /** Has this tab ever sent this refresh token? */
  hasSent(token: string, gate: Gate): boolean {
    return this.#sent.get(token)?.has(gate) ?? false
  }

  /** Has this tab waited longer than `ms` for an answer? */
  hasWaited(gate: Gate, ms: number): boolean {
    return [...this.#underWay].some((request) => request.gate === gate && this.#clock.now() - request.at >= ms)
  }

  /** Does it now; the answer is read later. */
  #ask(token: string, gate: Gate): Answer {
    try {
      const answer = this.#provider.renew(token, gate.tab)
      return { isNew: true, read: () => answer }
    } catch (error) {
      return refused(error as Error)
    }
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => void this.#clock.setTimeout(resolve, slowness))
  }
}

interface Answer {
  /** It holds new tokens. */
  readonly isNew: boolean
  read(): TokenAnswer
}

const refused = (error: Error): Answer => ({
  isNew: false,
  read: () => {
    throw error
  },
})
const busy = refused(new SessionError('provider_unavailable', 'The provider answered 503.'))
