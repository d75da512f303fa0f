import type { Person, WorldStep } from './steps.ts'

/** Who sits at a tab, or why nobody does. */
export interface Seat {
  readonly person: Person | null
  readonly why: 'never' | 'logout' | 'revoked' | 'subject_changed' | null
}

const out = (why: NonNullable<Seat['why']>): Seat => ({ person: null, why })
const taken = (person: Person): Seat => ({ person, why: null })

/** Who should be signed in where, as a person would tell it: knows nothing of charts, tokens and messages. */
export class Model {
  /** Whose session this browser keeps, and how the last one ended. */
  kept: Seat = out('never')
  seats: Seat[] = []
  /** What the person of the kept session typed in it last, by key: all of it is there in the end. */
  typed = new Map<string, number>()

  take(step: WorldStep): void {
    if (step.do === 'open') this.seats.push(this.kept)
    if (!('tab' in step)) return
    const seat = this.seats[step.tab]
    if (seat === undefined) return
    switch (step.do) {
      case 'close':
        this.seats.splice(step.tab, 1)
        return
      case 'reload':
      case 'failLogin':
        // Whoever was put out by another person sees that one now.
        this.seats[step.tab] = this.kept
        return
      case 'login':
        return this.#signIn(step.person, step.tab)
      case 'stepUp':
        // Somebody else is refused.
        if (seat.person === step.person) this.#signIn(step.person, step.tab)
        return
      case 'logout':
        if (seat.person !== null) this.end('logout')
        return
      case 'logoutAndClose':
        if (seat.person !== null) this.end('logout')
        this.seats.splice(step.tab, 1)
        return
      case 'type':
        if (seat.person !== null) this.typed.set(step.key, step.value)
        return
      default:
      // Who is in does not depend on it.
    }
  }

  /** In all tabs; nobody knows what becomes of what was not saved. */
  end(why: 'logout' | 'revoked'): void {
    this.kept = out(why)
    this.seats = this.seats.map((seat) => (seat.person === null ? seat : this.kept))
    this.typed.clear()
  }

  #signIn(person: Person, tab: number): void {
    if (this.kept.person !== person) this.typed.clear()
    this.kept = taken(person)
    // Tabs where nobody is follow, and nobody sees the session of another person.
    this.seats = this.seats.map((seat, place) =>
      place === tab || seat.person === null || seat.person === person ? this.kept : out('subject_changed'),
    )
  }
}
