import { textIn, type Json } from './json.ts'

const isLoopback = ({ hostname }: URL): boolean => ['localhost', '127.0.0.1', '[::1]'].includes(hostname)

/** What a session takes as an address, as `createSession` does: https, or http on this machine. */
export function isWebAddress(text: string): boolean {
  if (!URL.canParse(text)) return false
  const url = new URL(text)
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url))
}

/** Whether people's browsers may be sent there by a provider of this authority: on this machine, if that is where it is itself. */
export const isFitting = (text: string, authority: string): boolean =>
  isWebAddress(text) && (new URL(text).protocol === 'https:' || isLoopback(new URL(authority)))

/** An endpoint that the document names and that may be asked; absent where there is none. */
export function endpointIn(json: Json, name: string, authority: string): string | undefined {
  const url = textIn(json, name)
  return url !== undefined && isFitting(url, authority) ? url : undefined
}

/** A name or a password in an address would be printed with it. */
export function holdsSecret(text: string): boolean {
  // As it is written, for what is no URL; and as URL reads it, which is content with one slash.
  if (/^(?:[^/]*:\/\/)?[^/]*@/.test(text)) return true
  const url = URL.canParse(text) ? new URL(text) : null
  return url !== null && (url.username !== '' || url.password !== '')
}
