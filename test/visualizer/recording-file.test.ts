import { describe, expect, it } from 'vitest'
import { sessionMachine } from '../../machines/index.ts'
import { createScript, scriptedSession, someSession } from '../../services/memory/index.ts'
import { chartModelOf } from '../../ui/visualizer/model/chart.ts'
import { versionOf, readRecording, recordingFile, RecordingProblem } from '../../ui/visualizer/recorder/file.ts'
import { createRecorder } from '../../ui/visualizer/recorder/recorder.ts'
import { quietAccount } from '../support/charts.ts'

const model = chartModelOf(sessionMachine)

async function aRecording() {
  const script = createScript()
  quietAccount({ script })
  const recorder = createRecorder({ size: 5 })
  const session = scriptedSession({
    restored: { outcome: 'found', ...someSession() },
    script,
    inspect: recorder.inspect,
  })
  await session.rest()
  session.actor.send({ type: 'logout' })
  await session.rest()
  return recorder.recording()
}

describe('a recording as a file', () => {
  it('is read as it was written, with the charts that it was made of', async () => {
    const recording = await aRecording()
    expect(recording.base.length).toBeGreaterThan(0)
    const read = readRecording(recordingFile(recording, [model]))
    expect(read).toEqual({ recording, charts: { session: versionOf(model) } })
  })

  it('knows a chart that has changed since', () => {
    expect(versionOf(chartModelOf(sessionMachine))).toBe(versionOf(model))
    const [first, ...others] = model.transitions
    if (first === undefined) throw new Error('The chart has no transitions.')
    const changed = { ...model, transitions: [{ ...first, targets: ['session.loggedOut'] }, ...others] }
    expect(versionOf(changed)).not.toBe(versionOf(model))
  })

  it.each([
    ['no JSON', () => 'nonsense', 'is not JSON'],
    ['null', () => 'null', 'no recording of a session'],
    ['a file of something else', () => '{"format":"other"}', 'no recording of a session'],
    ['a newer version', (file: string) => file.replace('"version":1', '"version":2'), 'by a newer version'],
    ['no version', (file: string) => file.replace('"version":1', '"version":null'), 'does not say by which version'],
    ['no records', (file: string) => file.replace('"records":', '"others":'), 'is not complete'],
    ['a broken record', (file: string) => file.replace('"kind":"stepped"', '"kind":"hopped"'), 'is broken'],
    ['a situation that is none', (file: string) => file.replace('"states":[', '"states":[7,'), 'is not complete'],
  ])('is refused with words for people where it is %s', async (_, spoil, words) => {
    const file = recordingFile(await aRecording(), [model])
    const read = () => readRecording(spoil(file))
    expect(read).toThrow(RecordingProblem)
    expect(read).toThrow(words)
  })

  it('is refused where records are missing in the middle', async () => {
    const { base, records } = await aRecording()
    const gap = recordingFile({ base, records: records.filter((_, index) => index !== 2) }, [model])
    expect(() => readRecording(gap)).toThrow(`has a gap before record ${records[3]?.number}`)
  })
})
