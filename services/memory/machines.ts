import { fromPromise, type EventObject, type NonReducibleUnknown } from 'xstate'
import { accountMachine } from '../../machines/account/machine.ts'
import type { AccountPortInput } from '../../machines/account/ports.ts'
import type { AccountEvent } from '../../machines/account/types.ts'
import { renewalMachine } from '../../machines/renewal/machine.ts'
import type { RenewalPortInput } from '../../machines/renewal/ports.ts'
import type { RenewalEvent } from '../../machines/renewal/types.ts'
import { sessionMachine } from '../../machines/session/machine.ts'
import type { SessionEvent } from '../../machines/session/types.ts'
import { fromListener } from '../actors/listener.ts'
import type { AskingPort, ListeningPort, MachineName, PortInput, PortOutput } from './ports.ts'
import type { Script } from './script.ts'

/** The production charts with the script behind every port. This file is the second composition root. */
export function createScriptedMachines({ backstage }: Script) {
  const asking = <TPort extends AskingPort>(machine: MachineName, port: TPort) =>
    fromPromise<PortOutput<TPort>, PortInput<TPort>>(({ input, signal }) => backstage.ask(machine, port, input, signal))

  const listening = <TEvent extends EventObject, TInput extends PortInput<ListeningPort>>(
    machine: MachineName,
    port: ListeningPort,
  ) => fromListener<TEvent, TInput>(({ input, sendBack }) => backstage.listen(machine, port, input, sendBack))
  const inSession = (port: ListeningPort) => listening<SessionEvent, NonReducibleUnknown>('session', port)
  const inRenewal = (port: ListeningPort) => listening<RenewalEvent, RenewalPortInput>('renewal', port)

  const scriptedAccount = accountMachine.provide({
    actors: {
      watchConditions: listening<AccountEvent, AccountPortInput>('account', 'watchConditions'),
      loadProfile: asking('account', 'loadProfile'),
      loadMetadata: asking('account', 'loadMetadata'),
      saveMetadata: asking('account', 'saveMetadata'),
      discardPatches: asking('account', 'discardPatches'),
    },
    actions: {
      keepPatch: (_, params) => backstage.note('account', 'keepPatch', params),
      forgetSetbacks: (_, params) => backstage.note('account', 'forgetSetbacks', params),
    },
  })
  const scriptedRenewal = renewalMachine.provide({
    actors: {
      watchConditions: inRenewal('watchConditions'),
      holdTurn: inRenewal('holdTurn'),
      recheckVault: asking('renewal', 'recheckVault'),
      requestTokens: asking('renewal', 'requestTokens'),
      confirmVerdict: asking('renewal', 'confirmVerdict'),
      commitTokens: asking('renewal', 'commitTokens'),
    },
  })
  const scriptedSession = sessionMachine.provide({
    actors: {
      watchSiblings: inSession('watchSiblings'),
      watchPage: inSession('watchPage'),
      watchActivity: inSession('watchActivity'),
      restoreSession: asking('session', 'restoreSession'),
      loginInFrame: asking('session', 'loginInFrame'),
      redirectSilently: asking('session', 'redirectSilently'),
      redirectToLogin: asking('session', 'redirectToLogin'),
      loginInPopup: asking('session', 'loginInPopup'),
      completeLogin: asking('session', 'completeLogin'),
      relayLoginResponse: asking('session', 'relayLoginResponse'),
      stepUpInPopup: asking('session', 'stepUpInPopup'),
      saveCredentials: asking('session', 'saveCredentials'),
      clearCredentials: asking('session', 'clearCredentials'),
      revokeTokens: asking('session', 'revokeTokens'),
      leaveProvider: asking('session', 'leaveProvider'),
      renewal: scriptedRenewal,
      account: scriptedAccount,
    },
  })
  return { sessionMachine: scriptedSession, renewalMachine: scriptedRenewal, accountMachine: scriptedAccount }
}
