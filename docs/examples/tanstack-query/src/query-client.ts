import { QueryClient, queryOptions } from '@tanstack/react-query'
import { SessionError } from 'sessionchart'
import { ApiProblem, getNotes } from './api.ts'
import { session } from './session.ts'

/**
 * What another try may mend: the network, and a server that is unwell. A 401 it does not mend, for `session.fetch` has renewed
 * and tried again already; nor a `SessionError`, which says that there is no session to ask with.
 */
function mayRetry(failures: number, error: Error): boolean {
  if (error instanceof SessionError) return false
  if (error instanceof ApiProblem && error.status < 500) return false
  return failures < 3
}

export const queryClient = new QueryClient({
  defaultOptions: { queries: { retry: mayRetry, staleTime: 30_000 } },
})

// However it ends, in this tab or another: what was fetched for one person is not there for the next.
session.on('session.ended', () => queryClient.clear())

export const notesQuery = queryOptions({ queryKey: ['notes'], queryFn: ({ signal }) => getNotes(signal) })
