import type { Traveller } from './traveller.ts'

/** Resolves with a remark worth telling, or an empty one; rejects with `Unsupported`, or with what is wrong. */
export type Step = (traveller: Traveller) => Promise<string>

/** The provider has no such thing, and said so. */
export class Unsupported extends Error {}

const isMissing = (value: unknown): boolean => value === false || value === undefined || value === null

export function insist(isSo: unknown, otherwise: string): asserts isSo {
  if (isMissing(isSo)) throw new Error(otherwise)
}

export function insistSupport(isThere: unknown, otherwise: string): asserts isThere {
  if (isMissing(isThere)) throw new Unsupported(otherwise)
}
