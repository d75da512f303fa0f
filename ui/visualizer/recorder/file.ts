import { hashOf } from '../layout/hash.ts'
import type { ChartModel } from '../model/chart.ts'
import { extended } from './moments.ts'
import type { ChartRecord, Moment, Recording } from './records.ts'

const format = 'sessionchart-recording'
const version = 1

/** A recording that was kept, and what it was made of. */
export interface KeptRecording {
  readonly recording: Recording
  /** Versions of the charts as they were, by their id. */
  readonly charts: Readonly<Record<string, string>>
}

/** Why a file is no recording, in words for people; `message` says what to do. */
export class RecordingProblem extends Error {
  override readonly name = 'RecordingProblem'
}

/** Tells versions of a chart apart: the same for the same states and transitions (16 hexadecimal digits). */
export const versionOf = (model: ChartModel): string => hashOf(model, { words: 'built', direction: 'best' })

/** The content of a file, JSON, for `readRecording`. */
export function recordingFile({ base, records }: Recording, models: readonly ChartModel[]): string {
  const charts = Object.fromEntries(models.map((model) => [model.id, versionOf(model)]))
  return JSON.stringify({ format, version, charts, base, records })
}

/** Reads a file of `recordingFile`. Throws `RecordingProblem`; what was shown before is the caller's to keep. */
export function readRecording(text: string): KeptRecording {
  const told = parsed(text)
  if (!isObject(told) || told['format'] !== format)
    throw new RecordingProblem('This file is no recording of a session. Choose one that was saved here.')
  if (told['version'] !== version) {
    const isNewer = typeof told['version'] === 'number' && told['version'] > version
    throw new RecordingProblem(
      isNewer
        ? 'This recording was saved by a newer version. Open it there, or update this one.'
        : 'This recording does not say by which version it was saved.',
    )
  }
  const { base, records, charts } = told
  if (!Array.isArray(base) || !base.every(isMoment) || !Array.isArray(records) || !isHashes(charts))
    throw new RecordingProblem('This recording is not complete. Save it once more.')
  const wrong = records.findIndex((record) => !isRecord(record))
  if (wrong >= 0) throw new RecordingProblem(`Record ${wrong + 1} of this recording is broken.`)
  // Each was looked at.
  const all = records as readonly ChartRecord[]
  const gap = all.findIndex(({ number }, index) => index > 0 && number !== (all[index - 1]?.number ?? 0) + 1)
  if (gap >= 0) throw new RecordingProblem(`This recording has a gap before record ${all[gap]?.number ?? gap}.`)
  return { recording: extended({ base, records: [] }, all, Infinity), charts }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new RecordingProblem('This file is not JSON. Choose a recording that was saved here.')
  }
}

type Fields = Readonly<Record<string, unknown>>
const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every((one) => typeof one === 'string')
const isHashes = (value: unknown): value is Readonly<Record<string, string>> =>
  isObject(value) && isTexts(Object.values(value))
const has = (value: unknown, texts: readonly string[], figures: readonly string[]): value is Fields =>
  isObject(value) &&
  texts.every((name) => typeof value[name] === 'string') &&
  figures.every((name) => Number.isFinite(value[name]))

const isSituation = (value: unknown): boolean =>
  isObject(value) &&
  isTexts(value['states']) &&
  Array.isArray(value['services']) &&
  value['services'].every((one) => has(one, ['id', 'state'], ['since'])) &&
  Array.isArray(value['waits']) &&
  value['waits'].every((one) => has(one, ['event', 'state'], ['since', 'until']))
const isInvoker = (value: unknown): boolean => value === null || has(value, ['actor', 'id'], [])
const isMoment = (value: unknown): value is Moment =>
  has(value, ['actor', 'chart'], ['at']) &&
  isInvoker(value['invokedBy']) &&
  isSituation(value['now']) &&
  isTexts(value['taken'])

function isRecord(value: unknown): value is ChartRecord {
  if (!has(value, ['actor'], ['number', 'at'])) return false
  switch (value['kind']) {
    case 'started':
      return typeof value['chart'] === 'string' && isInvoker(value['invokedBy']) && isSituation(value['now'])
    case 'stepped': {
      const { event, details, taken, asked, now } = value
      const isAsked = (one: unknown): boolean => has(one, ['id'], []) && typeof one['said'] === 'boolean'
      return (
        typeof event === 'string' &&
        isObject(details) &&
        isTexts(taken) &&
        Array.isArray(asked) &&
        asked.every(isAsked) &&
        isSituation(now)
      )
    }
    default:
      return value['kind'] === 'ended'
  }
}
