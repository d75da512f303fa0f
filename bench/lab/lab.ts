import type { Section } from './figures.ts'
import type { PageName } from './pages.ts'

export interface Lab {
  /** Folders of the built pages. */
  page(name: PageName): Promise<string>
  /** How often everything is done, in turn. */
  readonly rounds: number
  /** Also what takes long: 20 and 50 tabs. */
  readonly long: boolean
  say(line: string): void
}

export interface Measure {
  /** For `npm run bench -- NAME`. */
  readonly name: string
  run(lab: Lab): Promise<Section>
}
