import { PassThrough } from 'node:stream'
import { renderToPipeableStream, renderToString } from 'react-dom/server'
import { accessTokenFrom, createSessionLogic, SessionError } from '../../../services/index.ts'
import { createActor } from 'xstate'
import { App, session, type Stored } from './app.tsx'

/** What a Node process that has no page tells of the app; the process is to end by itself then. */
export interface Told {
  readonly string: string
  /** With a snapshot that was stored. */
  readonly displayed: string
  /** What the session of the server has to store. */
  readonly snapshot: Stored
  /** As it went over the wire, piece by piece. */
  readonly streamed: readonly string[]
  readonly refused: readonly unknown[]
  readonly status: readonly unknown[]
}

async function stream(): Promise<string[]> {
  const chunks: string[] = []
  let tell: (news: string) => void = () => {}
  const news = new Promise<string>((resolve) => (tell = resolve))
  const out = new PassThrough()
  out.on('data', (chunk: Buffer) => {
    chunks.push(chunk.toString())
    // Only once something is on its way.
    tell('It rains')
  })
  await new Promise((resolve, reject) => {
    out.on('end', resolve)
    const { pipe } = renderToPipeableStream(<App news={news} />, { onShellReady: () => pipe(out), onError: reject })
  })
  return chunks
}

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'answered',
    (error: unknown) => (error instanceof SessionError ? error.code : String(error)),
  )

export async function main([given = '{}']: readonly string[]) {
  session.start()
  session.send({ type: 'login' })
  await session.ready
  const embedded = createActor(
    createSessionLogic({ authority: 'https://id.example', clientId: 'app', redirectUri: 'https://app.example/back' }),
  )
  const told: Told = {
    string: renderToString(<App />),
    displayed: renderToString(<App stored={JSON.parse(given) as Stored} />),
    snapshot: session.actor.getPersistedSnapshot(),
    streamed: await stream(),
    refused: await Promise.all([
      codeOf(session.getAccessToken()),
      codeOf(session.fetch('/api')),
      codeOf(accessTokenFrom(embedded)),
    ]),
    status: [session.getSnapshot().value, embedded.getSnapshot().value, session.hasValid(), session.canRenew()],
  }
  // One that is started here has no services either.
  embedded.start()
  await Promise.resolve()
  const { value, context } = embedded.getSnapshot()
  console.log(JSON.stringify({ ...told, status: [...told.status, value, context.problem?.code] }))
}
