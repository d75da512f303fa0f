import { appendFileSync } from 'node:fs'

/** Where `npm test` (scripts/test.ts) collects what tests have to say; absent when Vitest runs by itself. */
const file = process.env['SESSIONCHART_REPORT']

/** Tells a figure that a test measured: `npm test` prints it before its summary. */
export function report(text: string): void {
  if (file === undefined) console.log(text)
  else appendFileSync(file, `${text}\n`)
}
