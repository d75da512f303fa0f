import { renewalSetup, renewedElsewhere } from '../setup.ts'

const adopt = {
  guard: { type: 'isNewer', params: renewedElsewhere },
  target: 'adopted',
  actions: { type: 'noteAdoption', params: renewedElsewhere },
  description: 'Another tab has renewed; its credentials are ours too.',
} as const

/** The turn is given back during both pauses, so that another tab may try. */
export const backingOff = renewalSetup.createStateConfig({
  description: 'The last try failed; the next one follows after a pause. Nothing is thrown away.',
  on: {
    'sibling.renewed': adopt,
    'network.online': {
      guard: 'mayAskAgain',
      target: 'takingTurn',
      description: 'The network is back, and the provider named no later time.',
    },
    'renewal.retry': {
      target: 'takingTurn',
      description: 'The person asks for another try now, whatever time the provider named.',
    },
    'page.resumed': {
      guard: 'mayAskAgain',
      target: 'takingTurn',
      description: 'The person is back at this page, and the provider named no later time.',
    },
  },
  after: { untilNextTry: { target: 'takingTurn', description: 'The pause is over.' } },
})

export const waitingForNetwork = renewalSetup.createStateConfig({
  description: 'This device is offline; the tab waits for the network.',
  on: {
    'sibling.renewed': adopt,
    'network.online': { target: 'takingTurn', description: 'The network is back.' },
    'renewal.retry': { target: 'takingTurn', description: 'The person asks for another try now.' },
    'page.resumed': { target: 'takingTurn', description: 'The person is back at this page.' },
  },
  after: {
    untilOfflineDoubt: {
      target: 'takingTurn',
      description: 'Long enough: the browser may not have noticed that the network is back.',
    },
  },
})
