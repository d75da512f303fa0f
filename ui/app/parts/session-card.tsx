import { useState } from 'react'
import { toProblem, type CredentialFacts } from '../../../machines/index.ts'
import { useAccessToken, useSessionInstance } from '../../react/index.ts'
import { useDemo, useLog } from '../demo-context.ts'
import { ago, clockTime, dateTime } from '../format.ts'
import { useNow } from '../use-now.ts'
import { cause } from '../words.ts'
import { Card } from './card.tsx'
import { TokenClock } from './token-clock.tsx'

function Ago({ at }: { readonly at: number }) {
  return <time dateTime={new Date(at).toISOString()}>{ago(useNow() - at)}</time>
}

function Facts({ facts, tab }: { readonly facts: CredentialFacts; readonly tab: string }) {
  const renewals = useLog((state) => state.renewals)
  const who = facts.writtenBy === tab ? 'This tab' : 'Another tab'
  const scopes = facts.scope.split(' ').filter(Boolean)
  return (
    <dl className="facts">
      <div>
        <dt>{facts.revision === 1 ? 'Logged in' : 'Last renewed by'}</dt>
        <dd>
          {who}, <Ago at={facts.storedAt} />
        </dd>
      </div>
      <div>
        <dt>Renewals seen here</dt>
        <dd className="figure">{renewals}</dd>
      </div>
      <div>
        <dt>Lasts at most until</dt>
        <dd>{facts.ceilingAt === undefined ? 'no fixed end' : dateTime(facts.ceilingAt)}</dd>
      </div>
      <div>
        <dt>Subject</dt>
        <dd>
          <code className="wrap">{facts.subject}</code>
        </dd>
      </div>
      <div className="facts-wide">
        <dt>Granted scope</dt>
        <dd>
          <ul className="chips">
            {scopes.map((scope) => (
              <li key={scope}>
                <code>{scope}</code>
              </li>
            ))}
          </ul>
        </dd>
      </div>
    </dl>
  )
}

type Try = 'renew' | 'call'

interface Result {
  readonly tone: 'good' | 'bad'
  readonly text: string
}

const patience = 15_000

/** The two things that an app does with a session, to be tried by hand. */
function useTries(subject: string) {
  const session = useSessionInstance()
  const getAccessToken = useAccessToken()
  const { config } = useDemo()
  const [running, setRunning] = useState<Try | null>(null)
  const [result, setResult] = useState<Result | null>(null)

  const renew = async (): Promise<Result> => {
    await getAccessToken({ forceRenewal: true, timeout: patience })
    return { tone: 'good', text: `Renewed at ${clockTime(Date.now())}.` }
  }
  const call = async (): Promise<Result> => {
    const before = performance.now()
    const url = new URL(`/api/v2/users/${encodeURIComponent(subject)}`, config.authority)
    const response = await session.fetch(url, { signal: AbortSignal.timeout(patience) })
    const took = Math.round(performance.now() - before)
    return { tone: response.ok ? 'good' : 'bad', text: `The API answered ${response.status} within ${took} ms.` }
  }
  const run = async (kind: Try) => {
    setRunning(kind)
    setResult(null)
    try {
      setResult(await (kind === 'renew' ? renew() : call()))
    } catch (error) {
      setResult({ tone: 'bad', text: `That did not work: ${cause(toProblem(error))}.` })
    } finally {
      setRunning(null)
    }
  }
  return { running, result, run }
}

export function SessionCard({ facts, isUsable }: { readonly facts: CredentialFacts; readonly isUsable: boolean }) {
  const { tab } = useSessionInstance()
  const { running, result, run } = useTries(facts.subject)
  const isBusy = running !== null
  return (
    <Card title="Session" area="session">
      <div className="session-top">
        <TokenClock facts={facts} />
        <div className="tries">
          <div className="row">
            <button
              type="button"
              className="button"
              aria-disabled={isBusy || !isUsable || !facts.renewable}
              onClick={() => !isBusy && isUsable && facts.renewable && void run('renew')}
            >
              Renew now
            </button>
            <button
              type="button"
              className="button"
              aria-disabled={isBusy || !isUsable}
              onClick={() => !isBusy && isUsable && void run('call')}
            >
              Call the API
            </button>
          </div>
          <output className="result" data-tone={result?.tone ?? 'none'}>
            {running === 'renew' ? 'Renewing…' : running === 'call' ? 'Calling…' : (result?.text ?? '')}
          </output>
        </div>
      </div>
      <Facts facts={facts} tab={tab} />
    </Card>
  )
}
