import { SessionError } from '../../machines/errors.ts'
import { inTime, unreachable, type HttpTools } from '../http.ts'

/** Loads a chunk of its own, such as `import('./signature.ts')`. Throws `network`, `timeout`. */
export async function loadPart<TPart>(tools: HttpTools, part: () => Promise<TPart>): Promise<TPart> {
  try {
    return await inTime(tools, 'This app', part())
  } catch (cause) {
    if (cause instanceof SessionError) throw cause
    // Or a newer version of the app has taken the place of this one, and only loading the page again helps.
    if (!tools.isOnline()) throw unreachable(tools, 'This app', cause)
    throw new SessionError('network', 'A part of this app could not be loaded. Load the page again.', { cause })
  }
}
