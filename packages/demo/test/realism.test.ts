/** What the facts as a whole look like, for two seeds: the world is meant, not the luck of one draw. */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { assess, replay, type Instant } from '@winnow/engine'
import { propensityAt, SOURCES, type Source } from '../src/index.ts'
import {
  auc,
  byAccount,
  companyOf,
  mean,
  planOf,
  quantile,
  share,
  UNTIL,
  type Company,
  type KnownLead,
} from './company.ts'

const DAY_MS = 24 * 3600 * 1000
const seeds = ['1', 'another company']
const companies = new Map<string, Company>()
const company = (seed: string): Company => {
  if (!companies.has(seed)) companies.set(seed, companyOf(seed))
  return companies.get(seed)!
}

/** Decided by sales while a version was live. */
function decisionsOf({ demo, leads }: Company, version: 1 | 2) {
  const { secondVersionAt } = demo.world
  return leads.flatMap(({ decisions }) => decisions).filter(({ at }) => at < secondVersionAt === (version === 1))
}

function acceptanceOf(one: Company, version: 1 | 2): number {
  const looks = decisionsOf(one, version).filter(({ decision }) => decision === 'accept' || decision === 'reject')
  return share(looks, ({ decision }) => decision === 'accept')
}

function costPerWin({ demo, leads }: Company, source: Source): number {
  const cost = demo.costs.filter((each) => each.source === source).reduce((sum, each) => sum + each.cost, 0)
  return cost / leads.filter((lead) => lead.isWon && sourceOf(lead) === source).length
}

const rankOfTruth = ({ leads }: Company): number =>
  auc(leads.map(({ truth, isWon }) => ({ score: truth.propensity, isPositive: isWon })))

const number = (value: number): string => value.toLocaleString('en')
const percent = (value: number): string => `${Math.round(value * 100)} %`

const sourceOf = ({ truth }: KnownLead): Source =>
  truth.drivers.find(({ driver }) => driver === 'source')!.value as Source

const isDecided = ({ decisions }: KnownLead): boolean =>
  decisions.some(({ decision }) => decision === 'win' || decision === 'lose')

describe.each(seeds)('the demo company of seed “%s”', (seed) => {
  test('has exactly the leads that were asked for, half of them with colleagues', () => {
    const { leads } = company(seed)
    expect(leads.length).toBe(6000)
    const groups = byAccount(leads)
    const inGroups = groups.filter(({ length }) => length > 1).flat().length
    expect(inGroups / leads.length).toBeGreaterThan(0.4)
    expect(Math.max(...groups.map(({ length }) => length))).toBeGreaterThanOrEqual(5)
  })

  test('has about 250,000 activities, with a heavy tail: many do little, few do very much', () => {
    const counts = company(seed).leads.map(({ activities }) => activities.length)
    const total = counts.reduce((sum, count) => sum + count, 0)
    expect(total).toBeGreaterThan(215_000)
    expect(total).toBeLessThan(285_000)
    expect(mean(counts)).toBeGreaterThan(1.5 * quantile(counts, 0.5))
    expect(quantile(counts, 0.99)).toBeGreaterThan(8 * quantile(counts, 0.5))
  })

  test('qualifies, accepts and wins at rates that a sales team would believe', () => {
    const { leads } = company(seed)
    const looked = share(leads, ({ decisions }) =>
      decisions.some(({ decision }) => decision === 'accept' || decision === 'reject' || decision === 'disqualify'),
    )
    expect(looked).toBeGreaterThan(0.25)
    expect(looked).toBeLessThan(0.5)
    const won = share(leads, ({ isWon }) => isWon)
    expect(won).toBeGreaterThan(0.035)
    expect(won).toBeLessThan(0.075)
    const winRate = share(leads.filter(isDecided), ({ isWon }) => isWon)
    expect(winRate).toBeGreaterThan(0.2)
    expect(winRate).toBeLessThan(0.4)
  })

  test('is sent back less by sales since the second version', () => {
    const acceptance = ([1, 2] as const).map((version) => acceptanceOf(company(seed), version))
    expect(acceptance[0]).toBeGreaterThan(0.3)
    expect(acceptance[0]).toBeLessThan(0.6)
    expect(acceptance[1]).toBeGreaterThan(acceptance[0]! + 0.12)
    expect(acceptance[1]).toBeLessThan(0.85)
  })

  test('takes its time: hours to days for a first look, weeks for a sale', () => {
    const { leads } = company(seed)
    const cycles = leads.flatMap(({ decisions }) => {
      const accepted = decisions.findLast(({ decision }) => decision === 'accept')
      const won = decisions.find(({ decision, by }) => decision === 'win' && by !== 'inside.sales')
      return accepted && won && accepted.at < won.at ? [(won.at - accepted.at) / DAY_MS] : []
    })
    expect(quantile(cycles, 0.5)).toBeGreaterThan(15)
    expect(quantile(cycles, 0.5)).toBeLessThan(70)
    expect(quantile(cycles, 0.95)).toBeGreaterThan(60)
  })

  test('decides on working days only, and reads most on them', () => {
    const { leads } = company(seed)
    const weekday = (at: Instant) => (Math.floor(at / DAY_MS) + 3) % 7
    const pages = leads.flatMap(({ activities }) => activities.filter(({ type }) => type === 'page'))
    const byDay = [0, 1, 2, 3, 4, 5, 6].map((day) => pages.filter(({ at }) => weekday(at) === day).length)
    const working = mean(byDay.slice(0, 5))
    expect(byDay[5]).toBeLessThan(0.7 * working)
    expect(byDay[6]).toBeLessThan(0.7 * working)
    const looks = leads
      .flatMap(({ decisions }) => decisions)
      .filter(({ decision }) => decision === 'accept' || decision === 'reject')
    expect(share(looks, ({ at }) => weekday(at) >= 5)).toBeLessThan(0.01)
  })

  test('is quiet in August and between the years', () => {
    const { leads } = company(seed)
    const perDay = (from: string, days: number) => {
      const start = Date.parse(from)
      return (
        leads.filter(({ truth }) => truth.arrivedAt >= start && truth.arrivedAt < start + days * DAY_MS).length / days
      )
    }
    expect(perDay('2026-08-03', 21)).toBeLessThan(0.8 * perDay('2026-09-07', 21))
    expect(perDay('2025-12-24', 8)).toBeLessThan(0.5 * perDay('2026-01-12', 21))
  })

  test('wins less of one industry since the drift, and not less of the others', () => {
    const { demo, leads } = company(seed)
    const { at, industry } = demo.world.drift
    const rate = (isDrifting: boolean, isAfter: boolean) => {
      const decided = leads.filter(
        ({ truth, ...each }) =>
          isDecided({ truth, ...each }) &&
          truth.segment !== null &&
          (truth.segment === industry) === isDrifting &&
          truth.arrivedAt >= at === isAfter,
      )
      expect(decided.length).toBeGreaterThan(50)
      return share(decided, ({ isWon }) => isWon)
    }
    expect(rate(true, true)).toBeLessThan(0.6 * rate(true, false))
    expect(rate(false, true)).toBeGreaterThan(0.7 * rate(false, false))
  })

  test('gets many students by the channel that is new since the drift', () => {
    const { demo, leads } = company(seed)
    const { at, source } = demo.world.drift
    const students = (of: readonly KnownLead[]) => share(of, ({ truth }) => truth.persona === 'student')
    const fromThere = leads.filter((lead) => sourceOf(lead) === source)
    expect(fromThere.every(({ truth }) => truth.arrivedAt >= at)).toBe(true)
    expect(students(fromThere)).toBeGreaterThan(0.35)
    const [before, after] = [true, false].map((isBefore) =>
      leads.filter(({ truth }) => truth.arrivedAt < at === isBefore),
    )
    expect(students(after!)).toBeGreaterThan(1.2 * students(before!))
  })

  test('pays very different money for a win, by source', () => {
    const { demo } = company(seed)
    const perWin = (source: Source) => costPerWin(company(seed), source)
    expect(perWin('search_ads')).toBeGreaterThan(2.5 * perWin('referral'))
    expect(perWin('fairs')).toBeGreaterThan(2 * perWin('organic'))
    for (const source of SOURCES) expect(demo.costs.some((each) => each.source === source)).toBe(true)
  })

  test('sells again to customers, for amounts that follow segment and size', () => {
    const { leads } = company(seed)
    const won = leads.filter(({ isWon }) => isWon)
    const orders = won.map(({ decisions }) => decisions.filter(({ decision }) => decision === 'win'))
    expect(share(orders, ({ length }) => length > 1)).toBeGreaterThan(0.1)
    const ratios = won.map(({ truth }, at) => orders[at]![0]!.amount! / truth.expectedAmount)
    expect(mean(ratios)).toBeGreaterThan(0.9)
    expect(mean(ratios)).toBeLessThan(1.15)
  })

  test('truth ranks those who are won well above the others, and not perfectly', () => {
    expect(rankOfTruth(company(seed))).toBeGreaterThan(0.8)
    expect(rankOfTruth(company(seed))).toBeLessThan(0.92)
  })

  test('chances are chances: of those with one of p, about p would be won', () => {
    const { demo, leads } = company(seed)
    const sorted = leads
      .map(({ truth }) => ({
        p: truth.propensity,
        isBuyer: truth.luck < propensityAt(demo.world, truth, truth.arrivedAt),
      }))
      .sort((a, b) => a.p - b.p)
    for (const tenth of [5, 7, 8, 9]) {
      const cases = sorted.slice(tenth * 600, (tenth + 1) * 600)
      const expected = mean(cases.map(({ p }) => p))
      const deviation = Math.sqrt((expected * (1 - expected)) / cases.length)
      expect(Math.abs(share(cases, ({ isBuyer }) => isBuyer) - expected)).toBeLessThan(4 * deviation)
    }
  })

  test('the second version ranks buyers better than the first, two weeks after they came', () => {
    const one = company(seed)
    const early = byAccount(one.leads).filter((group) =>
      group.every(({ truth }) => truth.arrivedAt < UNTIL - 14 * DAY_MS),
    )
    const [first, second] = ([0, 1] as const).map((version) => {
      const plan = planOf(one, version)
      return auc(early.flatMap((group) => group.map((lead) => landmarkCase(lead, group, plan))))
    })
    expect(first).toBeGreaterThan(0.5)
    expect(second).toBeGreaterThan(first! + 0.08)
    expect(second).toBeLessThan(0.9)
  })
})

/** How well a version ranks those who would buy, two weeks after they came. */
function landmarkRank(one: Company, version: 0 | 1): number {
  const early = byAccount(one.leads).filter((group) =>
    group.every(({ truth }) => truth.arrivedAt < UNTIL - 14 * DAY_MS),
  )
  const plan = planOf(one, version)
  return auc(early.flatMap((group) => group.map((lead) => landmarkCase(lead, group, plan))))
}

/** What a version says of a lead two weeks after it came, and whether it would buy. */
function landmarkCase({ lead, truth }: KnownLead, group: readonly KnownLead[], plan: ReturnType<typeof planOf>) {
  const until = truth.arrivedAt + 14 * DAY_MS
  const { circle } = replay(
    plan,
    group.flatMap((each) => each.lead.facts),
    { until },
  )
  const { scores } = assess(plan, circle, lead.id, until)
  return {
    score: Object.values(scores).reduce((sum, score) => sum + score, 0),
    isPositive: truth.luck < truth.propensity,
  }
}

test('docs/demo.md says what comes out', () => {
  const page = readFileSync(new URL('../../../docs/demo.md', import.meta.url), 'utf8')
  const one = company('1')
  const count = (test: (lead: KnownLead) => boolean) => number(one.leads.filter(test).length)
  const counts = one.leads.map(({ activities }) => activities.length)
  const sumOf = (of: (lead: KnownLead) => number) => number(one.leads.reduce((sum, lead) => sum + of(lead), 0))
  const { at, industry } = one.demo.world.drift
  const winRates = (isDrifting: boolean) =>
    [true, false].map((isBefore) => {
      const of = one.leads.filter(
        (lead) =>
          isDecided(lead) &&
          lead.truth.segment !== null &&
          (lead.truth.segment === industry) === isDrifting &&
          lead.truth.arrivedAt < at === isBefore,
      )
      return percent(share(of, ({ isWon }) => isWon))
    })
  const rows = [
    `| leads, accounts | 6,000, ${number(new Set(one.leads.map(({ lead }) => lead.account)).size - 1)} |`,
    `| facts, activities, decisions | ${sumOf(({ lead }) => lead.facts.length)}, ${sumOf(({ activities }) => activities.length)}, ${sumOf(({ decisions }) => decisions.length)} |`,
    `has at least | ${quantile(counts, 0.5)}, ${quantile(counts, 0.99)} |`,
    `version 1 and version 2 | ${percent(acceptanceOf(one, 1))}, ${percent(acceptanceOf(one, 2))} |`,
    `| leads won, of those won or lost | ${count(({ isWon }) => isWon)}, ${percent(share(one.leads.filter(isDecided), ({ isWon }) => isWon))} |`,
    `| leads won that nobody had called | ${count(({ decisions }) => decisions.some(({ by }) => by === 'inside.sales'))} |`,
    `before and after the drift | ${winRates(true).join(', ')} |`,
    `| the same of the other industries | ${winRates(false).join(', ')} |`,
    `fairs, EUR | ${(['referral', 'organic', 'search_ads', 'fairs'] as const).map((source) => number(Math.round(costPerWin(one, source)))).join(', ')} |`,
    `by the hidden propensity | ${rankOfTruth(one).toFixed(2)} |`,
    `by version 1 and version 2 | ${([0, 1] as const).map((version) => landmarkRank(one, version).toFixed(2)).join(', ')} |`,
  ]
  for (const row of rows) expect(page).toContain(row)
})
