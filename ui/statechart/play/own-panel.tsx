import { useState } from 'react'
import type { Offer, SceneStep } from '../../../services/memory/index.ts'
import { lengthInWords } from '../../visualizer/index.ts'
import { CopyButtons } from './copy.tsx'
import type { Playback, TabFrame } from './playback.ts'
import { inShort, type OwnStep, type Score } from './score.ts'
import { Sights } from './sights.tsx'

interface OwnPanelProps {
  readonly playback: Playback & { readonly score: Score }
  readonly steps: readonly OwnStep[]
  readonly tab: number
  readonly onTab: (tab: number) => void
  readonly onDo: (step: OwnStep) => void
  readonly onBack: () => void
  readonly onRestart: () => void
  readonly onLeave: () => void
}

/** A session to try things on: what people do, what services come to, what is heard, and how time goes by. */
export function OwnPanel({ playback, steps, tab, onTab, onDo, onBack, onRestart, onLeave }: OwnPanelProps) {
  const { frames, obstacle, score } = playback
  const frame = frames.at(-1)
  const shown = frame?.tabs[tab]
  const act = ({ words, step }: { readonly words: string; readonly step: SceneStep }) =>
    onDo({ words, step: tab === 0 ? step : { ...step, tab } })
  return (
    <section className="play" aria-label="A session of your own">
      <button type="button" className="play-back" onClick={onLeave}>
        <span aria-hidden="true">‹ </span>All scenarios
      </button>
      <h2>{score.title}</h2>
      {obstacle !== null && <p role="alert">{obstacle} Take the last step back to go on.</p>}
      {frame !== undefined && (
        <Sights
          frame={frame}
          steps={score.groups[frames.length - 1] ?? []}
          tab={tab}
          onTab={onTab}
          onPress={(place, { words, event }) =>
            onDo({ words: `“${words}” is pressed`, step: { do: 'send', event, ...(place > 0 && { tab: place }) } })
          }
        />
      )}
      <fieldset className="play-controls" aria-label="Steps">
        <button type="button" onClick={onRestart} disabled={steps.length === 0}>
          Start over
        </button>
        <button type="button" onClick={onBack} disabled={steps.length === 0}>
          Take back
        </button>
      </fieldset>
      {shown !== undefined && <Choices frame={shown} onDo={act} />}
      <Time nextWait={shown?.offers.nextWait ?? null} onDo={act} />
      <h3>Pages</h3>
      <div className="play-choices">
        {shown?.isOpen === true ? (
          <>
            <Choice offer={{ words: 'Reload the page', step: { do: 'open' } }} onDo={act} />
            <Choice offer={{ words: 'Close the page', step: { do: 'close' } }} onDo={act} />
          </>
        ) : (
          <Choice offer={{ words: 'Open a page', step: { do: 'open' } }} onDo={act} />
        )}
        {score.tabs === 1 && (
          <button type="button" onClick={() => onDo({ words: 'A second tab is opened', step: { do: 'open', tab: 1 } })}>
            Open a second tab
          </button>
        )}
      </div>
      <h3>So far</h3>
      <ol className="play-steps">
        {score.captions.map((caption, place) => (
          // Steps have no other name than their place.
          // oxlint-disable-next-line react/no-array-index-key
          <li key={place}>
            {caption}
            {place >= score.captions.length - steps.length && (
              <span className="play-soft"> {score.groups[place]?.map(inShort).join(', ')}</span>
            )}
          </li>
        ))}
      </ol>
      <CopyButtons playback={playback} tab={tab} />
    </section>
  )
}

type Doing = (chosen: { readonly words: string; readonly step: SceneStep }) => void

function Choice({ offer, onDo }: { readonly offer: Parameters<Doing>[0]; readonly onDo: Doing }) {
  return (
    <button type="button" onClick={() => onDo(offer)}>
      {offer.words}
    </button>
  )
}

/** What could happen next in a tab. */
function Choices({ frame: { offers }, onDo }: { readonly frame: TabFrame; readonly onDo: Doing }) {
  const named = (port: string, all: readonly Offer[]) => (
    <fieldset key={port} className="play-port">
      <legend>
        <code>{port}</code>
      </legend>
      <div className="play-choices">
        {all.map((offer) => (
          <Choice
            key={offer.words}
            offer={offer}
            onDo={({ words, step }) => onDo({ words: `${port}: ${words}`, step })}
          />
        ))}
      </div>
    </fieldset>
  )
  // Who asks for a turn waits for it, too.
  const waiting = [...offers.outcomes, ...offers.news.filter(({ port }) => port === 'holdTurn')]
  const others = offers.news.filter(({ port }) => port !== 'holdTurn')
  const taken = offers.requests.filter(({ isTaken }) => isTaken)
  const ignored = offers.requests.filter(({ isTaken }) => !isTaken)
  return (
    <>
      {waiting.length > 0 && <h3>Services wait for an answer</h3>}
      {waiting.map(({ port, offers: all }) => named(port, all))}
      {offers.requests.length > 0 && (
        <>
          <h3>The person or the app asks</h3>
          <div className="play-choices">
            {taken.map((offer) => (
              <Choice key={offer.words} offer={offer} onDo={onDo} />
            ))}
          </div>
          <details>
            <summary>{ignored.length} more, which would be ignored now</summary>
            <div className="play-choices">
              {ignored.map((offer) => (
                <Choice key={offer.words} offer={offer} onDo={onDo} />
              ))}
            </div>
          </details>
        </>
      )}
      {others.length > 0 && (
        <details>
          <summary>What may be heard from elsewhere</summary>
          {others.map(({ port, offers: all }) => named(port, all))}
        </details>
      )}
    </>
  )
}

function Time({ nextWait, onDo }: { readonly nextWait: number | null; readonly onDo: Doing }) {
  const [minutes, setMinutes] = useState('10')
  const pass = (ms: number): Parameters<Doing>[0] => ({ words: `${lengthInWords(ms)} go by`, step: { do: 'pass', ms } })
  const ms = Math.round(Number(minutes) * 60_000)
  const isSound = Number.isFinite(ms) && ms > 0 && ms <= 30 * 86_400_000
  return (
    <>
      <h3>Time</h3>
      <div className="play-choices">
        {/* The longest wait that a browser has is no wait for anything. */}
        {nextWait !== null && nextWait < 2 ** 31 - 86_400_000 && (
          <button type="button" onClick={() => onDo(pass(nextWait))}>
            Until the next wait is over ({lengthInWords(nextWait)})
          </button>
        )}
        <button type="button" onClick={() => onDo(pass(1_000))}>
          1 s
        </button>
        <button type="button" onClick={() => onDo(pass(60_000))}>
          1 min
        </button>
        <form
          onSubmit={(event) => {
            event.preventDefault()
            if (isSound) onDo(pass(ms))
          }}
        >
          <label>
            <input
              type="number"
              min="0.1"
              max="43200"
              step="any"
              value={minutes}
              onChange={({ target }) => setMinutes(target.value)}
            />
            min
          </label>
          <button type="submit" disabled={!isSound}>
            Let them pass
          </button>
        </form>
      </div>
    </>
  )
}
