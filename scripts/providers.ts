import { parseArgs } from 'node:util'
import { betterAuthProvider } from '../test/providers/better-auth.ts'
import { djangoProvider } from '../test/providers/django.ts'
import { travelAt, type Journey } from '../test/providers/journey.ts'
import { localProvider } from '../test/providers/local.ts'
import { hasFailed, jsonOf, notAsInDocs, tableOf } from '../test/providers/report.ts'

const providers = [localProvider, betterAuthProvider, djangoProvider]
const names = providers.map(({ name }) => name)

const usage = `Goes the whole way, login to logout, at real providers, each started here on loopback and stopped again. What one needs and
this machine lacks is installed first, if that can be done, and said.

Usage: npm run test:providers -- [option…] [provider…]

  provider   ${names.join(', ')} (default: all)
  --json     the results as one JSON object, in the last line
  --help     shows this`

function readFlags(args: readonly string[]) {
  const flag = { type: 'boolean', default: false } as const
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { json: flag, help: flag },
    allowPositionals: true,
  })
  const unknown = positionals.find((name) => !names.includes(name))
  if (unknown !== undefined) throw new Error(`There is no provider "${unknown}": name ${names.join(', ')}.`)
  return { ...values, wanted: providers.filter(({ name }) => positionals.length === 0 || positionals.includes(name)) }
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
  const { json, help, wanted } = flags
  if (help) return console.log(usage)
  const say = json ? (line: string) => console.error(line) : (line: string) => console.log(line)
  const journeys: Record<string, Journey> = {}
  for (const provider of wanted) {
    say(`${provider.name}…`)
    journeys[provider.name] = await travelAt(provider, say)
  }
  say(`\n${tableOf(journeys)}`)
  for (const difference of notAsInDocs(journeys)) say(`\n${difference}`)
  if (json) console.log(jsonOf(journeys))
  process.exitCode = hasFailed(journeys) ? 1 : 0
}
