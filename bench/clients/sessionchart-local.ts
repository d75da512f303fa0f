import type { CreateClient } from './client.ts'
import { withVault } from './sessionchart.ts'

/** In plain text in localStorage, as the others keep theirs. */
export const create: CreateClient = (config) => withVault(config, { vault: 'local' })
