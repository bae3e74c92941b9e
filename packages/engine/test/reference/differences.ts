/** What sets the engine's answers about a random case apart from those of the reference. */
import type { Case } from '../generators/cases.ts'
import {
  assess,
  compileDefinition,
  nextChange,
  replay,
  type Assessment,
  type Instant,
  type LeadId,
  type Transition,
} from '../../src/index.ts'
import { DAY_MS } from '../../src/time.ts'
import { referenceAssess, referenceNextChange, referenceReplay } from './reference.ts'

/** One question to which the two give different answers. */
export interface Difference {
  readonly question: string
  readonly reference: unknown
  readonly engine: unknown
}

/** Further ahead than this the reference does not look for the next change. */
const HORIZON_MS = 100 * DAY_MS

/** A few units in the last place of sums of up to a thousand points. */
const NUDGE = 2e-13

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
    .filter((question) => !isSame(reference[question], engine[question]))
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

function answersOfEngine({ definition, facts, until, looks, leads }: Case): Answers {
  const plan = compileDefinition(definition)
  const { transitions } = replay(plan, facts, { until })
  return answers({ until, looks, leads }, transitions, (lead, asOf) => {
    const { circle } = replay(plan, facts, { until: asOf })
    const assessment = assess(plan, circle, lead, asOf)
    const next = nextChange(plan, circle, lead, asOf)
    return { assessment, next: next !== undefined && next.at <= asOf + HORIZON_MS ? next.at : undefined }
  })
}

function answersOfReference({ definition, facts, until, looks, leads }: Case, nudge: number): Answers {
  const transitions = referenceReplay(definition, facts, until, { nudge })
  return answers({ until, looks, leads }, transitions, (lead, asOf) => {
    const { contributions: _, unknown: __, ...assessment } = referenceAssess(definition, facts, lead, asOf, { nudge })
    const next = referenceNextChange(definition, facts, lead, asOf, HORIZON_MS, { nudge })
    return { assessment, next: next?.at }
  })
}

function answers(
  { looks, leads }: Pick<Case, 'until' | 'looks' | 'leads'>,
  transitions: readonly Transition[],
  look: (lead: LeadId, asOf: Instant) => { readonly assessment: Assessment; readonly next: Instant | undefined },
): Answers {
  const ofLeads = leads.map((lead) => [
    `transitions of ${lead}`,
    transitions
      .filter((each) => each.lead === lead)
      .map(({ at, kind, name, from, to, cause }) => [at, kind, name, from, to, cause]),
  ])
  const ofLooks = looks.flatMap((asOf) =>
    leads.flatMap((lead) => {
      const { assessment, next } = look(lead, asOf)
      return [
        [`assessment of ${lead} at ${asOf}`, assessment],
        [`next change of ${lead} after ${asOf}`, next],
      ]
    }),
  )
  return Object.fromEntries([...ofLeads, ...ofLooks]) as Answers
}

function isSame(a: unknown, b: unknown): boolean {
  return isBetween(a, [b])
}

/** Whether a value has the shape of the others and everywhere a number between theirs, or text that one of them has. */
function isBetween(value: unknown, others: readonly unknown[]): boolean {
  if (typeof value === 'number') {
    const numbers = others.map(Number)
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
