import type { Endpoint } from '../../../idp/index.ts'
import type { CredentialFacts } from '../../../machines/facts.ts'
import type { RenewalOutcome } from '../../../machines/renewal/types.ts'
import { selectFacts } from '../../../services/index.ts'
import type { Play } from './types.ts'

/** The world before an event, as far as answers say something about it. */
export interface Before {
  readonly facts: CredentialFacts | null
  readonly visited: number
  requestsOf(endpoint: Endpoint): number
}

/** What a service that answers like this has to have done. Throws where it did not. */
type Proof = (play: Play, answer: never, before: Before) => Promise<void> | void

export function lookBefore({ session, stage, provider }: Play): Before {
  const counts = new Map<Endpoint, number>()
  for (const { endpoint } of provider.requests.list()) counts.set(endpoint, (counts.get(endpoint) ?? 0) + 1)
  return {
    facts: selectFacts(session.getSnapshot()),
    visited: stage.visited.length,
    requestsOf: (endpoint) => counts.get(endpoint) ?? 0,
  }
}

function assert(holds: boolean, what: string): void {
  if (!holds) throw new Error(`It is not so that ${what}.`)
}

function assertAsked(endpoint: Endpoint, { provider }: Play, before: Before): void {
  assert(provider.requests.count({ endpoint }) > before.requestsOf(endpoint), `the provider was asked at ${endpoint}`)
}
const hasAsked =
  (endpoint: Endpoint): Proof =>
  (play, _answer, before) =>
    assertAsked(endpoint, play, before)

/** What this tab acts on is what is kept. */
const isKept: Proof = async ({ session, browser }) => {
  const [own, kept] = [selectFacts(session.getSnapshot()), await browser.facts()]
  // A chart that looks again, because another tab logged in as well, knows that in a moment.
  if (!session.getSnapshot().matches('active')) return
  assert(
    own !== null && own.generation === kept?.generation && own.revision === kept.revision,
    'what the tab acts on is kept',
  )
}

const hasLeft: Proof = ({ stage }, _answer, before) =>
  assert(stage.visited.length > before.visited, 'the page has left')

export const sessionProofs = {
  loginInFrame: isKept,
  loginInPopup: isKept,
  stepUpInPopup: isKept,
  completeLogin: isKept,
  saveCredentials: isKept,
  redirectToLogin: hasLeft,
  redirectSilently: hasLeft,
  async clearCredentials({ browser }: Play, _answer: never, { facts }: Before) {
    const kept = await browser.facts()
    assert(kept === null || (facts !== null && kept.generation !== facts.generation), 'the login is not kept any more')
  },
  revokeTokens(play: Play, outcome: string, before: Before) {
    if (outcome === 'done') assertAsked('revocation', play, before)
  },
}

export const renewalProofs = {
  requestTokens: hasAsked('token'),
  async confirmVerdict({ browser }: Play, { outcome }: { readonly outcome: string }) {
    if (outcome === 'rejected') assert((await browser.facts()) === null, 'nothing is kept')
  },
  async commitTokens({ browser }: Play, { outcome }: RenewalOutcome, { facts }: Before) {
    const { revision = 0, generation = '' } = facts ?? {}
    const kept = await browser.facts()
    if (outcome === 'renewed') assert(kept?.revision === revision + 1, 'the new credentials are kept')
    if (outcome === 'unsaved') assert(kept?.revision === revision, 'the old credentials are kept')
    if (outcome === 'discarded') assert(kept?.generation !== generation, 'another login is kept')
  },
}

export const accountProofs = {
  loadProfile: hasAsked('userinfo'),
  saveMetadata: hasAsked('api'),
  async discardPatches({ browser }: Play) {
    assert((await browser.notes()).pending.length === 0, 'nothing waits to be saved')
  },
}
