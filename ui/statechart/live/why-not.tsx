import { useState } from 'react'
import type { Candidate, GuardAnswer, Moment, Why } from '../../visualizer/index.ts'
import { charts } from '../charts.ts'
import type { LiveStore, Source } from './store.ts'
import { eventsOf, eventWords, shortState } from './words.ts'

interface WhyNotProps {
  readonly store: LiveStore
  readonly shown: Source
  /** Of the chart that is drawn; `null`: it does not run. */
  readonly moment: Moment | null
  /** It cannot be asked of the past: the guards would look at the present. */
  readonly isNow: boolean
}

type Told = { readonly why: Why } | { readonly words: string; readonly isGood: boolean }

/** What would become of an event, candidate by candidate; and sending it, where the app lets that be done. */
export function WhyNot({ store, shown, moment, isNow }: WhyNotProps) {
  const [event, setEvent] = useState('')
  const [more, setMore] = useState('')
  const [told, setTold] = useState<Told | null>(null)
  const model = shown.models.find(({ id }) => id === moment?.chart) ?? charts.find(({ id }) => id === moment?.chart)
  const canAsk = isNow && moment !== null && shown.session?.presence === 'here'
  const { outer, inner } = model === undefined ? { outer: [], inner: [] } : eventsOf(model)

  const put = async (how: 'ask' | 'send', type: string) => {
    if (moment === null || type === '') return setTold(null)
    const details = detailsOf(more)
    if (details === null)
      return setTold({
        words: 'What else the event says has to be a JSON object, e.g. {"revision": 2}.',
        isGood: false,
      })
    const answer = await store[how](shown.id, moment.actor, { ...details, type })
    if (answer.kind === 'why') setTold({ why: answer.why })
    else if (answer.kind === 'sent') setTold({ words: `“${eventWords(type)}” was sent.`, isGood: true })
    else setTold({ words: answer.words, isGood: false })
  }
  const choose = (type: string) => {
    setEvent(type)
    void put('ask', type)
  }
  return (
    <section aria-labelledby="live-why">
      <h2 id="live-why">Why not?</h2>
      {!canAsk && (
        <p className="live-soft">
          {moment === null
            ? 'This chart does not run now. Choose another above the drawing.'
            : 'Only a session that runs can be asked, and only as it is now.'}
        </p>
      )}
      <div className="live-row">
        <select
          aria-label="Event to ask about"
          value={event}
          disabled={!canAsk}
          onChange={({ target }) => choose(target.value)}
        >
          <option value="">Choose an event</option>
          <optgroup label="From outside">
            {outer.map((type) => (
              <option key={type} value={type}>
                {eventWords(type)}
              </option>
            ))}
          </optgroup>
          <optgroup label="From the chart itself">
            {inner.map((type) => (
              <option key={type} value={type}>
                {eventWords(type)}
              </option>
            ))}
          </optgroup>
        </select>
        <button type="button" disabled={!canAsk || event === ''} onClick={() => void put('ask', event)}>
          Ask again
        </button>
        {shown.session?.allowSending === true && (
          <button type="button" disabled={!canAsk || !outer.includes(event)} onClick={() => void put('send', event)}>
            Send it
          </button>
        )}
      </div>
      <details className="live-more">
        <summary>What else the event says</summary>
        <textarea
          aria-label="What else the event says, as a JSON object"
          rows={2}
          placeholder='{"revision": 2}'
          value={more}
          onChange={({ target }) => setMore(target.value)}
        />
      </details>
      <output className="live-answer">
        {canAsk && told !== null && 'words' in told && (
          <p className={told.isGood ? '' : 'live-problem'}>{told.words}</p>
        )}
        {canAsk && told !== null && 'why' in told && <Answer why={told.why} />}
      </output>
    </section>
  )
}

/** `null`: it is no JSON object. */
function detailsOf(text: string): object | null {
  if (text.trim() === '') return {}
  try {
    const told: unknown = JSON.parse(text)
    return typeof told === 'object' && !Array.isArray(told) ? told : null
  } catch {
    return null
  }
}

const verdicts: Readonly<Record<Candidate['verdict'], string>> = {
  taken: 'would be taken',
  refused: 'its guard does not hold',
  threw: 'depends on what the event says',
  notAsked: 'is not asked, one before it settles it',
  overruled: 'gives way to an earlier region',
}
const answers: Readonly<Record<GuardAnswer['said'], string>> = {
  yes: 'holds',
  no: 'does not hold',
  threw: 'cannot be told',
  notAsked: 'not asked',
}

function Answer({ why }: { readonly why: Why }) {
  return (
    <>
      <p>{why.words}</p>
      <ol className="live-why">
        {why.candidates.map((candidate) => (
          <li key={candidate.id} className={`is-${candidate.verdict}`}>
            <p>
              <strong>{shortState(candidate.state)}</strong> {verdicts[candidate.verdict]}
              {candidate.targets.length > 0 && <> → {candidate.targets.map(shortState).join(', ')}</>}
            </p>
            {candidate.guard !== null && <Guard guard={candidate.guard} />}
            <p className="live-soft">{candidate.description}</p>
          </li>
        ))}
      </ol>
    </>
  )
}

function Guard({ guard }: { readonly guard: GuardAnswer }) {
  return (
    <div className="live-guard">
      <code>{guard.name}</code> <span className={`is-${guard.said}`}>{answers[guard.said]}</span>
      {guard.parts.map((part) => (
        <Guard key={part.name} guard={part} />
      ))}
    </div>
  )
}
