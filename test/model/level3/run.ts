import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { startDemo, type Demo } from '../../../scripts/demo-server.ts'
import { launchBrowser } from '../../support/chromium.ts'
import type { Coverage } from '../coverage.ts'
import { visibleModel, type VisibleEdge, type VisibleModel } from '../visible.ts'
import type { Setting } from './around.ts'
import { pathsOf, visibleTransition, type Extent, type VisiblePath } from './paths.ts'
import { collectFromPages, type ChartName } from './tap.ts'
import { createTraveller, type Traveller } from './traveller.ts'
import { settings, worldOf } from './worlds.ts'

export interface Level3 {
  /** What the running charts did in the pages, by their microsteps. */
  readonly coverage: Readonly<Record<ChartName, Coverage>>
  /** States that a view can tell, and transitions between them: seen in Chromium, and in the derived model. */
  readonly views: { readonly taken: ReadonlySet<string>; readonly total: ReadonlySet<string> }
  readonly transitions: { readonly taken: ReadonlySet<string>; readonly total: ReadonlySet<string> }
  readonly paths: number
  readonly steps: number
  readonly seconds: number
  /** Where the app and the model part: the way there in plain words, what was seen, and a screenshot's path. */
  readonly faults: readonly string[]
}

export interface Level3Options {
  /** Default `covering`. */
  readonly extent?: Extent
  /** Where screenshots of what went wrong go. */
  readonly pictures: string
  /** Of the paths that are planned: those of this world, or this one, for looking at a fault. */
  readonly only?: { readonly world: string; readonly path?: number }
  readonly say?: (line: string) => void
}

/** More faults than these are one and the same. */
const mostFaults = 8

/** Walks the derived model of what a person can see and do in Chromium, in the real app against the real provider. */
export async function runLevel3({
  extent = 'covering',
  pictures,
  only,
  say = () => {},
}: Level3Options): Promise<Level3> {
  const started = Date.now()
  const models = Object.values(settings).map((setting) => ({ setting, model: visibleModel(worldOf(setting)) }))
  const pages = collectFromPages()
  const shown = new Set<string>()
  const seen = { views: new Set<string>(), transitions: new Set<string>() }
  const faults: string[] = []
  let [paths, steps] = [0, 0]
  const browser = await launchBrowser()
  try {
    for (const { setting, model } of models) {
      const planned = pathsOf(model, extent, shown)
      if (only !== undefined && only.world !== setting.name) continue
      const demo = await startIn(setting)
      try {
        for (const [place, path] of planned.entries()) {
          if (only?.path !== undefined && only.path !== place) continue
          if (faults.length >= mostFaults) break
          const traveller = await createTraveller({ demo, setting, browser, watch: pages.watch })
          try {
            await take(path, model, traveller, seen)
          } catch (error) {
            await mkdir(pictures, { recursive: true })
            const picture = join(pictures, `${setting.name}-${place}.png`)
            await traveller.screenshot(picture).catch(() => {})
            faults.push(
              `${setting.name}, path ${place}: ${String(error instanceof Error ? error.message : error)}\nPicture: ${picture}`,
            )
            say(faults.at(-1) ?? '')
          } finally {
            await traveller.close()
          }
          paths += 1
          steps += path.edges.length
          say(
            `${setting.name} ${place + 1}/${planned.length}, ${path.edges.length} doings, ${Math.round((Date.now() - started) / 1000)} s`,
          )
        }
      } finally {
        await demo.stop()
      }
    }
  } finally {
    await browser.close()
  }
  return {
    coverage: pages.coverage,
    views: { taken: seen.views, total: new Set(models.flatMap(({ model }) => model.views)) },
    transitions: {
      taken: seen.transitions,
      total: new Set(models.flatMap(({ model }) => model.edges.map(visibleTransition))),
    },
    paths,
    steps,
    seconds: (Date.now() - started) / 1000,
    faults,
  }
}

const startIn = ({ policy, lifetime }: Setting): Promise<Demo> =>
  startDemo({
    mode: 'built',
    faults: true,
    tokenLifetime: lifetime / 1000,
    config: {
      idleTimeout: (policy.idleTimeout ?? 0) / 1000,
      ...(policy.silentLogin === undefined ? {} : { silentLogin: policy.silentLogin }),
    },
  })

interface Seen {
  readonly views: Set<string>
  readonly transitions: Set<string>
}

/** Takes one path. Throws the way in plain words, up to where app and model part. */
async function take(
  path: VisiblePath,
  { start, views }: VisibleModel,
  traveller: Traveller,
  seen: Seen,
): Promise<void> {
  const done: VisibleEdge[] = []
  const look = (view: string) => async () => {
    await traveller.expectView(view)
    seen.views.add(view)
    const last = done.at(-1)
    if (last !== undefined) seen.transitions.add(visibleTransition(last))
  }
  const perform = async ({ event: { edge: place } }: { readonly event: { readonly edge?: number } }) => {
    if (place === undefined) return traveller.open()
    const edge = path.edges[done.length]
    if (edge === undefined) return
    done.push(edge)
    await traveller.perform(edge)
  }
  try {
    const events = Object.fromEntries(
      ['xstate.init', ...path.edges.map(({ event }) => event.type)].map((type) => [type, perform]),
    )
    await path.test({ events, states: Object.fromEntries(views.map((view) => [view, look(view)])) })
    if (traveller.faults.list.length > 0) throw new Error(`The page complained: ${traveller.faults.list.join('; ')}`)
  } catch (error) {
    const way = [start.view, ...done.flatMap(({ event, to }) => [`  ${event.type}`, to.view])].join('\n')
    // What `@xstate/test` adds is the same way in its own words.
    const what = String(error instanceof Error ? error.message : error).split('\nPath:')[0]
    throw new Error(`${what}\nThe way there:\n${way}`, { cause: error })
  }
}
