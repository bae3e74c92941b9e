/** A number is the number of its leads, two versions that are one do not differ, and moving a threshold is moving the level. */
import { describe, expect, test } from 'vitest'
import {
  leadsBehind,
  measure,
  mergeTraces,
  trace,
  type BacktestResult,
  type Figure,
  type Traces,
} from '../../src/index.ts'
import { casesOf } from '../generators/share.ts'
import { companyOf, type Company } from './company.ts'

const seeds = Array.from({ length: casesOf(40) }, (_, seed) => 400_000 + seed)

interface Measured extends Company {
  readonly traces: Traces
  readonly result: BacktestResult
}

function forEverySeed(check: (measured: Measured) => void): void {
  for (const seed of seeds) {
    try {
      const company = companyOf(seed, 12)
      const { definition, circles, options } = company
      const versions = [0, 1].map((index) => ({ name: `v${index}`, definition }))
      const traces = trace(circles, versions, options)
      check({ ...company, traces, result: measure(traces, options) })
    } catch (error) {
      throw new Error(`seed ${seed}`, { cause: error })
    }
  }
}

/** Every figure of a result that has leads behind it, with its number. */
function* figuresOf({ versions, comparisons }: BacktestResult): Generator<readonly [Figure, number]> {
  const rate = ({ value, count }: { value: number | null; count: number }) => Math.round((value ?? 0) * count)
  for (const [version, result] of versions.entries()) {
    yield [{ kind: 'handover', version }, result.handedOver]
    yield [{ kind: 'handover', version, outcome: 'won' }, rate(result.precision)]
    yield [{ kind: 'handover', version, outcome: 'accepted' }, rate(result.acceptance)]
    yield [{ kind: 'wins', version, handedOver: true }, rate(result.recall)]
    yield [{ kind: 'wins', version }, result.recall.count]
    yield [{ kind: 'returning', version }, result.flapping.returning]
    for (const { stage, leads } of result.funnel) yield [{ kind: 'stage', version, stage }, leads]
    for (const { category, level, entered, won, accepted } of result.levels) {
      yield [{ kind: 'level', version, category, level }, entered]
      yield [{ kind: 'level', version, category, level, outcome: 'won' }, rate(won)]
      yield [{ kind: 'level', version, category, level, outcome: 'accepted' }, rate(accepted)]
    }
    for (const { begin: week, stages, levels, wins, handedOver } of result.weeks) {
      yield [{ kind: 'wins', version, week }, wins]
      yield [{ kind: 'handover', version, week }, handedOver]
      for (const [stage, leads] of Object.entries(stages)) yield [{ kind: 'stage', version, stage, week }, leads]
      for (const [category, counts] of Object.entries(levels))
        for (const [level, leads] of Object.entries(counts))
          yield [{ kind: 'level', version, category, level, week }, leads]
    }
    for (const { score, bands } of result.bands)
      for (const { from, to, leads } of bands) yield [{ kind: 'band', version, score, from, to }, leads]
    for (const { score, entered, won } of result.thresholds)
      for (const at of [0, 1, 25, 50, 99, 100]) {
        yield [{ kind: 'threshold', version, score, at }, entered[at]]
        yield [{ kind: 'threshold', version, score, at, outcome: 'won' }, won[at]]
      }
    for (const { perWeek, wins } of result.captured) yield [{ kind: 'captured', version, perWeek }, rate(wins)]
    for (const { attribute, values } of result.splits)
      for (const { value, leads } of values) yield [{ kind: 'split', version, attribute, value }, leads]
  }
  for (const [index, { migration }] of comparisons.entries())
    for (const { category, cells } of migration)
      for (const { from, to, leads } of cells)
        yield [{ kind: 'migration', version: index + 1, category, from, to }, leads]
}

describe('figures', () => {
  test('are the number of their leads', () => {
    let counted = 0
    forEverySeed(({ traces, options, result }) => {
      for (const [figure, number] of figuresOf(result)) {
        expect([figure, leadsBehind(traces, options, figure).length]).toEqual([figure, number])
        counted += number
      }
    })
    expect(counted).toBeGreaterThan(seeds.length * 20)
  })

  test('of one version twice do not differ at all', () => {
    forEverySeed(({ result }) => {
      for (const { difference, verdict } of result.comparisons[0].differences) {
        expect(verdict).toBe('not enough evidence')
        // Of too few leads nothing is drawn.
        for (const each of [difference.value, difference.low, difference.high]) expect([0, null]).toContain(each)
      }
    })
  })

  test('of who moves come to all leads', () => {
    forEverySeed(({ result, traces }) => {
      for (const { cells } of result.comparisons[0].migration) {
        expect(cells.reduce((sum, { leads }) => sum + leads, 0)).toBe(traces.leads.length)
        expect(cells.every(({ from, to }) => from === to)).toBe(true)
      }
    })
  })

  test('are the same from parts that were traced apart', () => {
    forEverySeed(({ definition, circles, options, result }) => {
      const versions = [0, 1].map((index) => ({ name: `v${index}`, definition }))
      const half = Math.floor(circles.length / 2)
      const parts = [circles.slice(0, half), circles.slice(half)].map((part) => trace(part, versions, options))
      expect(measure(mergeTraces(parts), options)).toEqual(result)
    })
  })
})
