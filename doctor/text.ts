/** For texts that others wrote: one line, of bounded length, with nothing in it that steers a terminal or turns the reading around. */
export function short(text: string, most = 120): string {
  const line = plain(text)
  return line.length > most ? `${line.slice(0, most - 1)}…` : line
}

/** One line, without control characters (C0, C1) and without the marks that change the direction of writing. */
export const plain = (text: string): string =>
  // oxlint-disable-next-line no-control-regex -- they are what is taken out
  text.replaceAll(/[\s\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]+/g, ' ').trim()

/** Lines of at most `width` characters; what has no space in it, such as an address, stays whole. */
export function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`
    if (line !== '' && longer.length > width) {
      lines.push(line)
      line = word
    } else line = longer
  }
  return [...lines, line]
}
