/** A company small enough to count on fingers. */
import { describe, expect, test } from 'vitest'
import type { Definition } from '../../src/definition/language.ts'
import { leadId, type Fact } from '../../src/facts.ts'
import { measure, trace, type BacktestOptions, type BacktestResult } from '../../src/index.ts'

const DAY = 86_400_000
/** A Monday. */
const BEGIN = Date.UTC(2026, 0, 5)

const definition: Definition = {
  winnow: 1,
  name: 'By hand',
  activities: { asked: { from: 'form' }, read: { from: 'page' } },
  scores: {
    interest: {
      groups: {
        all: {
          criteria: [
            { id: 'asked', each: 'asked', points: 60 },
            { id: 'read', each: 'read', points: 10 },
          ],
        },
      },
    },
  },
  categories: {
    heat: { levels: [{ hot: { when: { score: 'interest', at_least: 60 } } }, { cold: {} }] },
  },
  stages: [
    { id: 'lead' },
    { id: 'mql', enter: { category: 'heat', is: 'hot' } },
    { id: 'sal', by: 'accept' },
    { id: 'customer', by: 'win' },
  ],
  capacity: { sales: { mql_per_week: 1 } },
}

/** Days from the beginning, by what happened. */
interface Story {
  readonly asked?: number
  readonly read?: readonly number[]
  readonly accepted?: number
  readonly won?: number
  readonly amount?: number
}

const STORIES: Readonly<Record<string, Story>> = {
  ann: { asked: 1, accepted: 2, won: 11, amount: 1000 }, // hot in week 0, won after ten days
  bob: { asked: 2 }, //                                    hot in week 0, nothing came of it
  cleo: { read: [3, 4], won: 20, amount: 500 }, //         never hot, won all the same
  dan: { asked: 9, accepted: 10 }, //                      hot in week 1, taken, not won
  eve: { asked: 10, read: [8], won: 60, amount: 300 }, //  won after its horizon of 30 days
  fay: { asked: 26 }, //                                   hot too late to be followed
}

function factsOf(name: string, { asked, read = [], accepted, won, amount }: Story): Fact[] {
  const lead = leadId(name)
  const facts: Fact[] = []
  const add = (day: number | undefined, fact: object) => {
    if (day !== undefined) facts.push({ id: `${name}${facts.length}`, at: BEGIN + day * DAY, lead, ...fact } as Fact)
  }
  for (const day of read) add(day, { kind: 'activity', type: 'page', properties: {} })
  add(asked, { kind: 'activity', type: 'form', properties: {} })
  add(accepted, { kind: 'decision', decision: 'accept' })
  add(won, { kind: 'decision', decision: 'win', amount })
  return facts
}

const options: BacktestOptions = {
  from: BEGIN,
  to: BEGIN + 28 * DAY,
  watermark: BEGIN + 50 * DAY,
  horizonDays: 30,
  known: 'happened',
  seed: 1,
  replicates: 200,
}

const circles = Object.entries(STORIES).map(([name, story]) => ({ leads: [leadId(name)], facts: factsOf(name, story) }))
const backtest = (asked: BacktestOptions): BacktestResult =>
  measure(trace(circles, [{ name: 'v', definition }], asked), asked)

describe('six leads', () => {
  const result = backtest(options)
  const [version] = result.versions

  test('come to two wins and their money', () => {
    expect(result).toMatchObject({ leads: 6, wins: 2, revenue: 1500 })
  })

  test('are five handed over, four of them followed, one of those won and two accepted', () => {
    expect(version).toMatchObject({ handover: 'mql', handedOver: 5, followed: 4 })
    expect(version.precision).toMatchObject({ value: 1 / 4, count: 4 })
    expect(version.acceptance).toMatchObject({ value: 2 / 4, count: 4 })
    expect(version.recall).toMatchObject({ value: 1 / 2, count: 2 })
    expect(version.leadTime).toMatchObject({ median: { value: 10, count: 1 }, days: [10] })
  })

  test('enter levels and stages', () => {
    expect(version.levels).toMatchObject([
      { level: 'hot', entered: 5, followed: 4, revenue: 1000, won: { value: 1 / 4 } },
      { level: 'cold', entered: 2, followed: 2, revenue: 500, won: { value: 1 / 2 } },
    ])
    expect(version.funnel.map(({ stage, leads }) => [stage, leads])).toEqual([
      ['lead', 6],
      ['mql', 5],
      ['sal', 2],
      ['customer', 2],
    ])
    expect(version.weeks.map(({ handedOver, wins }) => [handedOver, wins])).toEqual([
      [2, 0],
      [2, 1],
      [0, 1],
      [1, 0],
    ])
  })

  test('have their misses and false alarms', () => {
    expect(version.missed).toMatchObject([{ lead: 'cleo', amount: 500, points: { interest: 20 }, outcome: 'won' }])
    expect(version.falseAlarms.map(({ lead }) => lead)).toEqual(['eve', 'bob', 'dan'])
  })

  test('are captured by one call a week: Ann, who is the first of her week', () => {
    const one = version.captured.find(({ perWeek }) => perWeek === 1)!
    expect(one).toMatchObject({ isCapacity: true, wins: { value: 1 / 2 }, revenue: { value: 1000 / 1500 } })
  })

  test('cross thresholds', () => {
    const [{ entered, followed, won, revenue, winsBefore, perWeek, perBusyWeek }] = version.thresholds
    const at = (curve: readonly number[]) => [0, 10, 20, 60, 70, 71].map((place) => curve[place])
    expect(at(entered)).toEqual([6, 6, 6, 5, 1, 0])
    expect(at(followed)).toEqual([5, 5, 5, 4, 1, 0])
    expect(at(won)).toEqual([2, 2, 2, 1, 0, 0])
    expect(at(revenue)).toEqual([1500, 1500, 1500, 1000, 0, 0])
    expect(at(winsBefore)).toEqual([2, 2, 2, 1, 0, 0])
    expect([perWeek[60], perBusyWeek[60]]).toEqual([1, 2])
  })

  test('stand in bands at the end of weeks', () => {
    const [{ bands }] = version.bands
    // Only the first two Sundays are thirty days before the watermark. Ann is won before the second; Dan and Eve ask after the first.
    expect(
      bands.filter(({ leads }) => leads > 0).map(({ from, leadWeeks, leads }) => [from, leadWeeks, leads]),
    ).toEqual([
      [20, 2, 1],
      [60, 4, 3],
      [70, 1, 1],
    ])
  })

  test('overfill one place a week, and a threshold would mend it', () => {
    expect(version.gate).toMatchObject([
      { team: 'sales', stage: 'mql', capacity: 1, expected: { value: 5 / 4, count: 5 } },
    ])
  })
})

describe('capacity', () => {
  test('is less in weeks with holidays', () => {
    const [{ gate }] = backtest({ ...options, holidays: ['2026-01-06', '2026-01-07'] }).versions
    expect(gate[0].capacity).toBeCloseTo((3 / 5 + 3) / 4)
    const [monthly] = backtest({ ...options, workdays: [1, 2, 3, 4] }).versions
    expect(monthly.gate[0].capacity).toBe(1)
  })
})

describe('a period', () => {
  test('does not count again who was there before', () => {
    const [version] = backtest({ ...options, from: BEGIN + 7 * DAY }).versions
    // Ann and Bob had been handed over in the week before.
    expect(version.handedOver).toBe(3)
    expect(version.recall).toMatchObject({ value: 1 / 2, count: 2 })
    expect(version.thresholds[0].entered[60]).toBe(3)
  })
})

describe('two people take leads', () => {
  const [version] = backtest({ ...options, reps: { sales: 2, partners: 4 }, holidays: ['2026-01-05'] }).versions

  test('each gets half of what the team gets, and may take half of what it can, holidays taken off', () => {
    const [line] = version.load!
    expect(line).toMatchObject({
      team: 'sales',
      stage: 'mql',
      reps: 2,
      perRep: { value: 5 / 4 / 2, count: 5 },
      weeksOver: 2,
    })
    expect(line.weeks.map(({ perRep, capacity }) => [perRep, capacity])).toEqual([
      [1, 0.4], // a Monday off
      [1, 0.5],
      [0, 0.5],
      [0.5, 0.5],
    ])
    expect(line.capacity).toBeCloseTo((0.4 + 3 * 0.5) / 4)
  })

  test('a team of which the definition says nothing gets what is handed over, without a limit', () => {
    expect(version.load![1]).toMatchObject({ team: 'partners', stage: 'mql', reps: 4, capacity: null, weeksOver: 0 })
    expect(version.load![1].weeks.map(({ perRep }) => perRep)).toEqual([0.5, 0.5, 0, 0.25])
  })

  test('nobody counted them: nothing is said', () => expect(backtest(options).versions[0].load).toBeUndefined())
})
