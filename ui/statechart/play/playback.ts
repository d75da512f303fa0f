import type { SessionFact } from '../../../machines/index.ts'
import {
  createScene,
  offersOf,
  type Offers,
  type PortName,
  type Scene,
  type SceneOptions,
  type SceneStep,
} from '../../../services/memory/index.ts'
import { createRecorder, momentsAt, type Moment, type Recorder, type Stepped } from '../../visualizer/index.ts'
import { sightOf, type Sight } from './sight.ts'

/** How everything is after some steps: plain data. */
export interface Frame {
  /** Epoch ms, on the scene's clock. */
  readonly at: number
  readonly tabs: readonly TabFrame[]
}

/** One tab of it. */
export interface TabFrame {
  readonly isOpen: boolean
  /** The charts that run; `taken`: by all steps since the frame before. */
  readonly moments: readonly Moment[]
  readonly sight: Sight
  /** Events since the frame before that no chart did anything about, by type. */
  readonly ignored: readonly string[]
  /** Where the session is, in leaves: `active.access.authenticated`. */
  readonly where: readonly string[]
  /** Facts told and services asked since the frame before, or since the page was opened. */
  readonly told: readonly SessionFact['type'][]
  readonly asked: readonly PortName[]
  readonly offers: Offers
}

export interface Playback {
  /** One for each group of steps that could be played. */
  readonly frames: readonly Frame[]
  /** Why the next group could not; `null`: all could. */
  readonly obstacle: string | null
}

/** Counts of what was seen of a page in frames before. */
interface Page {
  readonly recorder: Recorder
  readonly names: Map<string, string>
  records: number
  facts: number
  calls: number
}

type Group = readonly SceneStep[]

/**
 * Plays a scene from its beginning, and says how everything is after each group of steps. The same steps come to the same: whoever
 * goes back leaves out the last group.
 */
export async function playBack(options: Omit<SceneOptions, 'inspect'>, groups: readonly Group[]): Promise<Playback> {
  const pages: Page[] = []
  const clock = (tab: number) => ({ now: () => scene.tabs[tab]?.clock.now() ?? scene.now() })
  const scene: Scene = createScene({
    ...options,
    inspect(tab) {
      const recorder = createRecorder({ clock: clock(tab) })
      pages[tab] = { recorder, names: new Map(), records: 0, facts: 0, calls: 0 }
      return recorder.inspect
    },
  })
  const frames: Frame[] = []
  try {
    for (const group of groups) {
      for (const step of group) await scene.play(step)
      frames.push({ at: scene.now(), tabs: scene.tabs.map((_, tab) => frameOf(scene, tab, pages[tab], group)) })
    }
    return { frames, obstacle: null }
  } catch (error) {
    return { frames, obstacle: error instanceof Error ? error.message : String(error) }
  } finally {
    scene.close()
  }
}

const noOffers: Offers = { requests: [], outcomes: [], news: [], nextWait: null }

function frameOf(scene: Scene, tab: number, page: Page | undefined, group: Group): TabFrame {
  const session = scene.tabs[tab]
  if (!session || page === undefined)
    return {
      isOpen: false,
      moments: [],
      sight: sightOf(null, scene.now()),
      ignored: [],
      where: [],
      told: [],
      asked: [],
      offers: noOffers,
    }
  const recording = page.recorder.recording()
  const news = recording.records.slice(page.records)
  const steps = news.filter((record) => record.kind === 'stepped')
  const facts = session.facts.slice(page.facts)
  const calls = session.script.calls()
  const asked = calls.slice(page.calls).map(({ port }) => port)
  page.records = recording.records.length
  page.facts = session.facts.length
  page.calls = calls.length
  const root = session.actor.sessionId
  const sent = group.filter((step) => (step.tab ?? 0) === tab).flatMap(eventOf)
  const snapshot = session.actor.getSnapshot()
  return {
    isOpen: true,
    moments: momentsAt(recording).map((moment) => ({
      ...moment,
      actor: nameIn(page, moment.actor),
      invokedBy: moment.invokedBy && { ...moment.invokedBy, actor: nameIn(page, moment.invokedBy.actor) },
      taken: steps.filter(({ actor }) => actor === moment.actor).flatMap(({ taken }) => taken),
    })),
    sight: sightOf(snapshot, session.clock.now()),
    ignored: sent.filter((type) =>
      isIgnored(
        steps.filter(({ event }) => event === type),
        root,
      ),
    ),
    where: leavesOf(snapshot.value),
    told: facts.map(({ type }) => type),
    asked: asked.filter((port) => !port.startsWith('watch')),
    offers: offersOf(session),
  }
}

/** XState counts actors through the whole program: here they are counted by page, so that the same steps come to the same. */
function nameIn({ names }: Page, actor: string): string {
  const name = names.get(actor) ?? `${names.size + 1}`
  names.set(actor, name)
  return name
}

/** What the session hands on to a chart that it invokes is ignored when that one ignores it. */
function isIgnored(steps: readonly Stepped[], root: string): boolean {
  const within = steps.filter(({ actor }) => actor !== root)
  return (within.length > 0 ? within : steps).every(({ taken }) => taken.length === 0)
}

/** The events that steps send, by type. */
function eventOf(step: SceneStep): readonly string[] {
  if (step.do === 'send') return [step.event.type]
  return step.do === 'say' ? [step.news.type] : []
}

/** XState's value of a state, as much of it as there is to walk through. */
type Value = string | { readonly [TKey in string]?: Value }
const leavesOf = (value: Value): string[] =>
  typeof value === 'string'
    ? [value]
    : Object.entries(value)
        .flatMap(([key, inner]) => (inner === undefined ? [] : leavesOf(inner).map((leaf) => `${key}.${leaf}`)))
        .toSorted()
