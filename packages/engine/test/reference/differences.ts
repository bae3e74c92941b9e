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
import { referenceAssess, referenceNextChange, referenceReplay, type ReferenceOptions } from './reference.ts'

/** One question to which the two give different answers. */
export interface Difference {
  readonly question: string
  readonly reference: unknown
  readonly engine: unknown
}

/** Further ahead than this the reference does not look for the next change. */
const HORIZON_MS = 100 * DAY_MS

/** A few units in the last place of a sum of some dozens of decayed points. */
const NUDGES = [4e-15, -4e-15]

export interface Verdict {
  readonly differences: readonly Difference[]
  /** The two agree once the last bits of decayed points are nudged: the case lies on the edge between two millionths. */
  readonly isOnEdge: boolean
}

export function compareWithReference(one: Case): Verdict {
  const answers = answersOfEngine(one)
  const differences = differencesFrom(one, answers, {})
  const isOnEdge =
    differences.length > 0 && NUDGES.some((nudge) => differencesFrom(one, answers, { nudge }).length === 0)
  return { differences: isOnEdge ? [] : differences, isOnEdge }
}

/** One look at one lead. */
interface Look {
  readonly lead: LeadId
  readonly asOf: Instant
  readonly assessment: Assessment
  readonly next: { readonly at: Instant } | undefined
}

interface Answers {
  readonly transitions: readonly Transition[]
  readonly looks: readonly Look[]
}

function answersOfEngine({ definition, facts, until, looks, leads }: Case): Answers {
  const plan = compileDefinition(definition)
  return {
    transitions: replay(plan, facts, { until }).transitions,
    looks: looks.flatMap((asOf) =>
      leads.map((lead) => {
        const { circle } = replay(plan, facts, { until: asOf })
        return {
          lead,
          asOf,
          assessment: assess(plan, circle, lead, asOf),
          next: nextChange(plan, circle, lead, asOf),
        }
      }),
    ),
  }
}

function differencesFrom(one: Case, answers: Answers, options: ReferenceOptions): readonly Difference[] {
  const { definition, facts, until, leads } = one
  const lived = referenceReplay(definition, facts, until, options)
  const ofLead = (transitions: readonly Transition[], lead: LeadId) => transitions.filter((each) => each.lead === lead)
  return [
    ...leads.flatMap((lead) =>
      difference(
        `transitions of ${lead}`,
        ofLead(lived, lead).map(written),
        ofLead(answers.transitions, lead).map(written),
      ),
    ),
    ...answers.looks.flatMap((look) => differencesOfLook(one, look, options)),
  ]
}

function differencesOfLook(one: Case, look: Look, options: ReferenceOptions): readonly Difference[] {
  const { definition, facts } = one
  const { lead, asOf, assessment, next } = look
  const reference = referenceAssess(definition, facts, lead, asOf, options)
  const { contributions: _contributions, unknown: _unknown, ...expected } = reference
  const change = referenceNextChange(definition, facts, lead, asOf, HORIZON_MS, options)
  const isWithin = next !== undefined && next.at <= asOf + HORIZON_MS
  return [
    ...difference(`assessment of ${lead} at ${asOf}`, sorted(expected), sorted(assessment)),
    ...difference(`next change of ${lead} after ${asOf}`, change?.at, isWithin ? next.at : undefined),
  ]
}

const written = ({ at, kind, name, from, to, cause }: Transition) => `${at} ${kind} ${name} ${from} → ${to} (${cause})`

function difference(question: string, reference: unknown, engine: unknown): readonly Difference[] {
  return JSON.stringify(reference) === JSON.stringify(engine) ? [] : [{ question, reference, engine }]
}

/** The same with the keys of every map in order, so that only content is compared. */
function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  const entries = Object.entries(value).filter(([, each]) => each !== undefined)
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, each]) => [key, sorted(each)]))
}
