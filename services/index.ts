export * from '../machines/index.ts'
export {
  accessTokenFrom,
  createSession,
  createSessionLogic,
  sessionFrom,
  snapshotForDisplay,
  type SessionLogic,
  type SessionLogicOptions,
} from './create-session.ts'
export { auth0UserMetadata, type Auth0UserMetadataOptions } from './metadata/auth0.ts'
export { claimsUserMetadata, type ClaimsUserMetadataOptions } from './metadata/claims.ts'
export { ownBackendUserMetadata, type OwnBackendUserMetadataOptions } from './metadata/own-backend.ts'
export type {
  AccessTokenOptions,
  AdapterTools,
  CredentialStore,
  FactOfType,
  MetadataAdapter,
  Session,
  SessionActor,
  SessionOptions,
  VaultKind,
} from './face.ts'
