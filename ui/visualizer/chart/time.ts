/** By which clock waits are drawn: the one on the wall, which runs, or one that stands at an epoch ms. */
export type ChartTime = 'runs' | number

/** How much of a wait is over, 0 to 1, and how long it lasts still, ms. */
export function progressOf(
  { since, until }: { readonly since: number; readonly until: number },
  time: ChartTime,
): { readonly share: number; readonly left: number } {
  const now = time === 'runs' ? Date.now() : time
  const left = Math.max(0, until - now)
  return { share: until <= since ? 1 : Math.min(1, Math.max(0, (now - since) / (until - since))), left }
}

const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
] as const

/** `4 min 10 s`; at most two units. Below a second: `400 ms`. */
export function lengthInWords(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`
  let left = Math.round(ms / 1_000) * 1_000
  const parts = units.flatMap(([unit, size]) => {
    const count = Math.floor(left / size)
    left -= count * size
    return count === 0 ? [] : [`${count} ${unit}`]
  })
  return parts.slice(0, 2).join(' ')
}
