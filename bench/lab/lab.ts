import type { Section } from './figures.ts'
import type { PageName } from './pages.ts'

export interface Lab {
  /** Folders of the built pages. */
  page(name: PageName): Promise<string>
  /** How often everything is done, in turn. */
  readonly rounds: number
  /** Numbers of tabs besides the usual ones. */
  readonly moreTabs: readonly number[]
  say(line: string): void
}

export interface Measure {
  /** For `npm run bench -- NAME`. */
  readonly name: string
  /** How often everything is done, if nobody says otherwise. */
  readonly rounds: number
  run(lab: Lab): Promise<Section>
}
