/**
 * A demo company in which sales works everybody to the end: decisions are left out, and 45 days after a lead came it is won if its luck
 * is less than its propensity, else lost. What a backtest should find is known there.
 */
import {
  circlesOf,
  compileDefinition,
  measure,
  parseDefinitionText,
  trace,
  type BacktestOptions,
  type BacktestResult,
  type Definition,
  type Fact,
} from '@winnow/engine'
import { generateDemo, truthOf } from '../src/index.ts'

const DAY_MS = 86_400_000
const UNTIL = Date.UTC(2027, 0, 1)
const WORKED_DAYS = 45

const OPTIONS: Omit<BacktestOptions, 'seed'> = {
  from: UNTIL - 450 * DAY_MS,
  to: UNTIL - 90 * DAY_MS,
  watermark: UNTIL,
  horizonDays: 60,
  known: 'happened',
}

/** The hidden propensity, known of everybody from the first moment: nothing can do better. */
const TRUTH: Definition = {
  winnow: 1,
  name: 'The truth',
  attributes: { propensity: { type: 'number' } },
  scores: {
    chance: {
      groups: {
        all: {
          criteria: [
            {
              id: 'propensity',
              table: 'propensity',
              bins: Array.from({ length: 100 }, (_, percent) => ({ below: (percent + 1) / 100, points: percent })),
            },
          ],
        },
      },
    },
  },
  categories: { quality: { levels: [{ good: { when: { score: 'chance', at_least: 10 } } }, { poor: {} }] } },
  stages: [{ id: 'lead' }, { id: 'mql', enter: { category: 'quality', is: 'good' } }, { id: 'customer', by: 'win' }],
  value: {
    win: {
      score: 'chance',
      bins: Array.from({ length: 100 }, (_, percent) =>
        percent < 99 ? { below: percent + 1, probability: percent / 100 } : { probability: 0.99 },
      ),
    },
    amount: 1000,
  },
}

/** Versions 1 and 2 of the company, and the truth, over a company of its own for each seed. */
export function backtestOfWorked(seed: number, leads: number, replicates: number): BacktestResult {
  const demo = generateDemo({ seed: String(seed), leads, until: UNTIL })
  const facts: Fact[] = []
  for (const lead of demo.leads) {
    const told = lead.facts.filter(({ kind }) => kind !== 'decision')
    const { lead: id, luck, propensity } = truthOf(lead)
    const at = Math.min(...told.map((fact) => fact.at))
    facts.push(...told)
    facts.push({ kind: 'attribute', id: `${id}/propensity`, at, lead: id, name: 'propensity', value: propensity })
    const decision = luck < propensity ? 'win' : 'lose'
    facts.push({ kind: 'decision', id: `${id}/end`, at: at + WORKED_DAYS * DAY_MS, lead: id, decision, amount: 1000 })
  }
  const versions = [...demo.versions.map(({ text }) => definitionOf(text)), TRUTH].map((definition) => ({
    name: definition.name,
    definition,
  }))
  const circles = circlesOf(compileDefinition(versions[1]!.definition), facts)
  const options = { ...OPTIONS, seed, replicates }
  return measure(trace(circles, versions, options), options)
}

function definitionOf(text: string): Definition {
  const parsed = parseDefinitionText(text)
  if (!parsed.ok) throw new Error('a version of the demo company is not valid')
  return parsed.definition
}

/** A figure of one company with what it is made of, so that companies can be pooled. */
export interface Covered {
  readonly name: string
  readonly value: number
  readonly count: number
  readonly low: number
  readonly high: number
}

/** Figures whose truth is what many companies come to together. */
export function coveredFigures({ versions }: BacktestResult): Covered[] {
  return versions.flatMap((version, index) =>
    [
      { name: `precision ${index + 1}`, ...version.precision },
      { name: `recall ${index + 1}`, ...version.recall },
      { name: `wins at three a week ${index + 1}`, ...version.captured.find(({ perWeek }) => perWeek === 3)?.wins },
      { name: `flapping ${index + 1}`, ...version.flapping.changes },
    ].flatMap(({ name, value = null, low = null, high = null, count = 0 }) =>
      value === null || low === null || high === null ? [] : [{ name, value, low, high, count }],
    ),
  )
}

/** How often intervals hold what all companies come to together, by figure. */
export function coverageOf(companies: readonly (readonly Covered[])[]): Map<string, { held: number; of: number }> {
  const byName = Map.groupBy(companies.flat(), ({ name }) => name)
  return new Map(
    [...byName].map(([name, figures]) => {
      const cases = figures.reduce((sum, { count }) => sum + count, 0)
      const truth = figures.reduce((sum, { value, count }) => sum + value * count, 0) / cases
      const held = figures.filter(({ low, high }) => low <= truth && truth <= high).length
      return [name, { held, of: figures.length }]
    }),
  )
}
