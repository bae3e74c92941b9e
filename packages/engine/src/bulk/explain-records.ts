/** Plain records, each with its explanation. */
import { applyFact } from '../assess/apply.ts'
import type { Assessment, Contribution } from '../assess/assessment.ts'
import { openCircle } from '../assess/circle.ts'
import { explain, type Explanation } from '../assess/explain.ts'
import { Account, NO_EVIDENCE, whyNothing, whysOfWhen, whyTable, type PlaceOfLine, type Why } from '../assess/lines.ts'
import { accountId, compareFacts, type Fact, type LeadId } from '../facts.ts'
import type { Root } from '../plan/cells.ts'
import type { Plan } from '../plan/compile.ts'
import type { CriterionPlan, EachPlan, TablePlan, WhenPlan } from '../plan/criteria.ts'
import { FALSE, TRUE } from '../plan/kleene.ts'
import { MICRO } from '../plan/points.ts'
import type { KnownValue } from '../plan/value-tests.ts'
import type { Instant } from '../time.ts'
import type { CriterionPart } from './binding.ts'
import { pointsByResult } from './by-value.ts'
import type { AttributeColumn } from './columns.ts'
import type { LeadRecord } from './from-records.ts'
import type { Results } from './kernel.ts'
import { RecordKernel, type Bound } from './record-kernel.ts'

/**
 * Explains what a definition says of plain records at one instant. The evidence of a line are the names of the record's fields
 * that count.
 *
 * Where everything follows from the values alone the kernel works out a batch of records, and the lines are read from the very
 * results that it added up; lines that come out alike for several records are one and the same object. A definition with stages,
 * a value, playbooks or anything that looks at history goes through the incremental engine, record by record.
 */
export class RecordExplainer {
  readonly #plan: Plan
  readonly #asOf: Instant
  readonly #kernel: RecordKernel | undefined
  #reader: Reader | undefined

  constructor(plan: Plan, { asOf }: { asOf: Instant }) {
    this.#plan = plan
    this.#asOf = asOf
    this.#kernel = kernelFor(plan, asOf)
  }

  /** Whether the kernel works out everything; without it, an explanation takes about six times as long. */
  get isByKernel(): boolean {
    return this.#kernel !== undefined
  }

  /** @param leads  the lead of each record */
  *explain(leads: readonly LeadId[], records: readonly LeadRecord[]): Generator<Explanation, void, undefined> {
    if (this.#kernel === undefined) {
      for (let index = 0; index < records.length; index++)
        yield explainByFacts(this.#plan, leads[index], records[index], this.#asOf)
      return
    }
    for (let from = 0; from < records.length;) {
      const { end } = this.#kernel.run(records, from)
      const { bound } = this.#kernel
      if (this.#reader?.bound !== bound) this.#reader = new Reader(this.#plan, this.#asOf, bound)
      for (let index = from; index < end; index++)
        yield this.#reader.explanationOf(index - from, leads[index], records[index])
      from = end
    }
  }
}

/** The kernel, if it can work out everything that an explanation says. */
function kernelFor(plan: Plan, asOf: Instant): RecordKernel | undefined {
  const { stages, value, playbooks } = plan.definition
  if (stages ?? value ?? playbooks) return undefined
  const kernel = new RecordKernel(plan.definition, { asOf, withParts: true })
  const nodes = plan.personas.size + plan.scores.length + plan.categories.length
  return kernel.bound.kernel.nodes.length === nodes ? kernel : undefined
}

// --- By the kernel ---------------------------------------------------------------------------------------------------

/** The line of a criterion for a row of the batch at hand. */
type ReadLine = (row: number, record: LeadRecord) => Contribution

/** Reads explanations off a kernel's results. */
class Reader {
  readonly bound: Bound
  readonly #plan: Plan
  readonly #asOf: Instant
  readonly #scores: readonly ScoreReader[]

  constructor(plan: Plan, asOf: Instant, bound: Bound) {
    this.bound = bound
    this.#plan = plan
    this.#asOf = asOf
    this.#scores = plan.scores.map((score) => {
      const parts = bound.kernel.partsOf(score.name)
      const groups = score.groups.map((group, index) => {
        const place = { score: score.name, group: group.name }
        const lines = group.criteria.map((criterion, at) =>
          lineReader(plan, place, criterion, { part: parts[index].criteria[at], bound }),
        )
        return { place, plan: group, sum: parts[index].sum, lines }
      })
      return { plan: score, groups }
    })
  }

  explanationOf(row: number, lead: LeadId, record: LeadRecord): Explanation {
    const contributions: Contribution[] = []
    for (const score of this.#scores) readScore(score, row, record, contributions)
    const assessment = this.#assessmentOf(row, lead, this.bound.results)
    return { assessment, contributions, questions: this.#questionsOf(row), playbooks: NO_PLAYBOOKS }
  }

  #assessmentOf(row: number, lead: LeadId, results: Results): Assessment {
    const scores: Record<string, number> = {}
    for (const { name } of this.#plan.scores) scores[name] = results.scores.get(name)![row] / MICRO
    const levels: Record<string, string> = {}
    for (const { layout } of this.#plan.categories) {
      const { codes, names } = results.levels.get(layout.name)!
      levels[layout.name] = names[codes[row]]
    }
    const personas: string[] = []
    for (const [name, column] of results.personas) if (column[row] === TRUE) personas.push(name)
    const asOf = this.#asOf
    return { lead, asOf, personas, scores, levels, stage: { id: this.#plan.stages[0].id, since: asOf } }
  }

  #questionsOf(row: number): Explanation['questions'] {
    let questions: Explanation['questions'][number][] | undefined
    for (const { name, attribute } of this.#plan.attributes.values()) {
      const { question } = attribute
      if (question === undefined || valueIn(this.bound.columns.attributes.get(name)!, row) !== undefined) continue
      questions ??= []
      questions.push({ attribute: name, question })
    }
    return questions ?? NO_QUESTIONS
  }
}

const NO_PLAYBOOKS: Explanation['playbooks'] = []
const NO_QUESTIONS: Explanation['questions'] = []

interface ScoreReader {
  readonly plan: Plan['scores'][number]
  readonly groups: readonly {
    readonly place: PlaceOfLine
    readonly plan: Plan['scores'][number]['groups'][number]
    readonly sum: Float64Array
    readonly lines: readonly ReadLine[]
  }[]
}

/** Appends the lines of one score. Without activities all points are whole micro-points: no line needs rounding. */
function readScore({ plan, groups }: ScoreReader, row: number, record: LeadRecord, into: Contribution[]): void {
  const account = new Account(into)
  let total = 0
  for (const group of groups) {
    const { lines } = group
    for (let index = 0; index < lines.length; index++) into.push(lines[index](row, record))
    total += account.closeGroup(group.place, group.plan, group.sum[row])
  }
  account.closeScore(plan, total)
}

interface Source {
  readonly part: CriterionPart
  readonly bound: Bound
}

function lineReader(plan: Plan, place: PlaceOfLine, criterion: CriterionPlan, { part, bound }: Source): ReadLine {
  const line = ({ outcome, because, phrase }: Why, amount: number, evidence = NO_EVIDENCE): Contribution => ({
    ...place,
    criterion: criterion.id,
    outcome,
    points: amount / MICRO,
    because,
    phrase,
    evidence,
  })
  // INVARIANT: the part is this criterion's: results are those of a condition.
  if (part.kind === 'when') return whenReader(plan, criterion as WhenPlan, part.results, line)
  const { points } = part
  if (criterion.kind === 'table') {
    const column = bound.columns.attributes.get(criterion.attribute.name)!
    return tableReader(plan, criterion, { column, points, line })
  }
  const nothing = whyNothing(plan.definition, criterion as EachPlan)
  return (row) => line(nothing, points[row])
}

type MakeLine = (why: Why, amount: number, evidence?: readonly string[]) => Contribution

function whenReader(plan: Plan, criterion: WhenPlan, results: Uint8Array, line: MakeLine): ReadLine {
  const whys = whysOfWhen(plan.definition, criterion)
  const points = pointsByResult(criterion.criterion)
  const fields = fieldsBehind(plan, criterion.test.behind)
  const bare = whys.map((why, result) => line(why, points[result]))
  const whole = whys.map((why, result) => line(why, points[result], result === FALSE ? NO_EVIDENCE : fields))
  return (row, record) => {
    const result = results[row]
    if (result === FALSE) return bare[FALSE]
    const there = countThere(record, fields)
    if (there === fields.length) return whole[result]
    if (there === 0) return bare[result]
    return { ...bare[result], evidence: fields.filter((name) => record[name] !== undefined) }
  }
}

function countThere(record: LeadRecord, fields: readonly string[]): number {
  let count = 0
  for (let index = 0; index < fields.length; index++) if (record[fields[index]] !== undefined) count += 1
  return count
}

/** Names of the attributes behind a test, each once. */
function fieldsBehind(plan: Plan, roots: readonly Root[]): readonly string[] {
  const names = [...plan.attributes.keys()]
  return [...new Set(roots.flatMap((root) => (root.kind === 'attribute' ? [names[root.slot]] : [])))]
}

interface TableSource {
  readonly column: AttributeColumn
  readonly points: Float64Array
  readonly line: MakeLine
}

function tableReader(plan: Plan, criterion: TablePlan, { column, points, line }: TableSource): ReadLine {
  const { name } = criterion.attribute
  const evidence = [name]
  const made: Contribution[] = []
  return (row, record) => {
    const code = column.kind === 'codes' ? column.codes[row] : 0
    if (made[code] !== undefined) return made[code]
    const why = whyTable(plan.definition, criterion, valueIn(column, row), points[row])
    const one = line(why, points[row], record[name] === undefined ? NO_EVIDENCE : evidence)
    if (code !== 0) made[code] = one
    return one
  }
}

function valueIn(column: AttributeColumn, row: number): KnownValue | undefined {
  if (column.kind === 'codes') return column.dictionary[column.codes[row]] as KnownValue | undefined
  const value = column.values[row]
  return Number.isNaN(value) ? undefined : value
}

// --- By facts --------------------------------------------------------------------------------------------------------

/** The record as facts, each with the name of its field as its id, through the incremental engine. */
function explainByFacts(plan: Plan, lead: LeadId, record: LeadRecord, asOf: Instant): Explanation {
  const circle = openCircle({ withEvidence: true })
  for (const fact of factsOf(plan, lead, record, asOf)) applyFact(plan, circle, fact)
  return explain(plan, circle, lead, asOf)
}

function factsOf({ attributes }: Plan, lead: LeadId, record: LeadRecord, at: Instant): Fact[] {
  const account = accountId(`of ${lead}`)
  const facts: Fact[] = []
  for (const [name, { isOfAccount }] of attributes) {
    const value = record[name]
    if (value === undefined) continue
    if (isOfAccount) facts.push({ kind: 'account_attribute', id: name, at, account, name, value })
    else facts.push({ kind: 'attribute', id: name, at, lead, name, value })
  }
  if (facts.some(({ kind }) => kind === 'account_attribute'))
    facts.push({ kind: 'link', id: 'account', at, lead, account })
  return facts.sort(compareFacts)
}
