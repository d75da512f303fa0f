/** Parts of what is said of something, as sentences one after the other; what is empty is left out, what is said twice is said once. */
export const saying = (parts: readonly string[]): string =>
  [...new Set(parts)]
    .filter((part) => part !== '')
    .map((part) => (/[.!?]$/.test(part) ? part : `${part}.`))
    .join(' ')
