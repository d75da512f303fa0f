import { parseArgs } from 'node:util'
import { soak, type SoakOptions, type SoakResult } from './soak/run.ts'

const usage = `Runs real tabs of the demo against the rotating provider, and counts what became of the session.

Usage: npm run soak -- [option…]

  --tabs N           tabs in one browser profile (default 5)
  --expiries N       access tokens to outlive (default 10)
  --faults           a fifth of the renewals meets a fault, tabs are killed and opened, the network goes away, hours asleep
  --lifetime N       seconds that an access token lives (default 4, with more than 10 tabs 8)
  --reuse-window N   seconds for which the provider takes a spent refresh token again (default 0)
  --seed N           repeats a run with faults (default: by the clock, and printed)
  --json             the figures as one JSON object, in the last line
  --help             shows this`

function whole(name: string, value: string | undefined, fallback: number, least = 1): number {
  if (value === undefined) return fallback
  const number = Number(value)
  if (!/^\d+$/.test(value) || number < least)
    throw new Error(`--${name} takes a whole number from ${least}, not "${value}". See --help.`)
  return number
}

function readFlags(args: readonly string[]): SoakOptions & { readonly json: boolean; readonly help: boolean } {
  const text = { type: 'string' } as const
  const flag = { type: 'boolean' } as const
  const { values } = parseArgs({
    args: [...args],
    options: {
      tabs: text,
      expiries: text,
      lifetime: text,
      'reuse-window': text,
      seed: text,
      faults: flag,
      json: flag,
      help: flag,
    },
  })
  const tabs = whole('tabs', values.tabs, 5)
  return {
    tabs,
    expiries: whole('expiries', values.expiries, 10),
    lifetime: whole('lifetime', values.lifetime, tabs > 10 ? 8 : 4),
    reuseWindow: whole('reuse-window', values['reuse-window'], 0, 0),
    seed: whole('seed', values.seed, Date.now() % 1_000_000, 0),
    faults: values.faults ?? false,
    json: values.json ?? false,
    help: values.help ?? false,
  }
}

function table(result: SoakResult): string {
  const rows = [
    ['expiries', result.expiries],
    ['token requests', result.tokenRequests],
    ['requests per expiry', (result.tokenRequests / Math.max(1, result.expiries)).toFixed(2)],
    ['invalid_grant answers', result.invalidGrant],
    ['sessions lost', result.sessionsLost],
    ['lost unavoidably', result.sessionsLostUnavoidably],
    ['  of these, in the hands of a killed tab', result.sessionsLostInHand],
    ['longest time without a usable token', `${result.longestGapMs} ms`],
  ] as const
  return rows.map(([name, value]) => `${name.padEnd(42)}${value}`).join('\n')
}

export async function main(args: readonly string[]): Promise<void> {
  let flags
  try {
    flags = readFlags(args)
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error))
    process.exitCode = 2
    return
  }
  if (flags.help) return console.log(usage)
  const { json, help: _help, ...options } = flags
  const say = json ? (line: string) => console.error(line) : (line: string) => console.log(line)
  if (options.faults) say(`--seed ${options.seed} repeats the faults of this run.`)
  const result = await soak(options, say)
  if (json) console.log(JSON.stringify(result))
  else console.log(`\n${table(result)}`)
  if (result.sessionsLost > 0 || result.expiries < options.expiries) process.exitCode = 1
}
