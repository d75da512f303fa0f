import { ErrorResponse, ErrorTimeout } from 'oidc-client-ts'
import { describe, expect, test } from 'vitest'
import { SessionError, toProblem } from '../../machines/errors.ts'
import { toOidcError } from '../../services/oidc/errors.ts'

const online = { authority: 'https://issuer.example', isOnline: () => true }
const offline = { ...online, isOnline: () => false }
const codeOf = (error: unknown, oidc = online) => toOidcError(oidc, error).code

/** Every text that can be reached from an error. */
function textOf(error: unknown, seen = new Set<unknown>()): string {
  if (typeof error !== 'object' || error === null) return String(error)
  if (seen.has(error)) return ''
  seen.add(error)
  return Reflect.ownKeys(error)
    .map((key) => textOf(Reflect.get(error, key), seen))
    .join('\n')
}

describe('what oidc-client-ts throws', () => {
  test.each([
    ['invalid_grant', 'invalid_grant'],
    ['invalid_client', 'invalid_client'],
    ['unauthorized_client', 'invalid_client'],
    ['login_required', 'login_required'],
    ['interaction_required', 'login_required'],
    ['consent_required', 'login_required'],
    ['account_selection_required', 'login_required'],
    ['mfa_required', 'login_required'],
    ['access_denied', 'login_denied'],
    ['temporarily_unavailable', 'provider_unavailable'],
    ['server_error', 'provider_unavailable'],
    ['invalid_scope', 'login_failed'],
    ['__proto__', 'login_failed'],
    ['constructor', 'login_failed'],
  ])('the OAuth error %s becomes %s', (error, code) => {
    const mapped = toOidcError(online, new ErrorResponse({ error, error_description: 'because' }), {
      status: 400,
      retryAfter: undefined,
    })
    expect(mapped).toMatchObject({ code, status: 400, oauthError: error })
    expect(toProblem(mapped)).toEqual({ code, message: mapped.message, oauthError: error })
  })

  test.each([
    [new TypeError('Failed to fetch'), 'network'],
    [new TypeError('NetworkError when attempting to fetch resource.'), 'network'],
    [new TypeError('Load failed'), 'network'],
    [new TypeError('fetch failed'), 'network'],
    [new TypeError('terminated'), 'network'],
    [new TypeError('Error in body stream'), 'network'],
    [new TypeError('x is not a function'), 'unexpected'],
    [new ErrorTimeout('Network timed out'), 'timeout'],
    [new DOMException('late', 'TimeoutError'), 'timeout'],
    [new DOMException('full', 'QuotaExceededError'), 'vault_unavailable'],
    [new SyntaxError('Unexpected token <'), 'invalid_response'],
    [new Error('No matching state found in storage'), 'unknown_response'],
    [new Error('No state in response'), 'unknown_response'],
    [new Error('authority mismatch on settings vs. signin state'), 'unknown_response'],
    [new Error('nonce in id_token does not match nonce in client storage'), 'nonce_mismatch'],
    [new Error('sub in id_token does not match current sub'), 'subject_mismatch'],
    [new Error('azp not in id_token, but present in original id_token'), 'audience_mismatch'],
    [new Error('Invalid token specified: abc'), 'invalid_id_token'],
    [new Error('Invalid response Content-Type: text/html, from URL: https://issuer.example'), 'invalid_response'],
    [new Error('Service Unavailable (503): {}'), 'provider_unavailable'],
    [new Error(' (429)'), 'provider_unavailable'],
    [new Error('Not Found (404)'), 'invalid_response'],
    [new Error('Crypto.subtle is available only in secure contexts (HTTPS).'), 'login_failed'],
    ['a text', 'invalid_response'],
    [undefined, 'invalid_response'],
  ])('%s becomes %s', (error, code) => {
    expect(codeOf(error)).toBe(code)
    expect(toOidcError(online, error).message).not.toBe('')
  })

  test('no answer is offline where the browser says so', () => {
    expect(codeOf(new TypeError('fetch failed'), offline)).toBe('offline')
  })

  test('P8 a status that passes is no verdict, whatever the body says', () => {
    const answer = { status: 503, retryAfter: 3_000 }
    const error = toOidcError(online, new ErrorResponse({ error: 'invalid_grant' }), answer)
    expect(error).toMatchObject({ code: 'provider_unavailable', status: 503, retryAfter: 3_000 })
  })

  test('our own errors stay as they are', () => {
    const error = new SessionError('aborted', 'Given up.')
    expect(toOidcError(online, error)).toBe(error)
  })

  test('P21 a form that was sent, and a token in a text, are in no error and in no cause of it', () => {
    const secret = 'SECRET-refresh-token'
    const form = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: secret })
    const jwt = `eyJhbGciOiJub25lIn0.${secret}.sig`
    for (const error of [
      new ErrorResponse({ error: 'invalid_grant', error_description: 'no' }, form),
      new ErrorResponse({ error: 'invalid_request' }, form),
      new Error(`Bad Request (400): {"id_token":"${jwt}"}`),
      new Error(`Invalid token specified: invalid json for part #2 (Unexpected token '${secret}')`),
      new Error(`Server Error (500): {"refresh_token":"${secret}"}`),
      new Error(`Odd (418): {"access_token":"${secret}"}`),
    ]) {
      const mapped = toOidcError(online, error)
      expect(textOf(mapped)).not.toContain(secret)
      expect(JSON.stringify(toProblem(mapped))).not.toContain(secret)
    }
  })

  test('P21 what a chart keeps of a foreign error is its name alone', () => {
    expect(JSON.stringify(toProblem(new Error('SECRET')))).not.toContain('SECRET')
    expect(toProblem('SECRET').message).not.toContain('SECRET')
  })
})
