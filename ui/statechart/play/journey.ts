import { stepsAsCode, type Scenario, type SceneStep } from '../../../services/memory/index.ts'
import type { Frame, TabFrame } from './playback.ts'

interface Told {
  readonly title: string
  readonly policy?: NonNullable<Scenario['policy']>
  /** What is said of each group. */
  readonly captions: readonly string[]
  readonly groups: readonly (readonly SceneStep[])[]
  /** After each group. */
  readonly frames: readonly Frame[]
}

interface Part {
  readonly title: string
  /** A page is opened, or `away`: none is open meanwhile. */
  readonly opens: boolean
  readonly steps: readonly SceneStep[]
  readonly after: TabFrame | undefined
}

/**
 * What was played in one tab, as a journey to be pasted into a file of `test/journeys`: a page is opened by each chapter that says
 * so, and what is told, asked for and reached is what was.
 */
export function journeyAsCode({ title, policy = {}, captions, groups, frames }: Told, tab: number): string {
  const parts = groups.slice(0, frames.length).map((group, place): Part => ({
    title: captions[place] ?? 'It goes on.',
    opens: group.some((step) => step.do === 'open' && (step.tab ?? 0) === tab),
    steps: group.filter((step) => isForAll(step) || (step.tab ?? 0) === tab),
    after: frames[place]?.tabs[tab],
  }))
  const chapters = chaptersOf(parts)
  return [
    '{',
    `  name: ${asText(`P? ${title}`)},`,
    '  withAccount: true,',
    ...(Object.keys(policy).length === 0 ? [] : [`  policy: ${literal(policy)},`]),
    '  chapters: [',
    ...chapters.map((chapter) => indented(chapter, 4)),
    '  ],',
    '}',
  ].join('\n')
}

const isForAll = (step: SceneStep): boolean => step.do === 'pass' || step.do === 'shift'
const isOfPage = (step: SceneStep): boolean => step.do === 'open' || step.do === 'close'

function chaptersOf(parts: readonly Part[]): readonly string[] {
  const chapters: string[] = []
  /** While no page is open, only time goes by: it does so on a page on which nobody is. */
  let isAway = true
  for (const { title, opens, steps, after } of parts) {
    const inPage = steps.filter((step) => !isOfPage(step)).map(({ tab: _tab, from: _from, ...step }) => step)
    if (after === undefined || (!after.isOpen && inPage.length === 0)) isAway = true
    else if (!after.isOpen) {
      const nobody = "opens: { outcome: 'empty', reason: 'never' },"
      chapters.push(chapter([`title: ${asText(title)},`, nobody, stepsLine(inPage), "where: 'unauthenticated',"]))
      isAway = true
    } else {
      const places = after.where.filter((place) => !isSilent(place))
      const where = places.length === 1 ? literal(places[0]) : literal(places)
      // What an opening itself reads is no news to a journey.
      const asked = opens ? after.asked.slice(1) : after.asked
      chapters.push(
        chapter([
          `title: ${asText(title)},`,
          ...(opens || isAway ? ["opens: 'nothing yet',"] : []),
          ...(inPage.length === 0 ? [] : [stepsLine(inPage)]),
          `where: ${where},`,
          ...(after.told.length === 0 ? [] : [`told: ${literal(after.told)},`]),
          ...(asked.length === 0 ? [] : [`asked: ${literal(asked)},`]),
        ]),
      )
      isAway = false
    }
  }
  return chapters
}

/** What `test/journeys/play.ts` leaves out. */
const isSilent = (place: string): boolean => place === 'active.limits.within' || place === 'active.stepUp.none'

const chapter = (lines: readonly string[]): string => ['{', ...lines.map((line) => indented(line, 2)), '},'].join('\n')
const stepsLine = (steps: readonly unknown[]): string => `steps: ${stepsAsCode(steps)},`
const indented = (text: string, by: number): string => text.replaceAll(/^/gm, ' '.repeat(by))

/** Plain data as a literal: the only line of an array of one. */
const literal = (value: unknown): string => stepsAsCode([value]).slice(1, -1).trim().replace(/,$/, '')
const asText = (text: string): string => literal(text)
