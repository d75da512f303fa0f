import { SessionError } from '../../machines/errors.ts'
import type { Clock } from '../../machines/facts.ts'
import { isPassingStatus, passingProblem, readJson } from '../answers.ts'

/** The JSON object of a good answer. Throws `provider_unavailable`, `unauthorized`, `metadata_invalid` or `metadata_refused`. */
export async function readAnswer(
  what: string,
  response: Response,
  clock: Clock,
  /** What to look at when the access token is refused. */
  advice: string,
): Promise<Readonly<Record<string, unknown>>> {
  const { status } = response
  if (isPassingStatus(status)) throw passingProblem(what, response, clock)
  if (response.ok) return readJson(what, response)
  const { message } = await readJson(what, response).catch(() => ({ message: undefined }))
  // A full stop follows.
  const said = typeof message === 'string' ? `: ${message.replace(/\.$/, '')}` : ''
  if (status === 401)
    throw new SessionError('unauthorized', `${what} does not take the access token${said}. ${advice}`, { status })
  if (status === 400 || status === 413 || status === 422)
    throw new SessionError('metadata_invalid', `${what} refused the change${said}.`, { status })
  throw new SessionError('metadata_refused', `${what} answered ${status}${said}.`, { status })
}
