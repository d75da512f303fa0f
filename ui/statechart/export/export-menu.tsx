import { useEffect, useRef, useState, type KeyboardEvent } from 'react'
import type { ChartModel } from '../../visualizer/index.ts'
import { toJson } from '../../visualizer/export/json.ts'
import { toMermaid } from '../../visualizer/export/mermaid.ts'
import { toPlantUml } from '../../visualizer/export/plantuml.ts'
import { toPng } from '../../visualizer/export/png.ts'
import { toScxml } from '../../visualizer/export/scxml.ts'
import type { Theme } from '../../visualizer/export/styles.ts'
import { toSvg } from '../../visualizer/export/svg.ts'
import css from '../../visualizer/chart/chart.css?raw'
import { drawnOnPage } from './drawn-on-page.ts'
import { usePrintedSheet } from './printed-sheet.ts'
import './export.css'

/** A picture of what is drawn on the page. */
function pictureOf(model: ChartModel, theme: Theme): string {
  const drawn = drawnOnPage(document)
  if (drawn === null) throw new Error('nothing is drawn yet.')
  return toSvg({ model, geometry: drawn, markup: drawn.markup, css, theme })
}

const themeOfPage = (): Theme => (window.matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')

interface Format {
  readonly name: string
  readonly about: string
  readonly ending: string
  readonly type: string
  readonly write: (model: ChartModel) => string | Promise<Blob>
}

const formats: readonly Format[] = [
  {
    name: 'SVG',
    about: 'the picture, sharp at any size',
    ending: 'svg',
    type: 'image/svg+xml',
    write: (model) => pictureOf(model, themeOfPage()),
  },
  {
    name: 'PNG',
    about: 'the picture, in pixels',
    ending: 'png',
    type: 'image/png',
    write: (model) => toPng(pictureOf(model, themeOfPage())),
  },
  { name: 'Mermaid', about: 'for Markdown', ending: 'mmd', type: 'text/plain', write: toMermaid },
  { name: 'PlantUML', about: 'for UML tools', ending: 'puml', type: 'text/plain', write: toPlantUml },
  { name: 'SCXML', about: 'the W3C’s statecharts', ending: 'scxml', type: 'application/scxml+xml', write: toScxml },
  { name: 'JSON', about: 'to compare versions here', ending: 'json', type: 'application/json', write: toJson },
]

/** Takes the chart along: as a picture of what is drawn now, as text in five languages, as a link, on paper. */
export function ExportMenu({ model }: { readonly model: ChartModel }) {
  const menu = useRef<HTMLDetailsElement>(null)
  const [said, say] = useState('')
  usePrintedSheet(() => pictureOf(model, 'light'))
  // Read, it is in the way.
  useEffect(() => {
    const timer = said === '' ? undefined : setTimeout(() => say(''), 8_000)
    return () => clearTimeout(timer)
  }, [said])
  const close = () => {
    const { current } = menu
    if (current?.open !== true) return
    current.open = false
    current.querySelector('summary')?.focus()
  }
  const act = async (work: () => Promise<string>) => {
    say('')
    try {
      say(await work())
    } catch (problem) {
      say(`That did not work: ${problem instanceof Error ? problem.message : String(problem)}`)
    }
    close()
  }
  const take = (format: Format) =>
    act(async () => {
      const written = await format.write(model)
      const name = `${model.id}.${format.ending}`
      save(typeof written === 'string' ? new Blob([written], { type: format.type }) : written, name)
      return `Saved as ${name}.`
    })
  const copyLink = () =>
    act(async () => {
      await navigator.clipboard.writeText(window.location.href)
      return 'The link is copied.'
    })
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return
    event.stopPropagation()
    close()
  }
  useEffect(() => {
    const onPointerDown = ({ target }: PointerEvent) => {
      const { current } = menu
      if (current?.open === true && !(target instanceof Node && current.contains(target))) current.open = false
    }
    document.addEventListener('pointerdown', onPointerDown)
    return () => document.removeEventListener('pointerdown', onPointerDown)
  }, [])
  return (
    <div className="export">
      {/* The keys are those of the buttons within. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
      <details ref={menu} onKeyDown={onKeyDown}>
        <summary>Take it along</summary>
        <ul aria-label="Take it along">
          {formats.map((format) => (
            <li key={format.name}>
              <button type="button" onClick={() => void take(format)}>
                {format.name} <span>{format.about}</span>
              </button>
            </li>
          ))}
          <li>
            <button type="button" onClick={() => void copyLink()}>
              Copy the link <span>to just this view</span>
            </button>
          </li>
          <li>
            <button
              type="button"
              onClick={() => {
                close()
                window.print()
              }}
            >
              Print <span>all of it, on one page</span>
            </button>
          </li>
        </ul>
      </details>
      <output>{said}</output>
    </div>
  )
}

function save(blob: Blob, name: string): void {
  const address = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  // The browser has to have begun with it.
  setTimeout(() => URL.revokeObjectURL(address), 10_000)
}
