import { SessionError } from '../../machines/errors.ts'
import type { UserMetadata } from '../../machines/account/types.ts'
import type { MetadataAdapter } from '../face.ts'

/** Options of `claimsUserMetadata`. */
export interface ClaimsUserMetadataOptions {
  /** The claim that holds the metadata as a JSON object, e.g. `https://app.example/user_metadata`. */
  readonly claim: string
  /** Why it cannot be changed here, for people; default: a sentence in English. */
  readonly readOnlyBecause?: string
}

/**
 * User metadata as a claim of userinfo, or else of the ID token (OpenID Connect Core 5.1.2), for providers that put it there and
 * offer no API to change it. To be looked at only: `metadata.patch` is not taken, and `selectReadOnlyReason` says why. A claim
 * that is not there is no metadata; one that is no object fails with `invalid_response`.
 */
export function claimsUserMetadata({
  claim,
  readOnlyBecause = 'They come with your profile from the login provider, and can only be changed there.',
}: ClaimsUserMetadataOptions): MetadataAdapter {
  if (typeof claim !== 'string' || claim === '') {
    throw new SessionError(
      'invalid_option',
      'claimsUserMetadata: "claim" is missing. Give the name of the claim that holds the metadata.',
    )
  }
  return {
    origins: [],
    readOnlyBecause,
    async load({ loadClaims }) {
      const { [claim]: value = {} } = await loadClaims()
      if (typeof value !== 'object' || value === null || Array.isArray(value)) {
        throw new SessionError(
          'invalid_response',
          `The claim "${claim}" holds no JSON object, but ${Array.isArray(value) ? 'an array' : `a ${typeof value}`}.`,
        )
      }
      return { metadata: value as UserMetadata, writable: false }
    },
    save: () => Promise.reject(new SessionError('metadata_refused', readOnlyBecause)),
  }
}
