#!/usr/bin/env node
/// <reference types="node" />
import { parseArgs } from 'node:util'
import { createAsk } from './ask.ts'
import { examine } from './examine.ts'
import { printed } from './print.ts'

const usage = `Usage: sessionchart doctor --authority URL --client-id ID
         [--redirect-uri URL]     where logins come back to; default: ORIGIN/callback
         [--origin URL]           where the app lives; default: that of the redirect URI, or http://localhost:5173
         [--scope "openid ..."]   default: openid profile email offline_access
         [--timeout SECONDS]      for each request; default: 10
         [--json]                 for scripts

Exit code: 0 no problem, 1 a problem, 2 wrong options.
`

const standardScope = 'openid profile email offline_access'

function urlOf(name: string, text: string): URL {
  if (!URL.canParse(text)) throw new Error(`${name} has to be a whole URL, such as http://localhost:5173: "${text}"`)
  return new URL(text)
}

/** Throws what is wrong with the options, in words. */
function read() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      authority: { type: 'string' },
      'client-id': { type: 'string' },
      'redirect-uri': { type: 'string' },
      origin: { type: 'string' },
      scope: { type: 'string', default: standardScope },
      json: { type: 'boolean', default: false },
      timeout: { type: 'string', default: '10' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  const { authority, 'client-id': clientId, json, scope, help } = values
  if (help) return 'help'
  if (positionals.join(' ') !== 'doctor') throw new Error('There is one command: sessionchart doctor')
  if (!authority) throw new Error("--authority is missing: the provider's issuer, such as https://id.example.com")
  if (!clientId) throw new Error('--client-id is missing: what the provider calls your app')
  const timeout = Number(values.timeout) * 1000
  // What a timer can hold is 2^31 - 1 ms.
  if (!(timeout >= 1 && timeout < 2 ** 31)) throw new Error(`--timeout is a number of seconds: "${values.timeout}"`)
  const given = values['redirect-uri']
  const own = given === undefined ? 'http://localhost:5173' : urlOf('--redirect-uri', given).origin
  const { origin } = urlOf('--origin', values.origin ?? own)
  const redirectUri = given ?? `${origin}/callback`
  const issuer = authority.replace(/\/\.well-known\/openid-configuration$/, '')
  return { subject: { authority: issuer, clientId, redirectUri, origin, scope }, json, timeout }
}

async function run(): Promise<number> {
  let options: ReturnType<typeof read>
  try {
    options = read()
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`)
    return 2
  }
  if (options === 'help') {
    process.stdout.write(usage)
    return 0
  }
  const { subject, json, timeout } = options
  const isWatched = process.stderr.isTTY
  const onQuestion = ({ url, method = 'GET' }: { readonly url: string; readonly method?: string }) => {
    const { host, pathname } = new URL(url)
    if (isWatched) process.stderr.write(`\r\u001b[K${method} ${host}${pathname}`.slice(0, process.stderr.columns))
  }
  const examination = await examine(createAsk({ fetch, timeout, onQuestion }), subject)
  if (isWatched) process.stderr.write('\r\u001b[K')
  const { findings, provider, scope } = examination
  const { authority, clientId, redirectUri } = subject
  const createSession = { authority, clientId, redirectUri, ...(scope === standardScope ? {} : { scope }) }
  const isColoured = process.stdout.isTTY && !process.env['NO_COLOR']
  process.stdout.write(
    json
      ? `${JSON.stringify({ provider, findings, createSession }, null, 2)}\n`
      : printed(examination, createSession, isColoured),
  )
  return findings.some(({ verdict }) => verdict === 'problem') ? 1 : 0
}

process.exitCode = await run()
