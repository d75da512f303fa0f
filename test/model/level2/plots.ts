import type { EventObject } from 'xstate'
import type { LocalProvider } from '../../../idp/index.ts'
import { auth0UserMetadata, claimsUserMetadata } from '../../../services/index.ts'
import { someFacts } from '../../../services/memory/index.ts'
import { accountModel, accountPolicies } from '../charts/account.ts'
import { renewalModel } from '../charts/renewal.ts'
import { sessionModel, sessionPolicies, sessionSamples } from '../charts/session.ts'
import { times } from '../charts/times.ts'
import { explore, type Model } from '../explore.ts'
import { eventsOf } from '../samples.ts'
import type { Goals } from '../walks.ts'
import { accountForces, beginAccount } from './account.ts'
import { accountPorts, type Options } from './browser.ts'
import type { Forces } from './driver.ts'
import type { Play } from './types.ts'
import { inAccount, inRenewal, inSession, restrict, type Restriction } from './plan.ts'
import { beginRenewal, renewalForces } from './renewal.ts'
import { sessionForces } from './session.ts'

export type Chart = 'session' | 'renewal' | 'account'

/** A chart under one policy, and how it is walked in the world. */
export interface Plot {
  readonly name: string
  readonly model: Model
  /** Of all tabs. */
  readonly options: (provider: LocalProvider) => Options
  /** Of the tab that is walked. */
  readonly ownOptions?: Options
  /** Brings the chart to where its model begins. */
  readonly begin?: (play: Play) => Promise<void>
  readonly forces: Forces
  /** What is to be shown besides transitions and guard sides. */
  readonly more?: Goals
  readonly isHeld: (port: string) => boolean
}

interface Derived {
  readonly machine: Model['machine']
  readonly events: readonly EventObject[]
}

const modelOf = ({ machine, events }: Derived, restriction: Restriction): Model =>
  restrict(explore(machine, events), restriction)

const writable = (provider: LocalProvider): Options => ({ metadata: auth0UserMetadata({ domain: provider.issuer }) })
const readOnly = (): Options => ({ metadata: claimsUserMetadata({ claim: 'metadata' }) })

/** Another tab can renew twice while this one waits. */
const renewedTwice = { event: { type: 'sibling.renewed', facts: someFacts({ revision: 3 }) } } as const

function* sessions(): Generator<Plot> {
  const { events } = sessionSamples
  const samples = {
    ...sessionSamples,
    events: { ...events, 'sibling.renewed': [...events['sibling.renewed'], renewedTwice] },
  }
  for (const [name, policy] of Object.entries(sessionPolicies)) {
    const { machine } = sessionModel(policy)
    const isReadOnly = 'account' in policy
    yield {
      name: `session, ${name}`,
      model: modelOf({ machine, events: eventsOf(machine, samples, times.fresh) }, inSession(isReadOnly)),
      options: isReadOnly ? readOnly : writable,
      ownOptions: {
        ...('silentLogin' in policy ? { silentLogin: policy.silentLogin } : {}),
        ...('onSubjectChange' in policy ? { onSubjectChange: policy.onSubjectChange } : {}),
      },
      forces: sessionForces,
      isHeld: (port) => !port.startsWith('watch'),
    }
  }
}

/** Each transition from wherever it can be taken. */
const fromEverywhere: Goals = ({ from, step }) => step.taken.map((id) => `${id} from ${from.configuration}`)

function* renewals(): Generator<Plot> {
  yield {
    name: 'renewal',
    model: modelOf(renewalModel(), inRenewal),
    options: writable,
    begin: beginRenewal,
    forces: renewalForces,
    // A turn is lost otherwise than it is refused.
    more: fromEverywhere,
    isHeld: (port) => !port.startsWith('watch'),
  }
}

function* accounts(): Generator<Plot> {
  for (const [name, policy] of Object.entries(accountPolicies)) {
    const isReadOnly = 'readOnlyBecause' in policy
    yield {
      name: `account, ${name}`,
      model: modelOf(accountModel(policy), inAccount(isReadOnly)),
      options: isReadOnly ? readOnly : writable,
      begin: beginAccount,
      forces: accountForces,
      isHeld: (port) => accountPorts.has(port) || port === 'restoreSession',
    }
  }
}

/** One plot after the other: what one has shown, the next need not show. */
export const plotsOf: Readonly<Record<Chart, () => Iterable<Plot>>> = {
  session: sessions,
  renewal: renewals,
  account: accounts,
}
