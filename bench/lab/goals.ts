import { figure, figureAt, peersAt, type Place, type Section } from './figures.ts'

/** What one goal came to; `null` met: not measured. */
export interface Verdict {
  readonly goal: string
  readonly measured: string
  readonly met: boolean | null
  /** By how much it is missed. */
  readonly by: string
}

type Sections = readonly Section[]

const unmeasured = (goal: string): Verdict => ({ goal, measured: 'not measured', met: null, by: '' })

/** `value` may be at most (or has to be at least) `bound`. */
function bounded(
  goal: string,
  value: number | undefined,
  kind: 'at most' | 'at least',
  bound: number | undefined,
  tell: (value: number, bound: number) => string,
): Verdict {
  if (value === undefined || bound === undefined) return unmeasured(goal)
  const met = kind === 'at most' ? value <= bound : value >= bound
  const times = kind === 'at most' ? value / bound : bound / value
  const by = met ? '' : Number.isFinite(times) ? `a factor of ${figure(times)}` : figure(value - bound)
  return { goal, measured: tell(value, bound), met, by }
}

const creation: Place = { section: 'coming-back', table: 'warm cache', column: 'from creation' }
const requests: Place = { section: 'coming-back', table: 'warm cache', column: 'requests until then' }
const calls: Place = { section: 'token', table: 'a usable access token', column: 'calls' }

function fastest(sections: Sections): Verdict {
  const best = peersAt(sections, creation).toSorted((a, b) => a.value - b.value)[0]
  return bounded(
    'coming back, from construction to user, in no more time than the fastest peer',
    figureAt(sections, creation),
    'at most',
    best?.value,
    (ours, theirs) => `${figure(ours)} ms; ${best?.who ?? ''} ${figure(theirs)} ms`,
  )
}

function noRequest(sections: Sections): Verdict {
  const after = figureAt(sections, { ...requests, column: 'in the second after' })
  return bounded(
    'coming back with no request',
    figureAt(sections, requests),
    'at most',
    0,
    (ours) =>
      `${figure(ours)} until the person is known, ${after === undefined ? '–' : figure(after)} in the second after`,
  )
}

function asFastAsAField(sections: Sections): Verdict {
  return bounded(
    'a usable token as fast as a field can be read (behind a promise, as ours is)',
    figureAt(sections, calls),
    'at least',
    figureAt(sections, { ...calls, who: fieldBehindPromise }),
    (ours, field) => `${figure(ours)} calls a second; the field ${figure(field)}`,
  )
}

function tenTimes(sections: Sections): Verdict {
  const best = peersAt(sections, calls)
    .filter(({ who }) => who !== 'keycloak-js')
    .toSorted((a, b) => b.value - a.value)[0]
  return bounded(
    'a usable token at least 10 times as fast as any client that keeps its session over a reload',
    figureAt(sections, calls),
    'at least',
    best === undefined ? undefined : 10 * best.value,
    (ours, ten) => `${figure((10 * ours) / ten)} times ${best?.who ?? ''}`,
  )
}

/** The worst of all numbers of tabs. */
function inTabs(sections: Sections, goal: string, column: RegExp, bound: number): Verdict {
  const tables = sections.find(({ name }) => name === 'tabs')?.tables ?? []
  const found = tables.flatMap(({ title, columns }) => {
    const name = columns.find((one) => column.test(one.name))?.name
    const value = name === undefined ? undefined : figureAt(sections, { section: 'tabs', table: title, column: name })
    return value === undefined ? [] : [{ title, value }]
  })
  const worst = found.toSorted((a, b) => b.value - a.value)[0]
  return bounded(
    goal,
    worst?.value,
    'at most',
    bound,
    (value) => `${figure(value)} at most, with ${found.map(({ title }) => title).join(', ')}`,
  )
}

const third: Place = { section: 'fleet', table: 'the day', column: '3rd' }

function spread(sections: Sections): Verdict {
  const fixed = figureAt(sections, { ...third, who: '(fixed lead)' })
  return bounded(
    'peak to mean of a fleet by the third lifetime at most half of what a fixed lead gives',
    figureAt(sections, third),
    'at most',
    fixed === undefined ? undefined : fixed / 2,
    (ours, half) => `${figure(ours)}; a fixed lead ${figure(2 * half)}`,
  )
}

const price = (sections: Sections): Verdict =>
  bounded(
    'for at most 20 % more requests',
    figureAt(sections, { ...third, column: 'more than a fixed lead' }),
    'at most',
    20,
    (ours) => `${figure(ours)} %`,
  )

const weighs = (sections: Sections, column: 'at once' | 'in all', goal: string, most: number): Verdict =>
  bounded(
    goal,
    figureAt(sections, { section: 'weight', table: 'without React', column }),
    'at most',
    most,
    (ours) => `${figure(ours)} kB`,
  )

/** As the token measurement names it. */
export const fieldBehindPromise = '(a field behind a promise)'

/** What we set out for, and what came of it. */
export const verdictsOn = (sections: Sections): readonly Verdict[] => [
  fastest(sections),
  noRequest(sections),
  asFastAsAField(sections),
  tenTimes(sections),
  inTabs(sections, '1.00 token requests an expiry at every number of tabs', /^token requests/, 1),
  inTabs(sections, 'no session lost at any number of tabs', /^sessions lost/, 0),
  spread(sections),
  price(sections),
  weighs(sections, 'at once', 'at most 20 kB gzipped for a stored session, without React', 20),
  weighs(sections, 'in all', 'at most 46 kB with login, renewal and the check of ID tokens', 46),
]

const word = (met: boolean | null, by: string): string => (met === null ? '' : met ? 'met' : `missed by ${by}`)

export function goalsTable(sections: Sections): string {
  const lines = verdictsOn(sections).map(
    ({ goal, measured, met, by }) => `| ${goal} | ${measured} | ${word(met, by)} |`,
  )
  return ['| goal | measured | |', '| --- | --- | --- |', ...lines].join('\n')
}
