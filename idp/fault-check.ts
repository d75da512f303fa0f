import type { Fault } from './faults.ts'
import { isRecord } from './json.ts'
import { endpoints } from './routes.ts'

type Check = (value: unknown) => string | undefined

const among =
  (...values: readonly unknown[]): Check =>
  (value) =>
    values.includes(value) ? undefined : `${JSON.stringify(value)} is none of ${values.join(', ')}`
const whole =
  (least: number, most = Number.MAX_SAFE_INTEGER): Check =>
  (value) =>
    Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most
      ? undefined
      : `not a whole number from ${least}${most < Number.MAX_SAFE_INTEGER ? ` to ${most}` : ''}`
const truth = among(true, false)
const text: Check = (value) => (typeof value === 'string' ? undefined : 'not a text')
const fields: Check = (value) => (isRecord(value) ? undefined : 'not an object of fields')
const names: Check = (value) =>
  Array.isArray(value) && value.every((name) => typeof name === 'string') ? undefined : 'not a list of names'
const headerValue: Check = (value) =>
  typeof value === 'string' && /^[\t\x20-\x7e]*$/.test(value) ? undefined : 'not a text that fits into a header'

const ofEvery: Record<string, Check> = {
  endpoint: among('any', ...endpoints),
  count: (value) => (value === 'always' ? undefined : whole(1)(value)),
  grantType: text,
  delay: whole(0),
  chance: (value) => (typeof value === 'number' && value >= 0 && value <= 1 ? undefined : 'not a number from 0 to 1'),
  seed: whole(0),
}

const ofKind: Record<Fault['kind'], Record<string, Check>> = {
  delay: { processed: truth },
  hang: { processed: truth },
  status: {
    status: whole(200, 599),
    body: among('oauth', 'json', 'html', 'empty'),
    error: text,
    retryAfter: (value) => {
      if (typeof value === 'number') return whole(0)(value)
      return isRecord(value) ? whole(0)(value['dateIn']) : headerValue(value)
    },
    cors: truth,
    processed: truth,
  },
  drop: { processed: truth, partial: truth },
  invalid_grant: {},
  invalid_json: { body: among('broken', 'html', 'empty', 'null'), processed: truth },
  rewrite: {
    set: fields,
    remove: names,
    rotate: truth,
  },
  id_token: {
    set: fields,
    remove: names,
    header: fields,
    key: (value) => (isRecord(value) ? undefined : among('provider', 'none', 'broken')(value)),
    text,
  },
  noCors: {},
}
const kinds = Object.keys(ofKind)

/** Also for what comes by HTTP, where the types say nothing: a misspelt field must not make for a fault that is none. */
export function problemWith(fault: unknown): string | undefined {
  if (!isRecord(fault)) return 'A fault is an object such as { "endpoint": "token", "kind": "drop" }'
  const { kind, ...fields } = fault
  const wrongKind = among(...kinds)(kind)
  if (wrongKind) return `kind: ${wrongKind}`
  // One of them, as was just seen.
  const checks = { ...ofEvery, ...ofKind[kind as Fault['kind']] }
  const required = kind === 'delay' ? { endpoint: undefined, delay: undefined } : { endpoint: undefined }
  for (const [name, value] of Object.entries({ ...required, ...fields })) {
    const check = Object.hasOwn(checks, name) ? checks[name] : undefined
    if (!check) return `${name}: a fault of kind ${String(kind)} has ${Object.keys(checks).join(', ')}`
    if (value === undefined && !Object.hasOwn(required, name)) continue
    const problem = check(value)
    if (problem) return `${name}: ${problem}`
  }
  return undefined
}
