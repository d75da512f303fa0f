import type { Page } from 'playwright-core'
import type { Demo } from '../demo-server.ts'

export interface Stage {
  readonly demo: Demo
  readonly page: Page
  /** Takes the picture that is named after the scene, or a further one. */
  take(name?: string, page?: Page): Promise<void>
}

/** A screen, and how a person gets there. */
export type Scene = (stage: Stage) => Promise<void>
