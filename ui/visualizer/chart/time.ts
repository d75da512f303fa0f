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

/** `340 ms`, `12 s`, `4 min 10 s`, `3 h 5 min`: the largest unit, and what is left of the one below it. */
export function lengthInWords(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`
  const rounded = Math.round(ms / 1_000) * 1_000
  const largest = units.findIndex(([, size]) => rounded >= size)
  let left = rounded
  const parts = units.slice(largest, largest + 2).flatMap(([unit, size]) => {
    const count = Math.floor(left / size)
    left -= count * size
    return count === 0 ? [] : [`${count} ${unit}`]
  })
  return parts.join(' ')
}
