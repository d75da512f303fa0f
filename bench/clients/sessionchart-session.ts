import type { CreateClient } from './client.ts'
import { withVault } from './sessionchart.ts'

/** For one tab. */
export const create: CreateClient = (config) => withVault(config, { vault: 'session' })
