import { selectEnding, selectSignedOutReason, selectStatus } from '../../services/index.ts'
import { insist, type Step } from './step.ts'
import { until, type Traveller } from './traveller.ts'

/** How the stages of a logout went, in their order; `left`: the page was on its way to the provider's. */
export interface Stages {
  readonly clearing: string
  readonly revoking: string
  readonly leavingProvider: string
}

const inWords = ({ clearing, revoking, leavingProvider }: Stages): string =>
  `${clearing}, ${revoking}, ${leavingProvider}`

/** Logs out, and waits until `logout.finished` is told or the page has left for the provider, where it is gone. */
export async function logOut({ session, tab, leave }: Traveller, from: 'app' | 'provider'): Promise<Stages> {
  const gone = tab.visited.length
  let finished: Stages | null = null
  session.on('logout.finished', ({ ending }) => {
    finished = ending
  })
  session.send({ type: 'logout', from })
  insist(!session.hasValid() && !session.canRenew(), 'there is still a token in the moment after the logout')
  await until(
    () => finished !== null || tab.visited.length > gone,
    () => 'the logout comes to no end',
  )
  if (finished !== null) return finished
  const ending = selectEnding(session.getSnapshot())
  await leave()
  return { clearing: ending?.clearing ?? '', revoking: ending?.revoking ?? '', leavingProvider: 'left' }
}

/** What is logged out here stays so, whatever became of the later stages. */
async function insistItLasts(traveller: Traveller): Promise<void> {
  const session = await traveller.open()
  const snapshot = session.getSnapshot()
  insist(
    selectSignedOutReason(snapshot) === 'logout' && !session.canRenew(),
    `after the logout the session is ${selectStatus(snapshot)}`,
  )
}

export function insistStages(stages: Stages, wanted: string): void {
  insist(inWords(stages) === wanted, `the stages of the logout went ${inWords(stages)}, not ${wanted}`)
}

/** As it is at a provider that does not name this endpoint: it is taken out of the discovery document where it is there. */
async function logOutWithout(missing: 'revocation_endpoint' | 'end_session_endpoint', traveller: Traveller) {
  const { discovery, page } = traveller
  const names = (endpoint: typeof missing): boolean => endpoint !== missing && discovery[endpoint] !== undefined
  page.rewrite = (json) => Object.fromEntries(Object.entries(json).filter(([key]) => key !== missing))
  try {
    await traveller.logIn()
    const stages = await logOut(traveller, 'provider')
    const revoking = names('revocation_endpoint') ? 'done' : 'unsupported'
    const leaving = names('end_session_endpoint') ? 'left' : 'unsupported'
    insistStages(stages, `done, ${revoking}, ${leaving}`)
    await insistItLasts(traveller)
    const how = discovery[missing] === undefined ? '' : `with ${missing} taken out of the discovery document: `
    return `${how}${inWords(stages)}`
  } finally {
    page.rewrite = null
  }
}

/** Logs out of the app and of the provider, where something of the provider is missing. */
export const logoutVariants = {
  'logout, no revocation': (traveller) => logOutWithout('revocation_endpoint', traveller),
  'logout, no logout page': (traveller) => logOutWithout('end_session_endpoint', traveller),

  async 'logout, offline'(traveller) {
    const { discovery, page, tab } = traveller
    await traveller.logIn()
    const gone = tab.visited.length
    page.isOffline = true
    tab.online = false
    try {
      const stages = await logOut(traveller, 'provider')
      insistStages(stages, `done, ${discovery.revocation_endpoint === undefined ? 'unsupported' : 'failed'}, failed`)
      insist(tab.visited.length === gone, 'the page left for a page that cannot come')
      await insistItLasts(traveller)
      return inWords(stages)
    } finally {
      page.isOffline = false
      tab.online = true
    }
  },
} as const satisfies Record<string, Step>
