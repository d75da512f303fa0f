import { charts, titleOf } from '../charts.ts'
import { useView } from '../view.ts'
import type { SceneStep } from '../../../services/memory/index.ts'
import type { Frame, TabFrame } from './playback.ts'
import './sights.css'

interface SightsProps {
  readonly frame: Frame
  /** The steps that led here. */
  readonly steps: readonly SceneStep[]
  /** The tab whose charts are drawn. */
  readonly tab: number
  readonly onTab: (tab: number) => void
  /** A button is pressed; default: they only show what there is to press. */
  readonly onPress?: (tab: number, button: Button) => void
}

type Button = TabFrame['sight']['buttons'][number]

/** What people see now, tab by tab, with what the tabs told each other; and the charts that run. */
export function Sights({ frame, steps, tab, onTab, onPress }: SightsProps) {
  const messages = steps.filter((step) => step.from !== undefined)
  return (
    <>
      <div className="play-sights" data-tabs={frame.tabs.length}>
        {frame.tabs.map((one, place) => (
          <Card
            // Tabs have no other name than their place.
            // oxlint-disable-next-line react/no-array-index-key
            key={place}
            frame={one}
            name={frame.tabs.length === 1 ? 'What Alice sees' : `Tab ${place + 1}`}
            isDrawn={place === tab}
            onDraw={frame.tabs.length === 1 ? null : () => onTab(place)}
            onPress={onPress && ((button) => onPress(place, button))}
          />
        ))}
      </div>
      {messages.map(({ from = 0, tab: to = 0, ...step }) => (
        <p key={`${from} ${to} ${step.do}`} className="play-message">
          Tab {from + 1} <span aria-hidden="true">→</span>
          <span className="play-hidden"> tells</span> Tab {to + 1}:{' '}
          <code>{'news' in step ? step.news.type : step.do}</code>
        </p>
      ))}
      {frame.tabs.flatMap(({ ignored }, place) =>
        ignored.map((type) => (
          <output key={`${place} ${type}`} className="play-note">
            <code>{type}</code> was ignored: no chart has anything to do about it here.
          </output>
        )),
      )}
      <Running frame={frame.tabs[tab]} />
    </>
  )
}

function Card({
  frame: { sight },
  name,
  isDrawn,
  onDraw,
  onPress,
}: {
  readonly frame: TabFrame
  readonly name: string
  readonly isDrawn: boolean
  readonly onDraw: (() => void) | null
  readonly onPress: ((button: Button) => void) | undefined
}) {
  return (
    <article className={`play-card is-${sight.tone}`} aria-label={name} data-drawn={isDrawn}>
      <h3>
        {onDraw === null ? (
          name
        ) : (
          <button type="button" aria-pressed={isDrawn} onClick={onDraw} title="Show the charts of this tab">
            {name}
          </button>
        )}
      </h3>
      {sight.question !== null && <p className="play-question">{sight.question}</p>}
      <p className="play-title">{sight.title}</p>
      <p>{sight.text}</p>
      {sight.lines.length > 0 && (
        <ul>
          {sight.lines.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      )}
      {sight.buttons.length > 0 && (
        <p className="play-buttons">
          {onPress === undefined && <span className="play-hidden">There are buttons: </span>}
          {sight.buttons.map((button) =>
            onPress === undefined ? (
              <span key={button.words}>{button.words}</span>
            ) : (
              <button key={button.words} type="button" onClick={() => onPress(button)}>
                {button.words}
              </button>
            ),
          )}
        </p>
      )}
    </article>
  )
}

/** The charts that run now; one of them is drawn. */
function Running({ frame }: { readonly frame: TabFrame | undefined }) {
  const [view, change] = useView()
  const running = new Set(frame?.moments.map(({ chart }) => chart))
  const drawn = view.chart === '' ? charts[0]?.id : view.chart
  if (running.size === 0) return null
  return (
    <nav className="play-running" aria-label="Charts that run now">
      <span className="play-soft">Runs now:</span>
      {charts
        .filter(({ id }) => running.has(id))
        .map(({ id }) => (
          <button
            key={id}
            type="button"
            aria-pressed={id === drawn}
            onClick={() => id !== drawn && change({ chart: id, closed: null, at: null })}
          >
            {titleOf(id)}
          </button>
        ))}
    </nav>
  )
}
