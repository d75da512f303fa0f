import type { Session } from '../../../services/index.ts'
import { openTab, type Profile, type Tab } from '../../support/tab.ts'

/** ms after the start of the wall clock at which all is well, as `times.fresh` has it. */
export const freshAt = 1_000

/** A tab whose clock, timers and hearing are a driver's. */
export interface Stage extends Tab {
  /** ms since the start, on the wall clock. */
  now: number
  /** Whether what other tabs tell gets through; where it does not, the browser has lost it. */
  isHearing: boolean
  /** The timers of these charts can be told by name. */
  follow(system: ActorSystem): void
  /** Lets one wait of a chart end now, by the event that it raises. */
  endWait(event: string): void
  /** Is there a timer of the services of this length, ms? */
  hasTimer(ms: number): boolean
  /** Lets it run out now. */
  ring(ms: number): void
}

type ActorSystem = Session['actor']['system']

interface Wait {
  readonly ms: number
  readonly name: string | undefined
  fire(): void
}

/** `start`: epoch ms. */
export function openStage(origin: string, profile: Profile, start: number): Stage {
  const tab = openTab({ origin, profile })
  const waits = new Map<number, Wait>()
  /** XState's own names of its waits that have a timer here. */
  const known = new Map<number, string>()
  let last = 0
  let system: ActorSystem | undefined

  /** XState notes what it waits for right before it sets the timer. */
  const lastNoted = (): readonly [string, string] | undefined => {
    const scheduled = system?.getSnapshot()._scheduledEvents ?? {}
    const noted = Object.entries(scheduled).find(([id]) => ![...known.values()].includes(id))
    return noted && [noted[0], noted[1].event.type]
  }
  const remove = (id: number): Wait | undefined => {
    const wait = waits.get(id)
    waits.delete(id)
    known.delete(id)
    return wait
  }
  const fireWhere = (isMeant: (wait: Wait) => boolean, what: string): void => {
    const found = [...waits].find(([, wait]) => isMeant(wait))
    if (found === undefined) {
      const all = [...waits.values()].map(({ name, ms }) => name ?? `${ms} ms`)
      throw new Error(`Nothing waits for ${what}, but for: ${all.join(', ') || 'nothing'}.`)
    }
    remove(found[0])?.fire()
  }

  const isOfServices =
    (length: number) =>
    ({ name, ms }: Wait): boolean =>
      name === undefined && ms === length

  const { openChannel } = tab
  const stage: Stage = Object.assign(tab, {
    now: freshAt,
    isHearing: false,
    clock: { now: () => start + stage.now, chance: () => 0.5 },
    timers: {
      setTimeout: (fire: () => void, ms: number) => {
        last += 1
        const noted = lastNoted()
        if (noted !== undefined) known.set(last, noted[0])
        waits.set(last, { fire, ms, name: noted?.[1] })
        return last
      },
      // No other ids are given out above.
      clearTimeout: (id: unknown) => void remove(id as number),
    },
    openChannel: (name: string) => {
      const channel = openChannel(name)
      if (channel === null) return null
      const listen: typeof channel.listen = (listener) =>
        channel.listen((message) => {
          if (stage.isHearing || !isNews(message)) listener(message)
        })
      return { ...channel, listen }
    },
    follow: (charts: ActorSystem) => void (system = charts),
    endWait: (event: string) => fireWhere(({ name }) => name === event, event),
    hasTimer: (length: number) => [...waits.values()].some(isOfServices(length)),
    ring: (length: number) => fireWhere(isOfServices(length), `${length} ms`),
  })
  return stage
}

/** Only what tells of changes is held back: tabs that cannot hear each other at all take turns from each other. */
const isNews = (message: unknown): boolean =>
  typeof message === 'object' &&
  message !== null &&
  'kind' in message &&
  ['look', 'notes', 'active'].includes(String(message.kind))
