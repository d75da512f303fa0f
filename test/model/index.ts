// The entry point `sessionchart/testing`: put your UI into any state of a session, and take your own machine along every path.
export {
  allOfChart,
  collectCoverage,
  countInWords,
  countsOf,
  missing,
  type Count,
  type Counts,
  type Coverage,
  type CoverageCollector,
} from './coverage.ts'
export { catalogueOf, type Transition } from './catalogue.ts'
export { at, derive, timeOf } from './derive.ts'
export { explore, wayTo, type Edge, type Model, type Situation } from './explore.ts'
export { follow, takeWalk, type RealChart } from './follow.ts'
export {
  eventsOf,
  type AnySamples,
  type DelayOf,
  type Failure,
  type Happening,
  type Output,
  type Samples,
} from './samples.ts'
export { sessionIn, type SessionInOptions, type SessionPlace } from './session-in.ts'
export { configurationOf, nodesOf, transitionIdOf } from '../../ui/visualizer/model/nodes.ts'
export { watchSteps, type Step } from '../../ui/visualizer/recorder/steps.ts'
export { allOf, eventGoals, guardGoals, pairGoals, planWalks, sideOf, transitionGoals, type Goals } from './walks.ts'
export * from '../../services/memory/index.ts'
