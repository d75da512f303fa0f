#!/usr/bin/env node
/// <reference types="node" />
import { parseArgs } from 'node:util'
import { createAsk } from './ask.ts'
import { examine } from './examine.ts'

const usage = `Usage: sessionchart doctor --authority URL --client-id ID
         [--redirect-uri URL] [--origin URL] [--json] [--timeout SECONDS]
`

function read() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      authority: { type: 'string' },
      'client-id': { type: 'string' },
      'redirect-uri': { type: 'string' },
      origin: { type: 'string' },
      json: { type: 'boolean', default: false },
      timeout: { type: 'string', default: '10' },
    },
  })
  const { authority, 'client-id': clientId, json } = values
  const timeout = Number(values.timeout) * 1000
  if (positionals.join() !== 'doctor' || !authority || !clientId || !(timeout > 0)) throw new Error('options')
  const given = values['redirect-uri']
  const origin = new URL(values.origin ?? given ?? 'http://localhost:5173').origin
  const redirectUri = new URL(given ?? `${origin}/callback`).href
  const subject = {
    authority: authority.replace(/\/\.well-known\/openid-configuration$/, ''),
    clientId,
    redirectUri,
    origin,
  }
  return { subject, json, timeout }
}

function wrapped(text: string): string {
  return text.replaceAll(/(.{1,72})(?:\s+|$)/g, '    $1\n')
}

async function run(): Promise<number> {
  let options: ReturnType<typeof read>
  try {
    options = read()
  } catch {
    process.stderr.write(usage)
    return 2
  }
  const { subject, json, timeout } = options
  const findings = await examine(createAsk({ fetch, timeout }), subject)
  const { authority, clientId, redirectUri } = subject
  const createSession = { authority, clientId, redirectUri }
  if (json) process.stdout.write(`${JSON.stringify({ findings, createSession }, null, 2)}\n`)
  else {
    for (const { id, verdict, seen, why, set } of findings) {
      process.stdout.write(`${verdict.padEnd(8)} ${id}\n${wrapped(seen)}`)
      if (verdict !== 'ok') process.stdout.write(wrapped(why) + (set === undefined ? '' : wrapped(`Set: ${set}`)))
    }
    process.stdout.write(`\ncreateSession(${JSON.stringify(createSession, null, 2)})\n`)
  }
  return findings.some(({ verdict }) => verdict === 'problem') ? 1 : 0
}

process.exitCode = await run()
