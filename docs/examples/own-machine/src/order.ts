import { accessTokenFrom, type Session } from 'sessionchart'

/** Whoever invokes the session hands its actor on; the token is asked for when it is needed, and no machine holds it. */
export async function orderTea(tea: string, session: Session['actor'] | undefined): Promise<string> {
  if (session === undefined) throw new Error('The tea house is closed.')
  const token = await accessTokenFrom(session, { minTtl: 10_000 })
  // Your API here: the provider's userinfo endpoint stands in for it.
  const answer = await fetch(new URL('/userinfo', import.meta.env.VITE_AUTHORITY), {
    headers: { Authorization: `Bearer ${token}` },
  })
  if (!answer.ok) throw new Error(`The kitchen answered ${answer.status}.`)
  const { name } = (await answer.json()) as { name: string }
  return `One ${tea} for ${name}.`
}
