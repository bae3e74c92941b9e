/** Random companies for tests of backtests: one definition, many leads with histories, some facts known late, some decisions. */
import type { Definition } from '../../src/definition/language.ts'
import { accountId, leadId, type Fact } from '../../src/facts.ts'
import { circlesOf, compileDefinition, type BacktestOptions, type CircleFacts, type Traces } from '../../src/index.ts'
import { drawDefinition } from '../generators/definitions.ts'
import { seeded, type Draw } from '../generators/draw.ts'
import { drawHistory } from '../generators/histories.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** A definition may look back for decades, and a history then begins there. */
const PERIOD_MAX_MS = 150 * DAY_MS

export interface Company {
  readonly definition: Definition
  readonly facts: readonly Fact[]
  readonly circles: readonly CircleFacts[]
  readonly options: BacktestOptions
}

/** @param histories  each of one to three leads */
export function companyOf(seed: number, histories: number): Company {
  const draw = seeded(seed)
  const definition = drawDefinition(draw)
  const told = Array.from({ length: histories }, (_, index) => {
    const history = drawHistory(draw, definition)
    return { ...history, facts: history.facts.map((fact) => delayed(draw, renamed(fact, index))) }
  })
  const facts = told.flatMap((history) => history.facts)
  const last = Math.max(...told.map(({ until }) => until))
  const first = Math.max(last - PERIOD_MAX_MS, Math.min(...facts.map(({ at }) => at)))
  const from = draw.pick([first, first + Math.floor((last - first) / 3)])
  const options: BacktestOptions = {
    from,
    to: Math.max(from + 1, draw.pick([last, last - DAY_MS])),
    horizonDays: draw.pick([1, 7, 30]),
    known: draw.pick(['received', 'happened']),
    watermark: last + draw.pick([0, 30 * DAY_MS]),
    seed,
    replicates: 20,
    splitBy: Object.keys(definition.attributes ?? {}).slice(0, 2),
  }
  return { definition, facts, circles: circlesOf(compileDefinition(definition), facts), options }
}

function renamed(fact: Fact, index: number): Fact {
  const id = `${index}/${fact.id}`
  if (fact.kind === 'account_attribute') return { ...fact, id, account: accountId(`${index}/${fact.account}`) }
  const lead = leadId(`${index}/${fact.lead}`)
  if (fact.kind === 'link') return { ...fact, id, lead, account: fact.account && accountId(`${index}/${fact.account}`) }
  return { ...fact, id, lead }
}

/** Most facts are known at once, some a little later, a few days later. */
function delayed(draw: Draw, fact: Fact): Fact {
  const delay = draw.weighted([
    [6, 0],
    [2, 1],
    [2, 90_000],
    [1, 5 * HOUR_MS],
    [1, 9 * DAY_MS],
  ] as const)
  return delay === 0 ? fact : { ...fact, receivedAt: fact.at + delay }
}

export interface Change {
  readonly at: number
  readonly name: string
  readonly to: string
}

/** The changes of one lead, as names. */
export function changesOf(traces: Traces, version: number, lead: string): Change[] {
  const { about, changes } = traces.versions[version]
  const index = traces.leads.indexOf(lead)
  if (index < 0) return []
  const stage = about.categories.length
  return Array.from(
    { length: changes.offsets[index + 1] - changes.offsets[index] },
    (_, offset) => changes.offsets[index] + offset,
  ).map((place) => {
    const node = changes.node[place]
    const to = changes.to[place]
    const [name, label] =
      node < stage
        ? [about.categories[node].name, about.categories[node].levels[to]]
        : [node === stage ? 'stage' : 'sla', about.stages[to].id]
    return { at: changes.at[place], name, to: label }
  })
}
