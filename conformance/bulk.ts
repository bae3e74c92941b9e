/** The engine's ways of assessing many leads at once, as runners of what they can tell: they know of no transitions. */
import {
  bulkAssess,
  circlesOf,
  columnsFromFacts,
  compareFacts,
  compileDefinition,
  Kernel,
  RecordKernel,
  type Definition,
  type Fact,
  type FactValue,
  type LevelColumn,
  type Results,
} from '@winnow/engine'
import { definitionOf } from './engine.ts'
import type { ConformanceCase, Expected } from './load.ts'

/** What is told of one lead; what a way cannot tell is not there. */
export type BulkAnswer = Pick<Expected, 'scores' | 'levels' | 'stage' | 'personas'>

const MICRO = 1_000_000

/** Each fact once, in order, up to the instant that is asked for. */
function knownFacts({ facts, asOf }: ConformanceCase): readonly Fact[] {
  const first = new Map(facts.toReversed().map((fact) => [fact.id, fact]))
  return [...first.values()].filter(({ at }) => at <= asOf).sort(compareFacts)
}

/** Columns of a fact log and its histories; undefined for a lead that has no row. */
export function runBulk(each: ConformanceCase): BulkAnswer | undefined {
  const { asOf, lead } = each
  const plan = compileDefinition(definitionOf(each))
  const facts = knownFacts(each)
  const columns = columnsFromFacts(plan.definition, facts, { asOf })
  const row = columns.leads.indexOf(lead)
  if (row < 0) return undefined
  const histories = { leads: columns.leads, circles: circlesOf(plan, facts) }
  const results = bulkAssess(plan, columns, { asOf, histories })!
  return { ...answerOf(results, row), ...(results.stage && { stage: nameIn(results.stage, row) }) }
}

/** The columns alone: what follows from the facts at one instant. Undefined where somebody has decided something. */
export function runKernel(each: ConformanceCase): BulkAnswer | undefined {
  const { asOf, lead } = each
  const plan = compileDefinition(definitionOf(each))
  const facts = knownFacts(each)
  const columns = columnsFromFacts(plan.definition, facts, { asOf })
  const row = columns.leads.indexOf(lead)
  if (row < 0 || facts.some(({ kind }) => kind === 'decision')) return undefined
  const { nodes } = new Kernel(plan.definition, columns, { asOf })
  return only(nodes, answerOf(bulkAssess(plan, columns, { asOf })!, row))
}

/** A plain record of what is known of the lead and its account; undefined where more than that matters. */
export function runRecord(each: ConformanceCase): BulkAnswer | undefined {
  const definition = definitionOf(each)
  const record: Record<string, FactValue> = {}
  for (const fact of knownFacts(each)) {
    if (fact.kind === 'link') continue
    if (fact.kind !== 'attribute' && fact.kind !== 'account_attribute') return undefined
    if (fact.kind === 'attribute' && fact.lead !== each.lead) return undefined
    if ((fact.kind === 'account_attribute') !== (definition.attributes?.[fact.name]?.about === 'account'))
      return undefined
    record[fact.name] = fact.value
  }
  // A record has no past, and an account only with something about it.
  if (/changed_within|"account"/.test(JSON.stringify([definition, each.facts]))) return undefined
  const { results } = new RecordKernel(definition, { asOf: each.asOf }).run([record], 0)
  return answerOf(results, 0)
}

function answerOf({ scores, levels, personas }: Partial<Results>, row: number): BulkAnswer {
  return {
    scores: Object.fromEntries([...(scores ?? [])].map(([name, column]) => [name, column[row]! / MICRO])),
    levels: Object.fromEntries([...(levels ?? [])].map(([name, column]) => [name, nameIn(column, row)])),
    personas: [...(personas ?? [])].filter(([, column]) => column[row] === 1).map(([name]) => name),
  }
}

const nameIn = ({ codes, names }: LevelColumn, row: number): string => names[codes[row]!]!

function only(nodes: readonly string[], { scores = {}, levels = {} }: BulkAnswer): BulkAnswer {
  const known = <T>(section: string, values: Readonly<Record<string, T>>) =>
    Object.fromEntries(Object.entries(values).filter(([name]) => nodes.includes(`${section}.${name}`)))
  return { scores: known('scores', scores), levels: known('categories', levels) }
}

/** Scores whose every criterion has expected points that nothing but the range clamps: these ways tell no points. */
function scoresOfPoints({ definition, expect }: ConformanceCase): Record<string, number> {
  const { points = {} } = expect
  const { scores = {} } = definition as Definition
  const found: Record<string, number> = {}
  for (const [name, { groups, range: [low, high] = [0, 100] }] of Object.entries(scores)) {
    const isPlain = Object.values(groups).every(({ cap, floor, weight }) => (cap ?? floor ?? weight) === undefined)
    const ids = Object.values(groups).flatMap(({ criteria }) => criteria.map(({ id }) => id))
    if (!isPlain || ids.some((id) => points[id] === undefined)) continue
    const sum = ids.reduce((so, id) => so + points[id]!, 0)
    found[name] = Math.round(Math.min(high, Math.max(low, sum)) * MICRO) / MICRO
  }
  return found
}

/** What a case expects that a way has told. */
export function expectedOf(each: ConformanceCase, told: BulkAnswer): BulkAnswer {
  const { expect } = each
  const shared = <T>(wanted: Readonly<Record<string, T>> = {}, given: Readonly<Record<string, T>> = {}) =>
    Object.fromEntries(Object.entries(wanted).filter(([name]) => Object.hasOwn(given, name)))
  return {
    scores: shared({ ...scoresOfPoints(each), ...expect.scores }, told.scores),
    levels: shared(expect.levels, told.levels),
    ...(expect.stage !== undefined && told.stage !== undefined && { stage: expect.stage }),
    ...(expect.personas !== undefined && told.stage !== undefined && { personas: expect.personas }),
  }
}

/** The answer cut down to what is expected of it. */
export function toldOf(told: BulkAnswer, expected: BulkAnswer): BulkAnswer {
  const cut = <T>(given: Readonly<Record<string, T>> = {}, wanted: Readonly<Record<string, T>> = {}) =>
    Object.fromEntries(Object.keys(wanted).map((name) => [name, given[name]!]))
  return {
    scores: cut(told.scores, expected.scores),
    levels: cut(told.levels, expected.levels),
    ...(expected.stage !== undefined && { stage: told.stage! }),
    ...(expected.personas !== undefined && { personas: told.personas! }),
  }
}
