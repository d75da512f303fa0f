import { SessionError } from '../../machines/errors.ts'
import { inTime, type HttpTools } from '../http.ts'

/** Loads a chunk of its own, such as `import('./signature.ts')`. Throws `network`, `timeout`. */
export async function loadPart<TPart>(tools: Pick<HttpTools, 'timeout'>, part: () => Promise<TPart>): Promise<TPart> {
  try {
    return await inTime(tools, 'This app', part())
  } catch (cause) {
    if (cause instanceof SessionError) throw cause
    // Offline, or a newer version of the app has taken the place of this one.
    throw new SessionError('network', 'A part of this app could not be loaded. Load the page again.', { cause })
  }
}
