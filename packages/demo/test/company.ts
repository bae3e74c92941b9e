/** A whole demo company in memory, and the numbers that tests ask it for. */
import {
  compileDefinition,
  parseDefinitionText,
  parseInstant,
  type ActivityFact,
  type DecisionFact,
  type Plan,
} from '@winnow/engine'
import { generateDemo, truthOf, type Demo, type DemoLead, type Truth } from '../src/index.ts'

export const UNTIL = parseInstant('2027-01-01')

export interface KnownLead {
  readonly lead: DemoLead
  readonly truth: Truth
  readonly activities: readonly ActivityFact[]
  readonly decisions: readonly DecisionFact[]
  readonly isWon: boolean
}

export interface Company {
  readonly demo: Demo
  readonly leads: readonly KnownLead[]
}

export function companyOf(seed: string, leads = 6000): Company {
  const demo = generateDemo({ seed, leads, until: UNTIL })
  return { demo, leads: [...demo.leads].map(knownLead) }
}

function knownLead(lead: DemoLead): KnownLead {
  const activities = lead.facts.filter((fact) => fact.kind === 'activity')
  const decisions = lead.facts.filter((fact) => fact.kind === 'decision')
  return {
    lead,
    truth: truthOf(lead),
    activities,
    decisions,
    isWon: decisions.some(({ decision }) => decision === 'win'),
  }
}

/** Leads of one account stand together, as they come from the generator. */
export function byAccount(leads: readonly KnownLead[]): KnownLead[][] {
  const groups: KnownLead[][] = []
  for (const each of leads) {
    const last = groups.at(-1)
    if (each.lead.account !== null && last?.[0]!.lead.account === each.lead.account) last.push(each)
    else groups.push([each])
  }
  return groups
}

export function planOf({ demo }: Company, version: 0 | 1): Plan {
  const parsed = parseDefinitionText(demo.versions[version].text)
  if (!parsed.ok) throw new Error('the definition has errors')
  return compileDefinition(parsed.definition)
}

/** Chance that a random positive stands above a random negative; ties count half. */
export function auc(cases: readonly { readonly score: number; readonly isPositive: boolean }[]): number {
  const sorted = [...cases].sort((a, b) => a.score - b.score)
  const positives = cases.filter(({ isPositive }) => isPositive).length
  let ranks = 0
  for (let from = 0; from < sorted.length;) {
    let to = from
    while (to < sorted.length && sorted[to]!.score === sorted[from]!.score) to++
    const tied = sorted.slice(from, to).filter(({ isPositive }) => isPositive).length
    ranks += (tied * (from + 1 + to)) / 2
    from = to
  }
  return (ranks - (positives * (positives + 1)) / 2) / (positives * (cases.length - positives))
}

export const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

export const share = <T>(items: readonly T[], test: (item: T) => boolean): number =>
  items.filter(test).length / items.length

export const quantile = (values: readonly number[], at: number): number =>
  [...values].sort((a, b) => a - b)[Math.floor(at * (values.length - 1))]!
