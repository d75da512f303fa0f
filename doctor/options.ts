/// <reference types="node" />
import { parseArgs } from 'node:util'
import { holdsSecret, isWebAddress } from './address.ts'
import type { Subject } from './subject.ts'

export const standardScope = 'openid profile email offline_access'

export const usage = `Usage: sessionchart doctor --authority URL --client-id ID

Looks at an OpenID provider from outside, and says what to set. Logs nobody in.

  --authority URL                 the provider's issuer
  --client-id ID                  what the provider calls your app
  --redirect-uri URL              where logins come back to; default: ORIGIN/callback
  --post-logout-redirect-uri URL  where logouts come back to; looked at if it is given
  --origin URL                    where your app lives; default: that of the redirect URI,
                                  or http://localhost:5173
  --scope "openid ..."            default: ${standardScope}
  --timeout SECONDS               for each request; default: 10
  --json                          one line of JSON, for scripts
  --help                          shows this

Exit code: 0 no problem, 1 a problem, 2 wrong options.
`

export interface Options {
  readonly subject: Subject
  readonly isJson: boolean
  /** ms */
  readonly timeout: number
}

/** `null`: help is wanted. Throws what is wrong with the options, in words. */
export function readOptions(args: readonly string[]): Options | null {
  const { values, positionals } = parse(args)
  const { authority, 'client-id': clientId, json: isJson, scope, help } = values
  if (help) return null
  if (positionals.join(' ') !== 'doctor') throw new Error('There is one command: sessionchart doctor')
  if (!authority) throw new Error("--authority is missing: the provider's issuer, such as https://id.example.com")
  if (!clientId?.trim()) throw new Error('--client-id is missing: what the provider calls your app')
  if (!scope.split(' ').includes('openid')) throw new Error('--scope has to hold openid')
  const timeout = Number(values.timeout) * 1000
  // What a timer can hold is 2^31 - 1 ms.
  if (!(timeout >= 1 && timeout < 2 ** 31)) throw new Error(`--timeout is a number of seconds: "${values.timeout}"`)
  const given = checked('--redirect-uri', values['redirect-uri'])
  const wanted = checked('--post-logout-redirect-uri', values['post-logout-redirect-uri'])
  const { origin } = new URL(checked('--origin', values.origin) ?? given ?? wanted ?? 'http://localhost:5173')
  for (const [name, url] of Object.entries({ '--redirect-uri': given, '--post-logout-redirect-uri': wanted }))
    if (url !== undefined && new URL(url).origin !== origin)
      throw new Error(
        `${name} has another origin than the app, ${origin}: logins and logouts come back to the app itself`,
      )
  const subject = {
    authority: authority.replace(/\/\.well-known\/openid-configuration$/, ''),
    clientId,
    redirectUri: given ?? `${origin}/callback`,
    ...(wanted === undefined ? {} : { postLogoutRedirectUri: wanted }),
    origin,
    scope,
  }
  return { subject, isJson, timeout }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        authority: { type: 'string' },
        'client-id': { type: 'string' },
        'redirect-uri': { type: 'string' },
        'post-logout-redirect-uri': { type: 'string' },
        origin: { type: 'string' },
        scope: { type: 'string', default: standardScope },
        json: { type: 'boolean', default: false },
        timeout: { type: 'string', default: '10' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    })
  } catch (error) {
    // What follows the first sentence is about positional arguments, of which there are none.
    throw new Error(error instanceof Error ? error.message.split('. ')[0] : String(error), { cause: error })
  }
}

/** As `createSession` takes them. What is wrong is not repeated: it may hold a password. */
function checked(name: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  if (!URL.canParse(text)) throw new Error(`${name} has to be a whole URL, such as http://localhost:5173/callback`)
  if (holdsSecret(text)) throw new Error(`${name} may hold no user name and no password`)
  if (!isWebAddress(text)) throw new Error(`${name} has to be https, or http on localhost, 127.0.0.1 or [::1]`)
  if (text.includes('#')) throw new Error(`${name} may have no fragment (#)`)
  return text
}
