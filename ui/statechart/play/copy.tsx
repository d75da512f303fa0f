import { useState } from 'react'
import { journeyAsCode } from './journey.ts'
import type { Playback } from './playback.ts'
import type { Score } from './score.ts'

interface CopyButtonsProps {
  readonly playback: Playback & { readonly score: Score }
  readonly tab: number
}

/** What is shown as a link, and what was played as a test; where the browser does not let it be copied, it is shown to be. */
export function CopyButtons({ playback, tab }: CopyButtonsProps) {
  const [said, say] = useState('')
  const [shown, show] = useState<string | null>(null)
  const copy = (text: string, words: string) => {
    const fail = () => {
      say('This browser does not let it be copied from here. Copy it yourself:')
      show(text)
    }
    show(null)
    // Where the page is not served safely, there is no clipboard.
    if (!('clipboard' in navigator)) fail()
    else navigator.clipboard.writeText(text).then(() => say(words), fail)
  }
  const { score, frames } = playback
  return (
    <div className="play-copy">
      <button type="button" onClick={() => copy(window.location.href, 'The link is copied.')}>
        Copy the link
      </button>
      <button
        type="button"
        title="A journey, to be pasted into a file of test/journeys"
        onClick={() => copy(journeyAsCode({ ...score, frames }, tab), 'The test is copied.')}
      >
        Copy as a journey test
      </button>
      <output>{said}</output>
      {shown !== null && <textarea aria-label="To be copied" readOnly rows={10} value={shown} />}
    </div>
  )
}
