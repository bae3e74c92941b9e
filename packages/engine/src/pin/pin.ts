/**
 * A real lead as an example of a definition: what decides about it stays, who it is does not. Names of people and companies,
 * addresses, and whatever the definition does not look at are left out; every text in it stands in the definition, or stands for
 * nothing. Times are moved together and rounded as far as the lead is judged alike.
 */
import { assess } from '../assess/assess.ts'
import type { Assessment } from '../assess/assessment.ts'
import type { Definition, Example, ExampleFact } from '../definition/language.ts'
import { exampleFacts } from '../examples.ts'
import { compareFacts, leadId, type Fact, type LeadId } from '../facts.ts'
import type { Plan } from '../plan/compile.ts'
import { replay } from '../replay/replay.ts'
import { dateFromDays, DAY_MS, HOUR_MS, MINUTE_MS, parseInstant, SECOND_MS, type Instant } from '../time.ts'
import { readsOf } from './reads.ts'
import { retell, type Retelling, type Told } from './retell.ts'
import { dateText } from './stand-ins.ts'

export type Pinned =
  | {
      readonly ok: true
      readonly example: Example
      /** Of the lead itself, by the same definition. */
      readonly assessment: Assessment
      readonly replaced: readonly string[]
      readonly leftOut: number
    }
  | {
      readonly ok: false
      /** `differs`: told like this, the definition would judge it otherwise. */
      readonly why: 'nothing_known' | 'too_much' | 'differs'
    }

/** More lines than anybody would read. */
const LINES_MAX = 300
/** Points by which rounded times may change a score. */
const NEARLY = 0.5
const UNITS = [DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, 1] as const

/**
 * @param facts  of the lead and of whoever is evaluated with it; those after `at` are not looked at
 * @returns an example that the definition meets: it expects the levels and the stage that the lead has
 */
export function pinLead(
  plan: Plan,
  facts: readonly Fact[],
  { lead, at, name }: { readonly lead: LeadId; readonly at: Instant; readonly name: string },
): Pinned {
  const known = firstOfEach(facts)
    .filter((fact) => fact.at <= at)
    .sort(compareFacts)
  if (!known.some((fact) => fact.kind !== 'account_attribute' && fact.lead === lead))
    return { ok: false, why: 'nothing_known' }
  const assessment = assessmentOf(plan, known, { lead, at })
  const reads = readsOf(plan.definition)
  const shift = reads.namesDates ? 0 : shiftOf(at)
  const retelling = retell(plan, known, { lead, reads, moved: (instant) => instant + shift })
  let why: 'too_much' | 'differs' = 'differs'
  for (const unit of UNITS) {
    if (!keepsOrder(retelling.told, unit)) continue
    const written = write(retelling, { at: at + shift, shift, unit })
    const example = { name, ...written, expect: expectationOf(plan.definition, assessment) }
    if (!isAlike(plan, example, assessment)) continue
    const { replaced, leftOut } = retelling
    if (written.facts.length <= LINES_MAX) return { ok: true, example, assessment, replaced, leftOut }
    why = 'too_much'
  }
  return { ok: false, why }
}

/** Of facts with one id the first counts. */
function firstOfEach(facts: readonly Fact[]): Fact[] {
  const seen = new Set<string>()
  return facts.filter(({ id }) => !seen.has(id) && seen.add(id))
}

const assessmentOf = (plan: Plan, facts: readonly Fact[], { lead, at }: { lead: LeadId; at: Instant }): Assessment =>
  assess(plan, replay(plan, facts, { until: at }).circle, lead, at)

/** Whole days, so that days of the calendar stay days: back to the first of the month. */
function shiftOf(at: Instant): number {
  return (1 - dateFromDays(Math.floor(at / DAY_MS)).day) * DAY_MS
}

const floor = (at: Instant, unit: number): Instant => Math.floor(at / unit) * unit

/** Within an instant decisions come last: one that came before something else must stay before it. */
const keepsOrder = (told: readonly Told[], unit: number): boolean =>
  told.every(({ at, rank }, index) => {
    const next = told[index + 1]
    return (
      next === undefined ||
      rank <= next.rank ||
      rank < DECISION ||
      floor(at, unit) < floor(next.at, unit) ||
      at === next.at
    )
  })
const DECISION = 3

function expectationOf({ categories, stages }: Definition, { levels, stage }: Assessment): Example['expect'] {
  return {
    ...(categories !== undefined && { levels }),
    ...((stages !== undefined || categories === undefined) && { stage: stage.id }),
  }
}

function isAlike(plan: Plan, example: Example, real: Assessment): boolean {
  const problems: string[] = []
  const facts = exampleFacts(plan.definition, example, (problem) => problems.push(problem))
  if (problems.length > 0) return false
  const told = assessmentOf(plan, facts, { lead: leadId('lead'), at: parseInstant(example.as_of) })
  return (
    told.stage.id === real.stage.id &&
    sameMembers(told.personas, real.personas) &&
    Object.entries(real.levels).every(([category, level]) => told.levels[category] === level) &&
    Object.entries(real.scores).every(([score, points]) => Math.abs(told.scores[score] - points) <= NEARLY)
  )
}

const sameMembers = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && a.every((each) => b.includes(each))

// --- Lines -----------------------------------------------------------------------------------------------------------

interface Written {
  readonly at: Instant
  readonly shift: number
  readonly unit: number
}

function write({ told }: Retelling, { at, shift, unit }: Written): Pick<Example, 'as_of' | 'facts'> {
  const asOf = floor(at, unit)
  const lines: Told[] = []
  const placed = told
    .map((each) => ({ ...each, at: floor(each.at + shift, unit) }))
    .sort((a, b) => a.at - b.at || a.rank - b.rank)
  for (const each of placed) {
    const joined = joinedLine(lines, each)
    if (joined === undefined) lines.push(each)
    else lines[joined.index] = joined.line
  }
  return { as_of: timeText(asOf), facts: lines.map((line) => lineOf(line, asOf)) }
}

/** What one line can say with another of the same lead and instant. */
function joinedLine(lines: readonly Told[], next: Told): { index: number; line: Told } | undefined {
  for (let index = lines.length - 1; index >= 0; index--) {
    const line = lines[index]
    if (line.at !== next.at || line.rank !== next.rank) return undefined
    if (line.lead !== next.lead) continue
    const saying = together(line.saying, next.saying)
    if (saying !== undefined) return { index, line: { ...line, saying } }
    if (next.rank === 1) return undefined // of two values the later one counts
  }
  return undefined
}

const TIMES_MAX = 1000

function together(a: Told['saying'], b: Told['saying']): Told['saying'] | undefined {
  if ('attributes' in a && 'attributes' in b) {
    if (Object.keys(b.attributes).some((name) => Object.hasOwn(a.attributes, name))) return undefined
    return { attributes: { ...a.attributes, ...b.attributes } }
  }
  if ('activity' in a && 'activity' in b) {
    const { times = 1, ...rest } = a
    return times < TIMES_MAX && JSON.stringify(rest) === JSON.stringify(b) ? { ...rest, times: times + 1 } : undefined
  }
  return undefined
}

function lineOf({ at, lead, saying }: Told, asOf: Instant): ExampleFact {
  return { ...(lead !== undefined && { lead }), ...saying, ...whenOf(at, asOf) }
}

function whenOf(at: Instant, asOf: Instant): { readonly ago?: string; readonly at?: string } {
  const ago = asOf - at
  if (ago === 0) return {}
  if (ago % DAY_MS === 0) return { ago: `${ago / DAY_MS}d` }
  if (ago % HOUR_MS === 0 && ago < 2 * DAY_MS) return { ago: `${ago / HOUR_MS}h` }
  if (ago % MINUTE_MS === 0 && ago < 2 * HOUR_MS) return { ago: `${ago / MINUTE_MS}m` }
  return { at: timeText(at) }
}

/** With its time of day, so that nobody takes it for a date. */
const timeText = (at: Instant): string => {
  const text = dateText(at)
  return text.includes('T') ? text : `${text}T00:00Z`
}
