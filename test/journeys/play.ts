import { describe, expect, it } from 'vitest'
import {
  selectAccount,
  selectEnding,
  selectFacts,
  selectIsSteppingUp,
  selectIsUnsaved,
  selectIsUsable,
  selectLimitNear,
  selectLoginStep,
  selectMetadata,
  selectMetadataProblem,
  selectMetadataStatus,
  selectProblem,
  selectProfile,
  selectProfileStatus,
  selectRenewal,
  selectRenewalProblem,
  selectRenewalStep,
  selectSignedOutReason,
  selectStatus,
  selectUnsavedChanges,
  type RestoreOutcome,
  type SessionFact,
  type SessionPolicy,
  type SessionRequest,
} from '../../machines/index.ts'
import {
  createScript,
  playSteps,
  scriptedSession,
  stepsAsCode,
  testNow,
  type PortCall,
  type PortName,
  type Step,
} from '../../services/memory/index.ts'
import { where, type ScriptedSession } from '../support/charts.ts'
import { watchClaims } from '../support/claims.ts'

/** A life of a session, told by hand: the independent word on where things end. */
export interface Journey {
  /** Begins with the number of the promise. */
  readonly name: string
  /** What differs from `testPolicy`. */
  readonly policy?: Partial<SessionPolicy>
  /** What profile and metadata ask for and tell belongs to the story; else they are answered, and left out. */
  readonly withAccount?: true
  readonly chapters: readonly Chapter[]
}

/** What happens, and what holds then. Nothing else was told and nothing else was asked for than what is said here. */
export interface Chapter {
  /** For whoever reads. */
  readonly title: string
  /** A page is opened, the one before is closed, and this is what it finds; `nothing yet`: it still looks. */
  readonly opens?: RestoreOutcome | 'nothing yet'
  readonly steps?: readonly Step[]
  /** Where the chart is, as in `active.access.authenticated`; what has no more to say than `active.stepUp.none` is left out. */
  readonly where: string | readonly string[]
  /** The facts that were told, in order; by their names where there is no more to them. */
  readonly told?: readonly (SessionFact['type'] | Part<SessionFact>)[]
  /** The services that were called, in order, and with what; without those that watch. */
  readonly asked?: readonly (PortName | readonly [port: PortName, input: unknown])[]
  /** Which of those that wait or listen were left or given back, of all that were called in this page. */
  readonly left?: readonly PortName[]
  /** What a view would show. */
  readonly shows?: Partial<View>
  /** What the person can ask for now, and what not. */
  readonly takes?: readonly SessionRequest['type'][]
  readonly refuses?: readonly SessionRequest['type'][]
}

/** As much of it as there is to say, all the way down. */
type Part<T> = T extends object ? { readonly [TKey in keyof T]?: Part<T[TKey]> } : T

const silent = new Set(['active.limits.within', 'active.stepUp.none'])
const ofAccount = /^(profile|metadata)\.(loaded|failed|saved|refused|changedElsewhere)$/
const askedByAccount = new Set<PortName>(['loadProfile', 'loadMetadata'])
const isWatch = (port: PortName): boolean => port.startsWith('watch')

/** What a view reads of a session, by the public selectors. */
function viewOf({ actor }: ScriptedSession) {
  const snapshot = actor.getSnapshot()
  const account = selectAccount(snapshot)?.getSnapshot()
  const renewal = selectRenewal(snapshot)?.getSnapshot()
  return {
    status: selectStatus(snapshot),
    isUsable: selectIsUsable(snapshot),
    facts: selectFacts(snapshot),
    reason: selectSignedOutReason(snapshot),
    problem: selectProblem(snapshot)?.code,
    ending: selectEnding(snapshot),
    limitNear: selectLimitNear(snapshot),
    isUnsaved: selectIsUnsaved(snapshot),
    isSteppingUp: selectIsSteppingUp(snapshot),
    loginStep: selectLoginStep(snapshot),
    unsavedChanges: selectUnsavedChanges(snapshot),
    renewal: renewal && selectRenewalStep(renewal),
    renewalProblem: renewal && selectRenewalProblem(renewal)?.code,
    profile: account && selectProfile(account),
    profileStatus: account && selectProfileStatus(account),
    metadata: account && selectMetadata(account),
    metadataStatus: account && selectMetadataStatus(account),
    metadataProblem: account && selectMetadataProblem(account)?.code,
  }
}
type View = { readonly [TName in keyof ReturnType<typeof viewOf>]: unknown }

/** Makes a test of each journey. */
export function tellJourneys(about: string, journeys: readonly Journey[]): void {
  describe(`journeys: ${about}`, () => {
    it.each(journeys.map((journey) => [journey.name, journey] as const))('%s', async (_name, journey) => {
      expect(await playJourney(journey)).toBe(journey.chapters.length)
    })
  })
}

/** One page: a session from its opening to its closing. */
interface Page {
  readonly session: ScriptedSession
  readonly claims: ReturnType<typeof watchClaims>
  /** What was told and asked for in the chapters before. */
  told: number
  asked: number
}

/**
 * Plays a journey, and compares what holds after each chapter; says how many came true. A failure says where it is, with the steps
 * so far as an array.
 */
export async function playJourney({ policy = {}, withAccount, chapters }: Journey): Promise<number> {
  let comeTrue = 0
  const played: Step[] = []
  let page: Page | null = null
  for (const chapter of chapters) {
    const { title, opens, steps = [] } = chapter
    try {
      if (opens !== undefined) {
        const now = page?.session.clock.now() ?? testNow
        if (page !== null) close(page)
        page = await open(opens, { policy, now, isQuiet: withAccount !== true })
      }
      if (page === null) throw new Error('The first chapter of a journey opens a page.')
      await playSteps(page.session, steps)
      compare(page, chapter, withAccount === true)
    } catch (error) {
      const soFar = stepsAsCode([...played, ...steps])
      throw new Error(
        `In “${title}”: ${error instanceof Error ? error.message : String(error)}\n\nThe steps so far: ${soFar}`,
        {
          cause: error,
        },
      )
    }
    played.push(...steps)
    comeTrue += 1
  }
  if (page !== null) close(page)
  return comeTrue
}

interface Opening {
  readonly policy: Partial<SessionPolicy>
  readonly now: number
  readonly isQuiet: boolean
}

async function open(found: RestoreOutcome | 'nothing yet', { policy, now, isQuiet }: Opening): Promise<Page> {
  const script = createScript()
  if (isQuiet) {
    script.answer('loadProfile', ({ subject }) => ({ sub: subject }))
    script.answer('loadMetadata', { metadata: {}, pending: [], writable: true })
  }
  if (found !== 'nothing yet') script.answerNext('restoreSession', found)
  const claims = watchClaims()
  const session = scriptedSession({ script, policy, now, inspect: claims.inspect })
  await session.rest()
  return { session, claims, told: 0, asked: 1 }
}

/** P22 A page that goes away leaves nothing: no timer, nobody who waits, nobody who listens. */
function close({ session, claims }: Page): void {
  expect(claims.broken()).toEqual([])
  session.actor.stop()
  expect(session.waits()).toEqual([])
  expect(session.script.calls().filter(({ state }) => state === 'waiting' || state === 'listening')).toEqual([])
}

function compare(page: Page, chapter: Chapter, withAccount: boolean): void {
  const { session, claims } = page
  const facts = session.facts.filter(({ type }) => withAccount || !ofAccount.test(type))
  // What the opening itself reads is no news.
  const calls = session.script
    .calls()
    .filter(({ port }) => !isWatch(port) && (withAccount || !askedByAccount.has(port)))
  const { asked = [], told = [], shows = {}, left } = chapter
  const places = where(session).filter((place) => !silent.has(place))
  const newCalls = calls.slice(page.asked)
  const isGivenUp = ({ state }: PortCall) => state === 'left' || state === 'disposed'

  expect({
    where: places,
    told: facts.slice(page.told).map((fact, index) => (typeof told[index] === 'string' ? fact.type : fact)),
    asked: newCalls.map(({ port, input }, index) => (typeof asked[index] === 'string' ? port : [port, input])),
    ...(left === undefined ? {} : { left: calls.filter(isGivenUp).map(({ port }) => port) }),
    shows: Object.fromEntries(Object.entries(viewOf(session)).filter(([name]) => name in shows)),
    broken: claims.broken(),
  }).toEqual({
    where: [chapter.where].flat().toSorted(),
    told: told.map((fact) => (typeof fact === 'string' ? fact : containing(fact))),
    asked: asked.map((call) => (typeof call === 'string' ? call : [call[0], containing(call[1])])),
    ...(left === undefined ? {} : { left }),
    shows: containing(shows),
    broken: [],
  })
  const isTaken = (type: SessionRequest['type']) => session.actor.getSnapshot().can(sampleOf(type))
  expect({ takes: chapter.takes?.filter(isTaken), refuses: chapter.refuses?.filter((type) => !isTaken(type)) }).toEqual(
    {
      takes: chapter.takes,
      refuses: chapter.refuses,
    },
  )
  page.told = facts.length
  page.asked = calls.length
}

/** Objects are compared by what is said of them, all the way down; everything else as it is. */
function containing(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(containing)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, inner]) => [key, containing(inner)])
  return expect.objectContaining(Object.fromEntries(entries)) as unknown
}

function sampleOf(type: SessionRequest['type']): SessionRequest {
  if (type === 'metadata.patch') return { type, patch: {} }
  if (type === 'token.refused') return { type, revision: 1 }
  if (type === 'person.active') return { type, at: testNow }
  return { type }
}
