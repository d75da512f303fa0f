const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

const two = (count: number): string => String(count).padStart(2, '0')

/** The time left as a clock shows it, never below zero: `0:07`, `4:12`, `1:02:03`, `3 days`. */
export function countdown(ms: number): string {
  const left = Math.max(0, Math.ceil(ms / second)) * second
  if (!Number.isFinite(left)) return 'no end'
  if (left >= 2 * day) return `${Math.floor(left / day)} days`
  const [hours, minutes, seconds] = [
    Math.floor(left / hour),
    Math.floor((left % hour) / minute),
    (left % minute) / second,
  ]
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`
}

/** How long ago: `just now`, `12 s ago`, `3 min ago`. A clock that was set back gives `just now`. */
export function ago(ms: number): string {
  if (ms < 2 * second) return 'just now'
  if (ms < minute) return `${Math.floor(ms / second)} s ago`
  if (ms < hour) return `${Math.floor(ms / minute)} min ago`
  if (ms < 2 * day) return `${Math.floor(ms / hour)} h ago`
  return `${Math.floor(ms / day)} days ago`
}

const clock = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
})
const date = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })

export const clockTime = (at: number): string => clock.format(at)
export const dateTime = (at: number): string => date.format(at)

/** How much of a span is left, from 0 to 1. */
export function shareLeft(now: number, from: number, to: number): number {
  if (!(to > from)) return 0
  return Math.min(1, Math.max(0, (to - now) / (to - from)))
}

/** Up to two first letters, for a person without a picture. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean)
  const chosen = words.length > 1 ? [words[0], words.at(-1)] : words
  return chosen.map((word) => String.fromCodePoint(word?.codePointAt(0) ?? 32).toUpperCase()).join('')
}
