/** Why the covering set of all paths does not take some transitions of the session chart in Chromium. */
export interface Reason {
  /** Ids of transitions, as in `catalogueOf`; each belongs to one reason. */
  readonly transitions: RegExp
  /** One sentence. */
  readonly because: string
}

/** Level 1 takes all of these on the real chart. */
export const reasons: readonly Reason[] = [
  {
    transitions: /error\.actor\.watch(?:Siblings|Page|Activity)/,
    because: 'A watch fails only in a browser without the events that it listens to, and Chromium has them.',
  },
  {
    transitions:
      /^session\.checkingStorage(?: (?:sibling|logout)|\.looking xstate\.(?:error|after))|untilStorageTimeout\.session\.active|(?:clearing|remarking) (?:xstate\.error|xstate\.after)/,
    because:
      'Chromium’s storage answers within milliseconds; nothing that a person or another tab does can be made to fall into them.',
  },
  {
    transitions: /done\.actor\.restoreSession\[0\]|done\.actor\.renewal\[(?:2|5)\]|saveCredentials\[1\]/,
    because:
      'What another tab did is always heard of before the storage is read again, unless a tab was frozen (test/browser-alone/tabs-for-real.test.ts).',
  },
  {
    transitions: /^session\.checkingStorage\.found always\[3\]/,
    because: 'No world has both silent login and sessions that cannot be renewed.',
  },
  {
    transitions:
      /^session\.askingProvider (?:login|logout)|^session\.authenticating logout|^session\.ending logout|^session\.ending\.(?:clearing|revoking) logout|remarking xstate\.done/,
    because: 'The demo has no button for this while it looks for a session, leaves for a login or ends.',
  },
  {
    transitions:
      /^session\.(?:askingProvider|ending) sibling\.loggedIn|finished always\[0\]|authenticating\.completing xstate\.done\.actor\.completeLogin\[0\]$/,
    because: 'These states last only while the provider says nothing, and then no other tab can log in either.',
  },
  {
    transitions: /page\.restored/,
    because:
      'Playwright throws pages away that are left; tests with a lifelike browser take them out of the back-forward cache (test/browser/logout.test.ts).',
  },
  {
    transitions:
      /untilRedirectTimeout|authenticating\.completing xstate\.after|askingProvider\.completing xstate\.(?:after|error\.actor\.completeLogin\[1\])/,
    because: 'A provider that says nothing is given up by the timeout of the request, which is shorter.',
  },
  {
    transitions: /relaying xstate\.(?:error|after)/,
    because: 'A login window closes as soon as it has handed its answer over, and hands it over as soon as it has one.',
  },
  {
    transitions: /^session\.active sibling\.loggedIn\[1\]/,
    because: 'The demo ends a session when another person signs in, and has no option to follow.',
  },
  {
    transitions: /^session\.active (?:profile\.reload|metadata\.(?!loaded|failed))/,
    because: 'Profile and metadata are in tests of their own (test/browser/metadata.test.ts).',
  },
  {
    transitions: /error\.actor\.(?:account|renewal)\[|access\.recovering /,
    because: 'This takes an error within our own machines that nobody foresaw, and none is known.',
  },
  {
    transitions:
      /untilWarning[^ ]*\[2\]|untilDue\.session\.active\.access\.authenticated\[3\]|early xstate\.after[^ ]*\[1\]/,
    because: 'Nothing here is further off than a timer can wait, which is 24 days.',
  },
  {
    transitions: /redirecting xstate\.error\.actor\.redirectSilently\[0\]/,
    because: 'A page that leaves to ask has no answer; the page that is opened with it has.',
  },
  {
    transitions: /leavingProvider xstate/,
    because: 'The demo’s provider has a logout page, and is well wherever the button for it is pressed.',
  },
  {
    transitions: /access\.unsaved (?:token\.required\[0\]|token\.refused|xstate)/,
    because: 'What is not written is tried again within seconds, long before the next renewal.',
  },
  {
    transitions: /stepUp\.none stepUp\[1\]/,
    because: 'The demo asks for a confirmation in a window only.',
  },
  {
    transitions: /stepUp\.inPopup xstate\.after/,
    because:
      'The end of the session, a minute off when a confirmation is asked for, comes before the window’s ten minutes.',
  },
  {
    transitions:
      /limits\.warned person\.active\[0\]|authenticated token\.required\[0\]|untilDue\.session\.active\.access\.authenticated\[0\]/,
    because: 'A page that wakes up says so before anyone moves or asks in it, and a renewal is due before the expiry.',
  },
  {
    transitions: /untilLimit[^ ]*\[1\]/,
    because: 'Whatever moves a limit ends the warning at once.',
  },
  {
    transitions: /done\.actor\.renewal\[0\]/,
    because: 'Tokens of the demo’s provider last five minutes from when they are given.',
  },
  {
    transitions: /access\.authenticated token\.refused/,
    because:
      'Whoever was refused asks for a newer token first, so that the refusal is heard when the renewal has begun.',
  },
  {
    transitions: /early page\.resumed/,
    because: 'Devices fall asleep right after a login here, or with a limit near, not in the middle of a renewal.',
  },
]

export const reasonOf = (id: string): string | undefined =>
  reasons.find(({ transitions }) => transitions.test(id))?.because
