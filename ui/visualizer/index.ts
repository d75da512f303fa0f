// The entry point `sessionchart/visualizer`: charts drawn from the running code.
export type { Answer } from './bridge/messages.ts'
export { shareSession, type Shared, type ShareOptions } from './bridge/share.ts'
export { watchSessions, type SessionWatch, type WatchedSession, type WatchOptions } from './bridge/watch.ts'
export { noMarks, type Mark, type Marks, type Tone } from './chart/marks.ts'
export { Outline, type OutlineProps } from './chart/outline.tsx'
export { SessionChart, type SessionChartProps } from './chart/session-chart.tsx'
export { lengthInWords, progressOf, type ChartTime } from './chart/time.ts'
export { differenceOf, OtherChartError, type ChartDifference } from './difference/difference.ts'
export { differenceMarks } from './difference/marks.ts'
export { NoChartError, readModel, toJson } from './export/json.ts'
export { toMermaid } from './export/mermaid.ts'
export { toPlantUml } from './export/plantuml.ts'
export { toScxml } from './export/scxml.ts'
export type { Geometry, Words } from './layout/geometry.ts'
export { useGeometry } from './layout/use-geometry.ts'
export {
  chartModelOf,
  sourcesOf,
  type ChartInvoke,
  type ChartModel,
  type ChartState,
  type ChartTransition,
} from './model/chart.ts'
export { fold } from './model/fold.ts'
export { coverageMarks, standingsOf, type Coverage, type Standing } from './overlay/coverage.ts'
export { heatMarks, heatOf, type Heat } from './overlay/heat.ts'
export { readRecording, recordingFile, RecordingProblem, versionOf, type KeptRecording } from './recorder/file.ts'
export { extended, momentsAfter, momentsAt } from './recorder/moments.ts'
export { createRecorder, type Recorder, type RecorderOptions } from './recorder/recorder.ts'
export type {
  ChartRecord,
  Ended,
  Moment,
  Recording,
  RunningService,
  Situation,
  Started,
  Stepped,
  Wait,
} from './recorder/records.ts'
export { whyNot, type Candidate, type GuardAnswer, type Verdict, type Why } from './recorder/why-not.ts'
