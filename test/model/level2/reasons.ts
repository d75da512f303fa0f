const listening =
  'To listen is to be entered in a list, which a browser does not refuse; whatever may fail comes afterwards.'
const handled = 'The machine within handles every failure of its services; only a fault of its own code breaks it.'
const renewable =
  'A renewal keeps the refresh token that it had (P4), so that what has just been renewed can be renewed again.'
const onlyNews =
  'The keeper tells of a later write than the one it holds, and it holds none earlier than the chart does.'

/**
 * What the real services cannot bring about: transitions, and sides of guards, by their ids, with the reason. A transition that is
 * here takes with it the side of its guard on which it would be taken.
 */
export const reasons: Readonly<Record<string, string>> = {
  'session xstate.error.actor.watchSiblings[0]': listening,
  'session xstate.error.actor.watchPage[0]': listening,
  'session.active xstate.error.actor.watchActivity[0]': listening,
  'session.active xstate.error.actor.account[0]': handled,
  'session.active.access.refreshing xstate.error.actor.renewal[0]': handled,
  'session.askingProvider.redirecting xstate.error.actor.redirectSilently[0]':
    'That the person has to be asked comes with the answer, which the page gets that this one leaves for; leaving cannot hear it.',
  'session.active.access.unsaved xstate.after.untilDue.session.active.access.unsaved[1]': renewable,
  'session.active.access.unsaved token.required[1] does not hold': renewable,
  'session.active.access.recovering page.resumed[2]': renewable,
  'session.active.access.recovering page.resumed[1] does not hold': renewable,
  'session.active.access.recovering token.required[2]': renewable,
  'session.active.access.recovering token.required[1] does not hold': renewable,
  'session.active.access.recovering xstate.after.untilRecovery.session.active.access.recovering[2]': renewable,
  'session.active.access.recovering xstate.after.untilRecovery.session.active.access.recovering[1] does not hold':
    renewable,
  'session.active.access.authenticated sibling.renewed[0] does not hold': onlyNews,
  'session.active.access.recovering sibling.renewed[0] does not hold': onlyNews,
  'session.active sibling.ended[1] does not hold':
    'The keeper tells of the end of the login that it holds, and of no other; while someone is signed in, that is the login of the chart.',
  'session.active sibling.loggedIn[2] does not hold':
    'The keeper tells of a login that is not the one it holds; it is of the same person, and anew, or of another one.',
  'renewal xstate.error.actor.watchConditions[0]': listening,
  'renewal.takingTurn xstate.error.actor.holdTurn[0]':
    'A turn that cannot be asked for is told as refused (`turn.refused`): a request for a lock that fails does so by its promise.',
  'renewal.takingTurn.committing xstate.error.actor.commitTokens[0]':
    'A storage that refuses is an answer (`unsaved`); anything else there is a fault of our own code.',
  'renewal.takingTurn.waiting sibling.renewed[0] does not hold': onlyNews,
  'renewal.backingOff sibling.renewed[0] does not hold': onlyNews,
  'renewal.waitingForNetwork sibling.renewed[0] does not hold': onlyNews,
  'account xstate.error.actor.watchConditions[0]': listening,
  'account.metadata.discarding xstate.error.actor.discardPatches[0]':
    'What the notebook cannot write it remembers and writes later; it never rejects.',
}
