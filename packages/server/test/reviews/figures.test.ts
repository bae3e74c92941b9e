import { describe, expect, test } from 'vitest'
import {
  attributeDrift,
  Behind,
  criteriaOf,
  driftOf,
  followUp,
  forgottenOf,
  kpiOf,
  reasonsOf,
  separation,
  stagesOf,
  verdictOn,
  type Scored,
} from '../../src/reviews/figures.ts'
import { dueOf, shifted } from '../../src/reviews/period.ts'
import { DAY, HOUR, T0 } from '../live/world.ts'

const handover = (lead: string, days: number) => ({ lead, at: T0 + days * DAY, version: 1 })
const decided = (lead: string, hours: number, decision: string, reason: string | null = null) => ({
  lead,
  at: T0 + hours * HOUR,
  decision,
  reason,
})

// Four leads in four weeks: a won after 2 h, b rejected after 6 h, c called after 1 h and lost, d left alone. e comes later.
const HANDOVERS = [handover('a', 0), handover('b', 0), handover('c', 7), handover('d', 8), handover('e', 28)]
const FOLLOWED = followUp(HANDOVERS, {
  decisions: [
    decided('b', -1, 'accept'), // before it was handed over: another story
    decided('c', 7 * 24 + 5, 'lose', 'Price'),
    decided('c', 7 * 24 + 3, 'accept'),
    decided('a', 2, 'accept'),
    decided('a', 50, 'win'),
    decided('b', 6, 'reject', 'Too small'),
    decided('d', 40 * 24, 'accept'), // after the period
  ],
  calls: [{ lead: 'c', at: T0 + 7 * DAY + HOUR }],
  until: T0 + 29 * DAY,
})

test('what became of each handover, up to the end of the period', () => {
  expect(
    FOLLOWED.map(({ lead, verdict, ended, reason, isCalled }) => [lead, verdict, ended, reason, isCalled]),
  ).toEqual([
    ['a', 'accepted', 'won', null, false],
    ['b', 'rejected', null, 'Too small', false],
    ['c', 'accepted', 'lost', null, true],
    ['d', null, null, null, false],
    ['e', null, null, null, false],
  ])
  expect(FOLLOWED.map(({ at, followedUpAt }) => followedUpAt && (followedUpAt - at) / HOUR)).toEqual([
    2,
    6,
    1,
    null,
    null,
  ])
})

test('key figures of a span, and the leads behind each', () => {
  const behind = new Behind()
  const kpi = kpiOf({ key: 'period', version: null, from: T0, to: T0 + 28 * DAY }, FOLLOWED, behind)
  expect(kpi).toMatchObject({
    weeks: 4,
    handovers: 4,
    perWeek: { value: 1 },
    accepted: { successes: 2, trials: 3, rate: 2 / 3 },
    won: { successes: 1, trials: 2, rate: 0.5 },
    undecided: 1,
    followUp: { hours: 2, low: null, high: null, count: 3 },
  })
  // Wilson, 2 of 3: (2 + 1.92073 ± 1.95996·√(⅔·⅓·3 + .96036)) / (3 + 3.84146)
  expect(kpi.accepted.low).toBeCloseTo((3.92073 - 1.95996 * Math.sqrt(2 / 3 + 0.96036)) / 6.84146, 4)
  expect(kpi.accepted.high).toBeCloseTo((3.92073 + 1.95996 * Math.sqrt(2 / 3 + 0.96036)) / 6.84146, 4)
  expect(behind.figures.get('period:accepted')).toEqual({ total: 2, leads: ['a', 'c'] })
  expect(behind.figures.get('period:undecided')).toEqual({ total: 1, leads: ['d'] })
  expect(behind.figures.get('period:handovers')?.leads).toEqual(['a', 'b', 'c', 'd'])
})

test('more leads than are kept are counted all the same', () => {
  const behind = new Behind(2)
  behind.keep('many', ['a', 'b', 'b', 'c'])
  expect(behind.figures.get('many')).toEqual({ total: 3, leads: ['a', 'b'] })
})

test('reasons, the most frequent first', () => {
  const rejected = (lead: string, reason: string | null) => ({ ...FOLLOWED[1]!, lead, reason })
  const rows = [
    rejected('a', 'Price'),
    rejected('b', 'Not now'),
    rejected('c', 'Not now'),
    rejected('d', null),
    FOLLOWED[0]!,
  ]
  const behind = new Behind()
  expect(reasonsOf(rows, behind)).toEqual([
    { reason: 'Not now', count: 2, figure: 'reason:Not now' },
    { reason: '', count: 1, figure: 'reason:' },
    { reason: 'Price', count: 1, figure: 'reason:Price' },
  ])
  expect(behind.figures.get('reason:Not now')?.leads).toEqual(['b', 'c'])
})

test('forgotten: handed over long enough ago, not turned down, and never called', () => {
  const behind = new Behind()
  const until = T0 + 29 * DAY
  // a was won, b turned down, c called; e came a day ago.
  expect(forgottenOf(FOLLOWED, { until, graceMs: 2 * DAY, behind })).toEqual({ count: 1, figure: 'forgotten' })
  expect(behind.figures.get('forgotten')?.leads).toEqual(['d'])
  expect(forgottenOf(FOLLOWED, { until, graceMs: HOUR, behind }).count).toBe(2)
})

describe('criteria', () => {
  /** So many leads, of which so many were accepted. */
  const some = (
    prefix: string,
    [accepted, all]: readonly [number, number],
    points: readonly [string, number][],
  ): Scored[] =>
    Array.from({ length: all }, (_, index) => ({
      ...FOLLOWED[index < accepted ? 0 : 1]!,
      lead: `${prefix}${index}`,
      points: new Map(points),
    }))

  test('accepted with and without it, with the interval of the difference', () => {
    // 56 of 70 against 48 of 80: 0.2 (0.0524 to 0.3339), Newcombe 1998, method 10
    const rows = [...some('w', [56, 70], [['size', 20]]), ...some('o', [48, 80], [])]
    const behind = new Behind()
    const [size] = criteriaOf(rows, ['size'], behind)
    expect(size).toMatchObject({
      points: 20,
      with: { successes: 56, trials: 70 },
      without: { successes: 48, trials: 80 },
    })
    expect(size!.difference.value).toBeCloseTo(0.2, 12)
    expect(size!.difference.low).toBeCloseTo(0.0524, 4)
    expect(size!.difference.high).toBeCloseTo(0.3339, 4)
    expect(size!.verdict).toBe('separates')
    expect(size!.reasons).toMatchObject([{ reason: 'Too small', count: 14 }])
    expect(behind.figures.get('criterion:size:with')?.total).toBe(70)
  })

  test('what takes points and is accepted more often points the wrong way', () => {
    const rows = [...some('w', [56, 70], [['student', -40]]), ...some('o', [48, 80], [])]
    expect(criteriaOf(rows, ['student'], new Behind())[0]?.verdict).toBe('reversed')
  })

  test.each([
    { name: 'the interval holds nought and reaches far', low: -0.05, high: 0.2, isPlus: true, verdict: 'not_enough' },
    { name: 'the whole interval is next to nought', low: -0.05, high: 0.06, isPlus: true, verdict: 'no_longer' },
    { name: 'above nought', low: 0.01, high: 0.3, isPlus: true, verdict: 'separates' },
    { name: 'below nought, and it takes points', low: -0.3, high: -0.01, isPlus: false, verdict: 'separates' },
    { name: 'below nought, and it gives points', low: -0.3, high: -0.01, isPlus: true, verdict: 'reversed' },
    { name: 'nobody had it', low: -1, high: 1, isPlus: true, verdict: 'not_enough' },
  ])('$name: $verdict', ({ verdict, ...interval }) => {
    expect(separation(interval)).toBe(verdict)
  })
})

describe('drift', () => {
  const part = (label: string | null, before: number, now: number) => ({ label, before, now, figure: null })

  test('the same shares are stable, others are told when chance cannot explain them', () => {
    expect(driftOf('x', [part('a', 100, 50), part('b', 100, 50)])).toMatchObject({ index: 0, verdict: 'stable' })
    // shares ½ ½ → ¼ ¾ of 200 and 200: 0.27 against 0.01 by chance
    expect(driftOf('x', [part('a', 100, 50), part('b', 100, 150)])).toMatchObject({ verdict: 'shifted' })
    // ½ ½ → .34 .66: 0.1
    expect(driftOf('x', [part('a', 100, 67), part('b', 100, 133)])).toMatchObject({ verdict: 'moving' })
  })

  test('few cases say nothing; more than few that chance would explain neither', () => {
    expect(driftOf('x', [part('a', 100, 5), part('b', 100, 20)]).verdict).toBe('not_enough')
    const many = Array.from({ length: 11 }, (_, index) => part(`${index}`, 3, index % 2 === 0 ? 4 : 2))
    const { index, byChance, verdict } = driftOf('x', many)
    expect(byChance).toBeCloseTo(10 / 33 + 10 / 34, 12)
    expect(index).toBeLessThan(3 * byChance!)
    expect(verdict).toBe('stable')
  })

  test('numbers in fifths of the period before, what is not known last, leads of this period behind each', () => {
    const rows = Array.from({ length: 10 }, (_, index) => ({
      lead: `b${index}`,
      isNow: false,
      value: (index * 10) as unknown,
    }))
    rows.push(
      { lead: 'n1', isNow: true, value: 5 },
      { lead: 'n2', isNow: true, value: 95 },
      { lead: 'n3', isNow: true, value: undefined },
    )
    const behind = new Behind()
    const { parts } = attributeDrift('employees', rows, behind)
    expect(parts.map(({ label, before, now }) => [label, before, now])).toEqual([
      ['< 20', 2, 1],
      ['20 – 40', 2, 0],
      ['40 – 60', 2, 0],
      ['60 – 80', 2, 0],
      ['≥ 80', 2, 1],
      [null, 0, 1],
    ])
    expect(behind.figures.get('attribute:employees:0')?.leads).toEqual(['n1'])
  })
})

test('stages: how long, who is there still, who overstayed; the worst is the bottleneck', () => {
  const stay = (lead: string, stage: string, hours: number | null) => ({
    lead,
    stage,
    at: T0,
    leftAt: hours === null ? null : T0 + hours * HOUR,
  })
  const stays = [
    ...[1, 2, 3, 4, 5, 6].map((hours) => stay(`m${hours}`, 'mql', hours)),
    stay('m7', 'mql', null),
    stay('s1', 'sal', 10),
    stay('s2', 'sal', 30),
  ]
  const breaches = [
    { lead: 'm6', stage: 'mql' },
    { lead: 's1', stage: 'sal' },
  ]
  const behind = new Behind()
  const figures = stagesOf(
    [
      { id: 'mql', hasSla: true },
      { id: 'sal', hasSla: true },
      { id: 'customer', hasSla: false },
    ],
    { stays, breaches },
    behind,
  )
  expect(figures).toMatchObject([
    { stage: 'mql', entered: 7, left: 6, hours: 3.5, low: 1, high: 6, stillThere: 1, breaches: 1, isBottleneck: false },
    { stage: 'sal', entered: 2, left: 2, hours: 20, low: null, breaches: 1, isBottleneck: true },
    { stage: 'customer', entered: 0, hours: null, isBottleneck: false },
  ])
  expect(behind.figures.get('stage:mql:there')?.leads).toEqual(['m7'])
})

test.each([
  { goal: 'at_least', low: 0.6, high: 0.8, verdict: 'kept' },
  { goal: 'at_least', low: 0.5, high: 0.59, verdict: 'missed' },
  { goal: 'at_least', low: 0.5, high: 0.7, verdict: 'not_enough' },
  { goal: 'at_most', low: 0.2, high: 0.6, verdict: 'kept' },
  { goal: 'at_most', low: 0.61, high: 0.7, verdict: 'missed' },
  { goal: 'at_most', low: null, high: null, verdict: 'not_enough' },
] as const)('$goal 0.6, and it is $low to $high: $verdict', ({ goal, low, high, verdict }) => {
  expect(verdictOn({ measure: 'acceptance_rate', goal, value: 0.6 }, { value: 0.6, low, high })).toBe(verdict)
})

describe('when a review is due', () => {
  const at = (text: string) => Date.parse(text)
  test.each([
    ['2026-01-31T10:00:00Z', '1 month', 1, '2026-02-28T10:00:00Z'],
    ['2024-01-31T10:00:00Z', '1 month', 1, '2024-02-29T10:00:00Z'],
    ['2026-11-15T00:00:00Z', '3 months', 1, '2027-02-15T00:00:00Z'],
    ['2026-03-31T00:00:00Z', '1 month', -1, '2026-02-28T00:00:00Z'],
    ['2026-03-02T00:00:00Z', '2 weeks', 1, '2026-03-16T00:00:00Z'],
  ] as const)('%s and %s × %i is %s', (from, every, direction, to) => {
    expect(shifted(at(from), every, direction)).toBe(at(to))
  })

  test('by the last one’s word, else so long after it, else so long after the first version', () => {
    const every = '1 month'
    const [first, now] = [at('2026-01-01T00:00:00Z'), at('2026-03-01T00:00:00Z')]
    const due = (more: object) => dueOf({ every, last: undefined, firstPublishedAt: first, now, ...more })
    expect(due({})).toEqual({ every, dueAt: at('2026-02-01T00:00:00Z'), isDue: true })
    expect(due({ last: { to: at('2026-02-15T00:00:00Z'), nextAt: null } })).toMatchObject({ isDue: false })
    expect(due({ last: { to: first, nextAt: at('2026-03-01T00:00:00Z') } })).toMatchObject({ isDue: true })
    expect(due({ every: undefined })).toEqual({ every: null, dueAt: null, isDue: false })
    expect(due({ firstPublishedAt: undefined })).toMatchObject({ dueAt: null, isDue: false })
  })
})
