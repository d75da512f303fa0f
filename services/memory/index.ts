export { comeToRest, SteppingClock } from './clock.ts'
export { asSession, type ScriptedFace } from './face.ts'
export { createScriptedMachines } from './machines.ts'
export { offersOf, type Offer, type Offers } from './offers.ts'
export type {
  AskingPort,
  ListeningPort,
  MachineName,
  News,
  PortCall,
  PortInput,
  PortName,
  PortOutput,
} from './ports.ts'
export { renewedFacts, someFacts, someSession, testNow, testPolicy } from './samples.ts'
export { scenarios } from './scenarios/index.ts'
export type { Scenario, ScenarioMoment } from './scenarios/types.ts'
export { createScene, sceneStepInWords, type Scene, type SceneOptions, type SceneStep } from './scene.ts'
export { createScript, type Script } from './script.ts'
export {
  scriptedAccount,
  scriptedRenewal,
  scriptedSession,
  signedInSession,
  type Scripted,
  type ScriptedOptions,
} from './scripted.ts'
export { playSteps, stepInWords, stepsAsCode, type Playable, type Step } from './steps.ts'
