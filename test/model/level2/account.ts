import type { AccountContext, AccountEvent, LoadedMetadata, SavedMetadata } from '../../../machines/account/types.ts'
import type { SessionError } from '../../../machines/errors.ts'
import { isRefused } from '../../../machines/patches.ts'
import { selectAccount, selectFacts } from '../../../services/index.ts'
import type { Forces } from './driver.ts'
import type { Play } from './types.ts'
import { keepSession } from './keeping.ts'
import { accountProofs } from './proofs.ts'
import { waitFor } from './waiting.ts'

type OfType<TType extends AccountEvent['type']> = Extract<AccountEvent, { readonly type: TType }>

const subjectOf = ({ session }: Play): string => selectFacts(session.getSnapshot())?.subject ?? ''

let typed = 0
/** Each change differs from all before: one that is there already would not be sent. */
const somePatch = () => ({ first: `Grace ${(typed += 1)}` })

/** So many requests are what waits in the queue that all tabs share. */
async function wait(play: Play, count: 0 | 1 | 2): Promise<void> {
  const { saving } = play.browser
  const subject = subjectOf(play)
  await saving.discard(subject)
  // To remove everything and then to set something takes two; anything else is sent together.
  if (count > 1) await saving.add(subject, {})
  if (count > 0) await saving.add(subject, somePatch())
}

/** What waits may be sent. */
async function forgive(play: Play): Promise<void> {
  const { pending } = await play.browser.notes()
  if (pending.length === 0) await wait(play, 1)
  else await play.browser.saving.forgetSetbacks(subjectOf(play))
}

const countOf = (pending: readonly unknown[]): 0 | 1 => (pending.length > 0 ? 1 : 0)

/** The API, or userinfo where the metadata is a claim, does not answer, or not as it should. */
function spoil({ provider }: Play, { code }: SessionError): void {
  for (const endpoint of ['api', 'userinfo'] as const) {
    if (code === 'metadata_refused') provider.faults.add({ endpoint, kind: 'status', status: 403, count: 'always' })
    else if (code === 'invalid_response') provider.faults.add({ endpoint, kind: 'invalid_json' })
    else provider.faults.add({ endpoint, kind: 'drop', partial: true })
  }
}

/** The queue on disk is as the chart has it, once it is written. */
async function untilKept(
  play: Play,
  isKept: (pending: Awaited<ReturnType<Play['browser']['notes']>>['pending']) => boolean,
) {
  let isDone = false
  const look = async (): Promise<void> => {
    while (!isDone) isDone = isKept((await play.browser.notes()).pending)
  }
  void look()
  await waitFor(() => isDone, 'a change to be kept')
}

/** A session whose profile and metadata are just being loaded. */
export async function beginAccount(play: Play): Promise<void> {
  await keepSession(play)
  // It begins by looking at what is kept.
  await waitFor(() => play.steps['account']?.some(({ event }) => event === 'notes.changed') === true, 'a first look')
}

export const accountForces: Forces = {
  done: {
    loadMetadata: async (play: Play, { pending, writable }: LoadedMetadata) => {
      if (writable) await wait(play, countOf(pending))
    },
    saveMetadata: async (play: Play, { pending }: SavedMetadata) => wait(play, pending.length > 0 ? 2 : 1),
  },
  failed: {
    loadProfile: ({ provider }: Play) => provider.faults.add({ endpoint: 'userinfo', kind: 'drop', partial: true }),
    loadMetadata: spoil,
    async saveMetadata(play: Play, error: SessionError) {
      await forgive(play)
      spoil(play, error)
    },
  },
  events: {
    async 'notes.changed'(play: Play, { pending: [first, ...more] }: OfType<'notes.changed'>) {
      await wait(play, first === undefined ? 0 : more.length > 0 ? 2 : 1)
      if (first !== undefined && isRefused(first)) await play.browser.saving.refuse(subjectOf(play))
      play.stage.isHearing = true
      play.browser.saving.tell()
    },
    async 'metadata.patch'(play: Play) {
      const account = selectAccount(play.session.getSnapshot())
      account?.send({ type: 'metadata.patch', patch: somePatch() })
      const isTyped = account !== undefined && account.getSnapshot().context.pending.length > 0
      if (isTyped) await untilKept(play, (pending) => pending.length > 0)
    },
    async 'metadata.retry'(play: Play) {
      play.session.send({ type: 'metadata.retry' })
      await untilKept(play, (pending) => pending.every(({ setback }) => setback === undefined))
    },
    async 'access.renewed'({ session }: Play) {
      session.send({ type: 'token.required' })
    },
    'network.online': ({ stage }: Play) => stage.fire('online'),
    async 'page.resumed'({ stage, steps }: Play) {
      const looks = () => steps['account']?.filter(({ event }) => event === 'notes.changed').length ?? 0
      const before = looks()
      stage.fire('focus')
      await waitFor(() => looks() > before, 'the account to look')
    },
  },
  proofs: accountProofs,
  remembered: ({ profileProblem, metadataProblem, pending, attempts, writable }: AccountContext) => ({
    profileProblem: profileProblem?.code ?? null,
    metadataProblem: metadataProblem?.code ?? null,
    isWaiting: pending.length > 0,
    attempts,
    writable,
  }),
}
