/** An error of the user API, in Auth0's shape. */
export class ApiError extends Error {
  readonly statusCode: number
  readonly error: string
  readonly errorCode: string
  constructor(statusCode: number, error: string, message: string, errorCode: string) {
    super(message)
    this.statusCode = statusCode
    this.error = error
    this.errorCode = errorCode
  }
  get body() {
    const { statusCode, error, message, errorCode } = this
    return { statusCode, error, message, errorCode }
  }
}

export const badRequest = (message: string, code: string) => new ApiError(400, 'Bad Request', message, code)
export const unauthorized = (message: string) => new ApiError(401, 'Unauthorized', message, 'invalid_token')
export const forbidden = (message: string, code: string) => new ApiError(403, 'Forbidden', message, code)
export const insufficientScope = (scopes: readonly string[]) =>
  forbidden(`Insufficient scope, expected any of: ${scopes.join(',')}`, 'insufficient_scope')
export const notFound = (message: string, code: string) => new ApiError(404, 'Not Found', message, code)
export const tooManyRequests = () =>
  new ApiError(429, 'Too Many Requests', 'Global limit has been reached', 'too_many_requests')
