/**
 * What the engine is asked wherever it runs: in a page, in workers, in threads, and in the test that compares them. Plain
 * data goes in and comes out, so that it can travel.
 */
import {
  bulkAssess,
  circlesOf,
  columnsFromFacts,
  compileDefinition,
  explain,
  formatPath,
  gaps,
  lintDefinition,
  nextChange,
  parseDefinitionText,
  renderMarkdown,
  replay,
  writeCircle,
  type Definition,
  type Instant,
  type Issue,
} from '@winnow/engine'
import { answered } from '../conformance/answer.ts'
import { runEngine } from '../conformance/engine.ts'
import { loadCases, type ConformanceCase } from '../conformance/load.ts'
import { caseOf, type Case } from '../packages/engine/test/generators/cases.ts'

export const TASKS = { answerConformance, answerRandom, readDefinitions, runText }

export type TaskName = keyof typeof TASKS
export type Input<T extends TaskName> = Parameters<(typeof TASKS)[T]>[0]
export type Output<T extends TaskName> = ReturnType<(typeof TASKS)[T]>

export interface Job<T extends TaskName = TaskName> {
  readonly task: T
  readonly input: Input<T>
}

export function doJob<T extends TaskName>({ task, input }: Job<T>): Output<T> {
  const run = TASKS[task] as (input: Input<T>) => Output<T>
  return run(input)
}

/** Questions and their answers as JSON, so that comparing them compares every digit. */
export type Answers = Readonly<Record<string, string>>

/** @param files  JSON of the folder of cases, by path */
function answerConformance(files: Readonly<Record<string, unknown>>): Answers {
  const cases = loadCases((path) => files[path])
  return Object.fromEntries(cases.map((each) => [`${each.area}: ${each.name}`, exactJson(answerTo(each))]))
}

function answerTo(each: ConformanceCase): unknown {
  try {
    return answered(each.expect, runEngine(each))
  } catch (error) {
    return `failed: ${error}` // the others are still of interest
  }
}

function answerRandom(seeds: readonly number[]): Answers {
  const answers = seeds.flatMap((seed) =>
    Object.entries(answersAbout(caseOf(seed))).map(([question, answer]) => [
      `seed ${seed}, ${question}`,
      exactJson(answer),
    ]),
  )
  return Object.fromEntries(answers)
}

/** Everything that people and programs read of a history. */
function answersAbout({ definition, facts, leads, until }: Case): Readonly<Record<string, unknown>> {
  const plan = compileDefinition(definition)
  const { transitions, circle } = replay(plan, facts, { until, withEvidence: true })
  const [first] = leads // trying gaps takes longer than all the rest
  return {
    definition,
    facts,
    transitions,
    ...Object.fromEntries(leads.map((lead) => [`explanation of ${lead}`, explain(plan, circle, lead, until)])),
    ...Object.fromEntries(leads.map((lead) => [`next change of ${lead}`, nextChange(plan, circle, lead, until)])),
    ...(first === undefined
      ? {}
      : { [`gaps of ${first}`]: gaps(plan, circle, first, until).map((gap) => gap.sentence) }),
    bytes: [...writeCircle(plan, circle)],
    bulk: inBulk(definition, { facts, until }),
  }
}

function inBulk(definition: Definition, { facts, until }: { facts: Case['facts']; until: Instant }): unknown {
  const plan = compileDefinition(definition)
  const columns = columnsFromFacts(definition, facts, { asOf: until })
  const unique = new Map(facts.toReversed().map((fact) => [fact.id, fact])).values()
  const histories = { leads: columns.leads, circles: circlesOf(plan, unique) }
  const results = bulkAssess(plan, columns, { asOf: until, histories })!
  return {
    leads: columns.leads,
    scores: [...results.scores].map(([name, points]) => [name, [...points]]),
    levels: [...results.levels].map(([name, { codes, names }]) => [name, [...codes], names]),
    stages: [...(results.stage?.codes ?? [])],
  }
}

export interface ReadDefinition {
  readonly ok: boolean
  readonly issues: readonly string[]
  readonly lint: readonly string[]
  readonly rendered: string
}

/** Texts as somebody types them, with everything that an editor would show. */
function readDefinitions(texts: readonly string[]): readonly ReadDefinition[] {
  return texts.map((text) => {
    const parsed = parseDefinitionText(text)
    return {
      ok: parsed.ok,
      issues: parsed.issues.map(written),
      lint: parsed.ok ? lintDefinition(parsed.definition).map(written) : [],
      rendered: parsed.ok ? renderMarkdown(parsed.definition) : '',
    }
  })
}

const written = ({ path, code, severity, message, hint, line, column }: Issue): string =>
  [`${line}:${column}`, severity, code, formatPath(path), message, hint].join(' ')

/** What comes of an attempt to run text as code, either way there is. */
function runText(text: string): readonly string[] {
  /* oxlint-disable no-eval, no-new-func, typescript/no-implied-eval -- they are to fail */
  return [() => new Function(text) as unknown, () => (0, eval)(text) as unknown].map((attempt) => {
    try {
      attempt()
      return 'ran'
    } catch (error) {
      return error instanceof Error ? error.name : String(error)
    }
  })
  /* oxlint-enable no-eval, no-new-func, typescript/no-implied-eval */
}

/** JSON that tells −0 from 0 and keeps what JSON has no word for. */
function exactJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'number' && (Object.is(part, -0) || !Number.isFinite(part))
      ? `number ${part === 0 ? '-0' : part}`
      : part,
  )
}
