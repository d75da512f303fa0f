import { short } from './text.ts'

/** No answer came, in words for people. */
export interface Failure {
  readonly kind: 'failure'
  readonly seen: string
  readonly set: string
}

const check = 'Check the address for a slip, and that this machine can reach it.'

type Words = (host: string, port: string) => { readonly seen: string; readonly set: string }

/** By the codes of Node's sockets, TLS and fetch. */
const words: Readonly<Record<string, Words>> = {
  ENOTFOUND: (host) => ({ seen: `There is no host named ${host} (DNS).`, set: check }),
  EAI_AGAIN: (host) => ({
    seen: `The name ${host} could not be looked up: the name server did not answer (DNS).`,
    set: "Check this machine's network, then the address.",
  }),
  ECONNREFUSED: (host, port) => ({
    seen: `Nothing listens at ${host}, port ${port}.`,
    set: 'Start the provider, or correct host and port.',
  }),
  ECONNRESET: (host) => closed(host),
  UND_ERR_SOCKET: (host) => closed(host),
  EHOSTUNREACH: (host) => ({ seen: `There is no way to ${host} from this network.`, set: check }),
  ENETUNREACH: (host) => ({ seen: `There is no way to ${host} from this network.`, set: check }),
  CERT_HAS_EXPIRED: (host) => ({
    seen: `The TLS certificate of ${host} has expired.`,
    set: 'Renew it at the server: browsers refuse it as well.',
  }),
  ERR_TLS_CERT_ALTNAME_INVALID: (host) => ({
    seen: `The TLS certificate is for another name than ${host}.`,
    set: 'Use the name that is in it, or have one issued for this name.',
  }),
  DEPTH_ZERO_SELF_SIGNED_CERT: (host) => untrusted(host),
  SELF_SIGNED_CERT_IN_CHAIN: (host) => untrusted(host),
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: (host) => untrusted(host),
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: (host) => untrusted(host),
  EPROTO: (host, port) => plain(host, port),
  ERR_SSL_WRONG_VERSION_NUMBER: (host, port) => plain(host, port),
  ERR_SSL_PACKET_LENGTH_TOO_LONG: (host, port) => plain(host, port),
}

const closed = (host: string) => ({
  seen: `${host} closed the connection without an answer.`,
  set: 'Look into its log; a proxy in between can do this, too, or https where http is meant.',
})

const untrusted = (host: string) => ({
  seen: `The TLS certificate of ${host} is signed by nobody whom Node trusts.`,
  set: 'Have the server send its whole chain. For an authority of your own: NODE_EXTRA_CA_CERTS=/path/to/ca.pem.',
})

const plain = (host: string, port: string) => ({
  seen: `${host}, port ${port}, does not speak TLS.`,
  set: 'For a provider on this machine begin the address with http; anywhere else it needs https.',
})

const noHttp = (host: string, port: string) => ({
  seen: `${host}, port ${port}, does not speak HTTP.`,
  set: 'Correct the port; or begin the address with https, if it speaks TLS.',
})

/** What stood in the way of an answer, in words. */
export function failureOf(url: string, error: unknown, timeout: number): Failure {
  const { hostname, port, protocol } = new URL(url)
  const host = hostname
  const listening = port === '' ? (protocol === 'https:' ? '443' : '80') : port
  if (codeOf(error) === 'TimeoutError' || /TIMEOUT/.test(codeOf(error))) {
    return {
      kind: 'failure',
      seen: `No answer from ${host} within ${timeout / 1000} s.`,
      set: 'Try again, with a longer --timeout (seconds); if that is in vain, look at the server or the way to it.',
    }
  }
  const code = codeOf(error)
  const known = code.startsWith('HPE_') ? noHttp(host, listening) : words[code]?.(host, listening)
  return {
    kind: 'failure',
    ...(known ?? { seen: `${host} cannot be reached: ${short(messageOf(error))}.`, set: check }),
  }
}

/** Of the innermost cause that has one: fetch itself says "fetch failed". */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return ''
  const inner = codeOf(error.cause)
  if (inner !== '') return inner
  const { code } = error as { readonly code?: unknown }
  if (typeof code === 'string') return code
  return error.name === 'TimeoutError' ? error.name : ''
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? messageOf(error.cause) : error.message
}
