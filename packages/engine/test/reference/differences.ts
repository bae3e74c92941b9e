/** What sets the engine's answers about a random case apart from those of the reference. */
import { stringify } from 'yaml'
import type { Case } from '../generators/cases.ts'
import type { Look } from '../generators/histories.ts'
import {
  assess,
  compileDefinition,
  explain,
  nextChange,
  replay,
  type Assessment,
  type Contribution,
  type Instant,
  type Plan,
  type Transition,
} from '../../src/index.ts'
import { DAY_MS } from '../../src/time.ts'
import { referenceLook, referenceReplay } from './reference.ts'

/** One question to which the two give different answers. */
export interface Difference {
  readonly question: string
  readonly reference: unknown
  readonly engine: unknown
}

/** Further ahead than this the reference does not look for the next change. */
const HORIZON_MS = 100 * DAY_MS

/** Millionths: a few units in the last place of sums of up to a thousand points. */
const NUDGE = 2e-7

export interface Verdict {
  readonly differences: readonly Difference[]
  /**
   * The engine's answers differ from the reference's, but lie between those of a reference whose decayed scores are a few
   * bits higher and one whose are a few bits lower: the case stands on the edge between two millionths of a point.
   */
  readonly isOnEdge: boolean
}

export function compareWithReference(one: Case): Verdict {
  const engine = answersOfEngine(one)
  const reference = answersOfReference(one, 0)
  const differences = Object.keys(reference)
    .filter((question) => !isBetween(engine[question], [reference[question]]))
    .map((question) => ({ question, reference: reference[question], engine: engine[question] }))
  if (differences.length === 0) return { differences, isOnEdge: false }
  const around = [reference, answersOfReference(one, NUDGE), answersOfReference(one, -NUDGE)]
  const isOnEdge = differences.every(({ question, engine }) =>
    isBetween(
      engine,
      around.map((each) => each[question]),
    ),
  )
  return { differences: isOnEdge ? [] : differences, isOnEdge }
}

/** Answers by question. */
type Answers = Readonly<Record<string, unknown>>

function answersOfEngine(one: Case): Answers {
  const { definition, facts, until } = one
  const plan = compileDefinition(definition)
  return answers(one, replay(plan, facts, { until }).transitions, ({ lead, at }) => {
    const { circle } = replay(plan, facts, { until: at })
    const explanation = explanationOf(plan, explain(plan, circle, lead, at).contributions)
    const next = nextChange(plan, circle, lead, at)
    const within = next !== undefined && next.at <= at + HORIZON_MS ? next.at : undefined
    return { assessment: assess(plan, circle, lead, at), explanation, next: within }
  })
}

/** What the lines of an explanation say of each criterion, and what they add up to. */
function explanationOf({ definition }: Plan, lines: readonly Contribution[]): object {
  const criteria = lines.filter((line) => line.criterion !== undefined)
  const sumOf = (score: string) =>
    lines.filter((line) => line.score === score).reduce((sum, line) => sum + Math.round(line.points * 1e6), 0) / 1e6
  return {
    points: Object.fromEntries(criteria.map(({ criterion, points }) => [criterion, points])),
    unknown: criteria.filter((line) => line.outcome === 'unknown').map((line) => line.criterion),
    sums: Object.fromEntries(Object.keys(definition.scores ?? {}).map((score) => [score, sumOf(score)])),
  }
}

/** Points that a line of an explanation may miss by a millionth, so that the lines add up. */
class Near {
  readonly points: number

  constructor(points: number) {
    this.points = points
  }

  holds(points: number): boolean {
    return Math.abs(points - this.points) <= 1.001e-6
  }
}

function answersOfReference(one: Case, nudge: number): Answers {
  const { definition, facts, until } = one
  return answers(one, referenceReplay(definition, facts, until, { nudge }), ({ lead, at }) => {
    const look = { lead, asOf: at, horizonMs: HORIZON_MS }
    const { assessment, next } = referenceLook(definition, facts, look, { nudge })
    const { contributions, unknown, ...rest } = assessment
    const points = Object.entries(contributions).map(([id, each]) => [id, new Near(each)])
    const explanation = { points: Object.fromEntries(points), unknown, sums: assessment.scores }
    return { assessment: rest, explanation, next: next?.at }
  })
}

function answers(
  { looks, leads }: Case,
  transitions: readonly Transition[],
  answer: (look: Look) => {
    readonly assessment: Assessment
    readonly explanation: object
    readonly next: Instant | undefined
  },
): Answers {
  const ofLeads = leads.map((lead) => {
    const own = transitions.filter((each) => each.lead === lead)
    return [
      `transitions of ${lead}`,
      own.map(({ at, kind, name, from, to, cause }) => [at, kind, name, from, to, cause]),
    ]
  })
  const ofLooks = looks.flatMap((look) => {
    const { assessment, explanation, next } = answer(look)
    return [
      [`assessment of ${look.lead} at ${look.at}`, assessment],
      [`explanation of ${look.lead} at ${look.at}`, explanation],
      [`next change of ${look.lead} after ${look.at}`, next],
    ]
  })
  return Object.fromEntries([...ofLeads, ...ofLooks]) as Answers
}

/** Whether a value has the shape of the others and everywhere a number between theirs, or text that one of them has. */
function isBetween(value: unknown, others: readonly unknown[]): boolean {
  if (typeof value === 'number') {
    if (others.some((other) => other instanceof Near)) return others.some((near) => (near as Near).holds(value))
    if (others.some((other) => typeof other !== 'number')) return false
    const numbers = others as readonly number[]
    return Math.min(...numbers) <= value && value <= Math.max(...numbers)
  }
  if (typeof value !== 'object' || value === null) return others.includes(value)
  const keys = Object.keys(value)
  const maps = others.filter((each) => typeof each === 'object' && each !== null) as Record<string, unknown>[]
  return (
    maps.some((map) => Object.keys(map).length === keys.length) &&
    keys.every((key) =>
      isBetween(
        (value as Record<string, unknown>)[key],
        maps.map((map) => map[key]),
      ),
    )
  )
}

/** A case and what sets the answers apart, to be read by a person. */
export function describeCase(one: Case): string {
  const { definition, facts, until } = one
  const told = [...facts].sort((a, b) => a.at - b.at).map((fact) => JSON.stringify(fact))
  const differences = compareWithReference(one).differences.map(
    ({ question, reference, engine }) =>
      `${question}\n  reference ${JSON.stringify(reference)}\n  engine    ${JSON.stringify(engine)}`,
  )
  return [stringify(definition), ...told, `until ${until}`, ...differences].join('\n')
}
