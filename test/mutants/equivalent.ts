/** Mutants on which nothing that anyone could notice differs, each with the reason. At most one in twenty may be here. */
export interface Equivalents {
  readonly because: string
  /** Ids, as `npm run chart:mutants` prints them. */
  readonly mutants: readonly string[]
}

export const equivalents: readonly Equivalents[] = [
  {
    because: 'Both guards ask what the outcome of one service is, and it has one: never both hold, in whatever order.',
    mutants: [
      'session.checkingStorage.looking restoreSession done: 2 and 3 reordered',
      'session.checkingStorage.looking restoreSession done: 4 and 5 reordered',
      'session.checkingStorage.looking restoreSession done: 5 and 6 reordered',
      'session.active.access.refreshing renewal done: 2 and 3 reordered',
      'session.active.access.refreshing renewal done: 3 and 4 reordered',
      'session.active.access.refreshing renewal done: 4 and 5 reordered',
      'renewal.takingTurn.rechecking recheckVault done: 1 and 2 reordered',
      'renewal.takingTurn.confirming confirmVerdict done: 1 and 2 reordered',
      'renewal.takingTurn.committing commitTokens done: 1 and 2 reordered',
    ],
  },
  {
    because: 'Both guards look at the code of one error, and no verdict of the provider is called offline.',
    mutants: ['renewal.takingTurn.requesting requestTokens failed: 1 and 2 reordered'],
  },
  {
    because: 'The first is about the same person, the second about another.',
    mutants: ['session.active sibling.loggedIn: 1 and 2 reordered'],
  },
  {
    because: 'The first wants an empty queue, the second something refused in it.',
    mutants: [
      'account.metadata.ready notes.changed: 1 and 2 reordered',
      'account.metadata.waiting notes.changed: 1 and 2 reordered',
      'account.metadata.unsaved notes.changed: 1 and 2 reordered',
    ],
  },
  {
    because:
      'What has expired and can be renewed is taken by the first alternative: whoever comes to the second has no refresh token, and what cannot be renewed is never due.',
    mutants: [
      'session.active.access.authenticated page.resumed: 2 and 3 reordered',
      'session.active.access.authenticated untilDue: 2 and 3 reordered',
      'session.active.access.unsaved untilDue: 2 and 3 reordered',
    ],
  },
  {
    because: 'Every way in names the step within; a first one has to be named all the same.',
    mutants: [
      'session.authenticating initial: inPopup for redirecting',
      'session.active.access.refreshing initial: late for early',
    ],
  },
  {
    because: 'It leads into another state, which is entered in any case; what it shares with others asks for more.',
    mutants: [
      'session.active.limits.warned credentials.replaced: no re-entry',
      'session.active.access.recovering sibling.renewed: no re-entry',
    ],
  },
]
