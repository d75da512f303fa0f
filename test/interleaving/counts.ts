/** How often the schedules came to what they are there for. */
export class Counts {
  schedules = 0
  /** Messages, locks, answers of the database and the provider that the scheduler let through. */
  steps = 0
  logins = 0
  logouts = 0
  renewals = 0
  kills = 0
  freezes = 0
  /** Schedules in which a holder of the turn was asked whether it lives. */
  asked = 0
  /** … and answered. */
  answered = 0
  /** … in which a turn was taken from a silent holder. */
  overruled = 0
  /** … in which a refresh token was spent twice because its tab was closed in the middle of a renewal; */
  reusedAfterKill = 0
  /** because its tab was overruled; */
  reusedAfterSilence = 0
  /** because the answer was lost on its way. */
  reusedAfterLoss = 0
  /** … in which the session was lost by one of these three. */
  sessionsLost = 0

  add(other: Counts): void {
    for (const name of names(other)) this[name] += other[name]
  }

  /** For people. */
  inWords(): string {
    return names(this)
      .map(
        (name) =>
          `${this[name].toLocaleString('en')} ${name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)}`,
      )
      .join(', ')
  }
}

type Name = { [K in keyof Counts]: Counts[K] extends number ? K : never }[keyof Counts]

/** All of its fields are counts. */
export const names = (counts: Counts): Name[] => Object.keys(counts) as Name[]
