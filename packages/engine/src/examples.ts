/** A definition carries its own tests: each example is replayed and compared with what it expects. */
import type { Assessment } from './assess/assessment.ts'
import { explain, type Explanation } from './assess/explain.ts'
import type { Definition, Example, ExampleFact } from './definition/language.ts'
import { accountId, leadId, type AccountId, type DecisionFact, type Fact } from './facts.ts'
import { compileDefinition, type Plan } from './plan/compile.ts'
import { replay } from './replay/replay.ts'
import { parseDuration, parseInstant, type Instant } from './time.ts'

export interface ExampleResult {
  readonly name: string
  readonly ok: boolean
  /** What came out otherwise than expected. */
  readonly mismatches: readonly Mismatch[]
  /** Facts that cannot be placed, such as an attribute of an account where the lead has none. */
  readonly problems: readonly string[]
  readonly assessment: Assessment
}

export interface Mismatch {
  /** `scores.fit`, `points.size`, `levels.quality`, `stage`, `personas`, `value` */
  readonly what: string
  readonly expected: number | string | readonly string[]
  readonly actual: number | string | readonly string[]
}

/** The lead that an example is about; its facts may name others. */
const EXAMPLE_LEAD = 'lead'

/** Results of a definition's examples, in their order. */
export function testDefinition(definition: Definition): ExampleResult[] {
  const plan = compileDefinition(definition)
  return (definition.examples ?? []).map((example) => testExample(plan, example))
}

function testExample(plan: Plan, example: Example): ExampleResult {
  const asOf = parseInstant(example.as_of)
  const problems: string[] = []
  const facts = exampleFacts(plan.definition, example, (problem) => problems.push(problem))
  const { circle } = replay(plan, facts, { until: asOf })
  const explanation = explain(plan, circle, leadId(EXAMPLE_LEAD), asOf)
  const mismatches = compare(example.expect, explanation)
  const { assessment } = explanation
  return { name: example.name, ok: mismatches.length === 0 && problems.length === 0, mismatches, problems, assessment }
}

// --- Facts -----------------------------------------------------------------------------------------------------------

interface Placed {
  readonly fact: ExampleFact
  readonly lead: string
  readonly at: Instant
  /** Ids in the order of the list, so that of two equal instants the later line comes later. */
  readonly id: string
}

/** The facts that an example tells. */
export function exampleFacts(definition: Definition, example: Example, report: (problem: string) => void): Fact[] {
  const asOf = parseInstant(example.as_of)
  const placed = example.facts.map((fact, index): Placed => ({
    fact,
    lead: fact.lead ?? EXAMPLE_LEAD,
    at: fact.at === undefined ? asOf - (fact.ago === undefined ? 0 : parseDuration(fact.ago)) : parseInstant(fact.at),
    id: `example.${String(index).padStart(5, '0')}`,
  }))
  return placed.flatMap((each) => toFacts(definition, each, placed, report))
}

function toFacts(
  definition: Definition,
  placed: Placed,
  all: readonly Placed[],
  report: (problem: string) => void,
): Fact[] {
  const { fact, lead, at, id } = placed
  const base = { id, at, lead: leadId(lead) }
  if ('account' in fact) return [{ kind: 'link', ...base, account: accountId(fact.account) }]
  if ('activity' in fact) {
    const properties = fact.properties ?? {}
    return Array.from({ length: fact.times ?? 1 }, (_, time) => ({
      kind: 'activity',
      ...base,
      id: `${id}.${String(time).padStart(4, '0')}`,
      type: fact.activity,
      properties,
    }))
  }
  if ('decision' in fact) return [{ ...decisionOf(fact), ...base }]
  const values = 'forget' in fact ? fact.forget.map((name) => [name, null] as const) : Object.entries(fact.attributes)
  return values.flatMap(([name, value]): Fact[] => {
    if (definition.attributes?.[name]?.about !== 'account')
      return [{ kind: 'attribute', ...base, id: `${id}.${name}`, name, value }]
    const account = accountAt(all, lead, at)
    if (account !== undefined) return [{ kind: 'account_attribute', id: `${id}.${name}`, at, account, name, value }]
    report(`\`${name}\` is about the account, and the lead has none: add \`{ account: … }\` before it`)
    return []
  })
}

/** The account that the facts link the lead to at an instant. */
function accountAt(all: readonly Placed[], lead: string, at: Instant): AccountId | undefined {
  let latest: { at: Instant; account: string } | undefined
  for (const placed of all) {
    if (!('account' in placed.fact) || placed.lead !== lead || placed.at > at) continue
    if (latest === undefined || placed.at >= latest.at) latest = { at: placed.at, account: placed.fact.account }
  }
  return latest && accountId(latest.account)
}

type ExampleDecision = Extract<ExampleFact, { decision: string }>

function decisionOf({
  decision,
  reason,
  amount,
  category,
  level,
  until,
  stage,
}: ExampleDecision): Pick<DecisionFact, 'kind' | 'decision' | 'reason' | 'amount' | 'override'> {
  return {
    kind: 'decision',
    decision,
    ...(reason === undefined ? {} : { reason }),
    ...(amount === undefined ? {} : { amount }),
    ...(stage === undefined ? {} : { override: { stage } }),
    ...(category === undefined || level === undefined
      ? {}
      : { override: { category, level, ...(until === undefined ? {} : { until: parseInstant(until) }) } }),
  }
}

// --- Expectations ----------------------------------------------------------------------------------------------------

function compare(expect: Example['expect'], { assessment, contributions }: Explanation): Mismatch[] {
  const { scores, levels, stage, personas, value } = assessment
  const mismatches: Mismatch[] = []
  const differ = (what: string, expected: Mismatch['expected'], actual: Mismatch['actual']) =>
    mismatches.push({ what, expected, actual })
  for (const [name, expected] of Object.entries(expect.scores ?? {})) {
    if (!isEqualAsWritten(expected, scores[name])) differ(`scores.${name}`, expected, scores[name])
  }
  for (const [id, expected] of Object.entries(expect.points ?? {})) {
    const actual = contributions.find(({ criterion }) => criterion === id)!.points
    if (!isEqualAsWritten(expected, actual)) differ(`points.${id}`, expected, actual)
  }
  for (const [name, expected] of Object.entries(expect.levels ?? {})) {
    if (levels[name] !== expected) differ(`levels.${name}`, expected, levels[name])
  }
  if (expect.stage !== undefined && expect.stage !== stage.id) differ('stage', expect.stage, stage.id)
  if (expect.personas !== undefined && !hasSameMembers(expect.personas, personas))
    differ('personas', expect.personas, personas)
  if (expect.value !== undefined && !(value && isEqualAsWritten(expect.value, value.expected)))
    differ('value', expect.value, value?.expected ?? 'none')
  return mismatches
}

/** A whole number is meant exactly; a fraction to as many decimals as it is written with. */
function isEqualAsWritten(expected: number, actual: number): boolean {
  const decimals = Number.isInteger(expected) ? 6 : Math.min(6, (String(expected).split('.')[1] ?? '').length)
  const scale = 10 ** decimals
  return Math.abs(Math.round(expected * scale) - Math.round(actual * scale)) < 0.5
}

const hasSameMembers = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && a.every((each) => b.includes(each))
