import { useLayoutEffect, useRef } from 'react'
import type { CredentialFacts } from '../../../machines/index.ts'
import { countdown, shareLeft } from '../format.ts'
import { useNow } from '../use-now.ts'

interface BarProps {
  /** From 0 to 1. */
  readonly left: number
  /** Where along the bar the renewal is due. */
  readonly renewal: number | null
}

/** For the eye only: the figures above it say the same. Sizes are set as custom properties, for the sake of the CSP. */
function Bar({ left, renewal }: BarProps) {
  const bar = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    bar.current?.style.setProperty('--left', String(left))
    bar.current?.style.setProperty('--renewal', String(renewal ?? 0))
  }, [left, renewal])
  return (
    <div ref={bar} className="bar" aria-hidden="true">
      <div className="bar-track">
        <div className="bar-left" />
      </div>
      {renewal !== null && <div className="bar-notch" />}
    </div>
  )
}

function Figure({ label, value }: { readonly label: string; readonly value: string }) {
  return (
    <div className="clock-figure">
      <dt>{label}</dt>
      <dd role="timer">{value}</dd>
    </div>
  )
}

/** The life of the access token, second by second. Only this part renders with the clock. */
export function TokenClock({ facts }: { readonly facts: CredentialFacts }) {
  const now = useNow()
  const { storedAt, renewAt, expiresAt, renewable } = facts
  return (
    <div className="clock" data-expired={now >= expiresAt}>
      <dl className="clock-figures">
        <Figure label="Renews in" value={renewable ? countdown(renewAt - now) : 'never'} />
        <Figure label="Expires in" value={countdown(expiresAt - now)} />
      </dl>
      <Bar
        left={shareLeft(now, storedAt, expiresAt)}
        renewal={renewable ? shareLeft(renewAt, storedAt, expiresAt) : null}
      />
    </div>
  )
}
