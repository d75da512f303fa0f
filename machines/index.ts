export * from './account/selectors.ts'
export * from './renewal/selectors.ts'
export * from './session/selectors.ts'
export { accountMachine } from './account/machine.ts'
export { applyPatch, applyPatches } from './account/patches.ts'
export { renewalMachine } from './renewal/machine.ts'
export { sessionMachine } from './session/machine.ts'
export { SessionError, toProblem } from './errors.ts'
export type {
  AccountEvent,
  AccountFact,
  AccountRequest,
  LoadedMetadata,
  MetadataPatch,
  UserMetadata,
} from './account/types.ts'
export type { Problem, SessionErrorCode } from './errors.ts'
export type {
  Authentication,
  Clock,
  CredentialFacts,
  EndReason,
  FoundSession,
  Limit,
  Profile,
  SignedOutReason,
  Verdict,
} from './facts.ts'
export type { RenewalEvent, RenewalOutcome, RenewalPolicy } from './renewal/types.ts'
export type {
  CompletedLogin,
  Ending,
  LoginParameters,
  LoginRequest,
  LogoutRequest,
  PendingLogin,
  RestoreOutcome,
  SessionEvent,
  SessionFact,
  SessionInput,
  SessionPolicy,
  SessionRequest,
  SilentLogin,
  StageOutcome,
} from './session/types.ts'
