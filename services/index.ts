export * from '../machines/index.ts'
export { createSession } from './create-session.ts'
export { auth0UserMetadata, type Auth0UserMetadataOptions } from './metadata/auth0.ts'
export type {
  AccessTokenOptions,
  AdapterTools,
  CredentialStore,
  FactOfType,
  MetadataAdapter,
  Session,
  SessionOptions,
  VaultKind,
} from './face.ts'
