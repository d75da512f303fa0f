import { useEffect, useMemo, useState } from 'react'
import type { ChartModel } from '../model/chart.ts'
import type { Geometry } from './geometry.ts'
import { hashOf, type LayoutChoice } from './hash.ts'
import { knownLayout, requestLayout } from './request.ts'

export type Layout =
  | { readonly status: 'ready'; readonly geometry: Geometry }
  | { readonly status: 'laying out' }
  /** The chart cannot be drawn, but it can be told: show its outline. */
  | { readonly status: 'failed'; readonly problem: string }

/** Where everything of a chart lies. A newer request ends an older one's work; what was laid out once is there at once. */
export function useGeometry(model: ChartModel, { words, direction }: LayoutChoice): Layout {
  const hash = useMemo(() => hashOf(model, { words, direction }), [model, words, direction])
  const [latest, setLatest] = useState<{ readonly hash: string; readonly layout: Layout } | null>(null)
  const known = knownLayout(hash)
  useEffect(() => {
    if (knownLayout(hash) !== null) return undefined
    const wanted = new AbortController()
    const tell = (layout: Layout) => {
      if (!wanted.signal.aborted) setLatest({ hash, layout })
    }
    requestLayout(model, { words, direction, signal: wanted.signal }).then(
      (geometry) => tell({ status: 'ready', geometry }),
      (problem: unknown) =>
        tell({ status: 'failed', problem: problem instanceof Error ? problem.message : String(problem) }),
    )
    return () => wanted.abort()
  }, [hash, model, words, direction])
  // The same object at each drawing, so that what is drawn of it need not be drawn again.
  const found = useMemo((): Layout | null => (known === null ? null : { status: 'ready', geometry: known }), [known])
  return found ?? (latest?.hash === hash ? latest.layout : layingOut)
}

const layingOut: Layout = { status: 'laying out' }
