export { SessionGate, type GateLogin, type SessionGateProps } from './session-gate.tsx'
export { SessionProvider, useSessionInstance, type SessionProviderProps } from './provider.tsx'
export type { SessionState } from './session-state.ts'
export type { LoginStep } from '../../machines/index.ts'
export type { StandardIssue, StandardSchemaV1 } from './standard-schema.ts'
export { useAccessToken } from './use-access-token.ts'
export { useProfile, type ProfileState } from './use-profile.ts'
export { useRenewal, type RenewalState } from './use-renewal.ts'
export { useCan, useSession, type SessionCommands } from './use-session.ts'
export { useSessionFact } from './use-session-fact.ts'
export {
  useUserMetadata,
  type PatchOf,
  type UserMetadataCommands,
  type UserMetadataState,
  type UseUserMetadata,
} from './use-user-metadata.ts'
