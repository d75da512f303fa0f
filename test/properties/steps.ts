import fc from 'fast-check'
import type { Mood } from '../interleaving/provider.ts'

/** One thing that people, the network or the provider do to a browser full of tabs, as plain data. Tabs by their place; times in ms. */
export type WorldStep = StepAround | StepInTab

export type StepAround =
  | { readonly do: 'open' }
  | { readonly do: 'provider'; readonly is: Mood }
  | { readonly do: 'api'; readonly is: 'well' | 'away' }
  /** The provider ends every session that it has. */
  | { readonly do: 'revoke' }
  /** Time goes by, or all tabs stand still for as long. */
  | { readonly do: 'pass' | 'sleep'; readonly ms: number }

export type StepInTab =
  /** What is on its way in a tab that is closed or reloaded reaches nobody. */
  | { readonly do: 'close' | 'reload' | 'logout' | 'offline' | 'online' | 'look' | 'need'; readonly tab: number }
  /** A logout, and the page is closed in the same moment. */
  | { readonly do: 'logoutAndClose'; readonly tab: number }
  | { readonly do: 'login' | 'stepUp'; readonly tab: number; readonly person: Person }
  | { readonly do: 'failLogin' | 'failStepUp'; readonly tab: number; readonly code: 'popup_closed' | 'login_denied' }
  /** The person changes a detail in their metadata. */
  | { readonly do: 'type'; readonly tab: number; readonly key: 'city' | 'country'; readonly value: number }

export type Person = 'alice' | 'bob'

const tab = fc.constantFrom(0, 0, 0, 1, 1, 2)
const person = fc.constantFrom<Person>('alice', 'alice', 'bob')
const code = fc.constantFrom('popup_closed' as const, 'login_denied' as const)
const is = <T extends string>(...words: T[]) => fc.constantFrom(...words)

/** The simplest things first: a story shrinks towards them. */
const step: fc.Arbitrary<WorldStep> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: is('pass'), ms: fc.constantFrom(1_000, 20_000, 80_000, 101_000, 400_000) }) },
  { weight: 4, arbitrary: fc.record({ do: is('login'), tab, person }) },
  { weight: 3, arbitrary: fc.record({ do: is('logout', 'look', 'need'), tab }) },
  { weight: 3, arbitrary: fc.constant({ do: 'open' as const }) },
  { weight: 4, arbitrary: fc.record({ do: is('reload', 'close', 'logoutAndClose', 'offline', 'online'), tab }) },
  { weight: 3, arbitrary: fc.record({ do: is('provider'), is: is<Mood>('well', 'busy', 'slow', 'losing') }) },
  { weight: 1, arbitrary: fc.record({ do: is('failLogin', 'failStepUp'), tab, code }) },
  { weight: 2, arbitrary: fc.record({ do: is('stepUp'), tab, person }) },
  { weight: 2, arbitrary: fc.record({ do: is('type'), tab, key: is('city', 'country'), value: fc.nat(99) }) },
  { weight: 1, arbitrary: fc.record({ do: is('api'), is: is('well', 'away') }) },
  { weight: 1, arbitrary: fc.constant({ do: 'revoke' as const }) },
  { weight: 1, arbitrary: fc.record({ do: is('sleep'), ms: fc.constantFrom(60_000, 8 * 3_600_000) }) },
)

export const lives = (most: number): fc.Arbitrary<WorldStep[]> => fc.array(step, { maxLength: most, size: 'max' })
