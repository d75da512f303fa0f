import { isExpiredAt, type CredentialFacts } from '../../../machines/facts.ts'
import type { Person } from './browser.ts'
import type { Play } from './types.ts'

type Wanted = Pick<CredentialFacts, 'subject' | 'renewable' | 'ceilingAt'>

export const personOf = (facts: { readonly subject: string }): Person => (facts.subject === 'bob' ? 'bob' : 'alice')

/** The vault holds such credentials; another tab logs in, if need be. */
export async function keep({ browser, elsewhere }: Play, wanted: Wanted): Promise<void> {
  const person = personOf(wanted)
  const subject = browser.provider.people.find(({ username }) => username === person)?.subject
  const isThere = (facts: CredentialFacts | null): boolean =>
    facts?.subject === subject &&
    facts?.renewable === wanted.renewable &&
    (facts.ceilingAt === undefined) === (wanted.ceilingAt === undefined) &&
    !isExpiredAt(facts, browser.start + browser.wall.at)
  await elsewhere(async () => {
    if (isThere(await browser.facts())) return
    await browser.logIn(person, {
      ...(wanted.renewable ? {} : { scope: 'openid profile email' }),
      ...(wanted.ceilingAt === undefined ? {} : { maxSessionAge: 600_000 }),
    })
  })
}

/** The session of this tab opens, and finds that alice is signed in. */
export async function keepSession(play: Play): Promise<void> {
  await play.gates.visit('restoreSession')
  await keep(play, { subject: 'alice', renewable: true })
  await play.gates.pass('restoreSession')
}
