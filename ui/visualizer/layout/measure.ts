/**
 * How wide a text is drawn, in px. A layout is made where no font is (at build, in a worker), so that widths come from a table of
 * a common sans-serif, on the wide side; what is drawn is fitted into the width that was reckoned (`textLength`).
 */
export function widthOf(text: string, size: number, weight: 'plain' | 'strong' = 'plain'): number {
  let units = 0
  for (const letter of text) units += widths.get(letter) ?? 0.6
  return Math.ceil(units * size * (weight === 'strong' ? 1.07 : 1.02))
}

const widths = new Map<string, number>()
const group = (letters: string, width: number) => {
  for (const letter of letters) widths.set(letter, width)
}
group("ijl.,:;'|!`", 0.27)
group('frt()[]{}/\\- ', 0.35)
group('abcdeghknopqsuvxyzL0123456789_=+<>?*~^"', 0.57)
group('ABCDEFGHJKNOPQRSTUVXYZ&#$', 0.68)
group('mwMW%@—…', 0.89)
group('I', 0.3)
