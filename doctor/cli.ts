#!/usr/bin/env node
/// <reference types="node" />
import { createAsk } from './ask.ts'
import { examine } from './examine.ts'
import { countOf } from './finding.ts'
import { readOptions, standardScope, usage, type Options } from './options.ts'
import { printed } from './print.ts'
import type { Subject } from './subject.ts'

async function run(): Promise<number> {
  let options: Options | null
  try {
    options = readOptions(process.argv.slice(2))
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`)
    return 2
  }
  if (options === null) {
    process.stdout.write(usage)
    return 0
  }
  const { subject, isJson, timeout } = options
  const isWatched = process.stderr.isTTY
  const onQuestion = ({ url, method = 'GET' }: { readonly url: string; readonly method?: string }) => {
    const { host, pathname } = new URL(url)
    if (isWatched) process.stderr.write(`\r\u001b[K${method} ${host}${pathname}`.slice(0, process.stderr.columns))
  }
  const examination = await examine(createAsk({ fetch, timeout, onQuestion }), subject)
  if (isWatched) process.stderr.write('\r\u001b[K')
  const { findings, provider, notes, requests, scope } = examination
  const isRead = findings.some(({ id, verdict }) => id === 'discovery.document' && verdict === 'ok')
  const createSession = isRead ? { createSession: sessionOptions(subject, scope) } : {}
  const counts = countOf(findings)
  const columns = process.stdout.columns || 80
  const isColoured = process.stdout.isTTY && !process.env['NO_COLOR']
  process.stdout.write(
    isJson
      ? `${JSON.stringify({ counts, requests, provider, findings, notes, ...createSession })}\n`
      : printed({ examination, ...createSession, columns, isColoured }),
  )
  return counts.problem > 0 ? 1 : 0
}

function sessionOptions({ authority, clientId, redirectUri, postLogoutRedirectUri }: Subject, scope: string) {
  return {
    authority,
    clientId,
    redirectUri,
    ...(postLogoutRedirectUri === undefined ? {} : { postLogoutRedirectUri }),
    ...(scope === standardScope ? {} : { scope }),
  }
}

// Whoever reads may have read enough: `… | head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})
process.exitCode = await run()
