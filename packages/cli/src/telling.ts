/** What is told of one lead, as data. */
import {
  compileDefinition,
  cooling,
  explain,
  formatInstant,
  gaps,
  nextChange,
  replay,
  shutStages,
  whyNoEffect,
  compareFacts,
  type Cooling,
  type DecisionFact,
  type Definition,
  type Explanation,
  type Fact,
  type Gap,
  type Instant,
  type LeadId,
  type NextChange,
  type NoEffect,
  type Plan,
  type Transition,
} from '@winnow/engine'
import type { CircleWork } from '@winnow/io'
import { CliError } from './errors.ts'
import { changeJson, isOver, leadJson } from './leads.ts'
import { jsonText } from './terminal.ts'

/** Everything that the engine can tell of one lead at one instant. */
export interface Told {
  readonly explanation: Explanation
  readonly account: string | undefined
  readonly next: NextChange | undefined
  readonly gaps: readonly Gap[]
  readonly cooling: Cooling | undefined
  readonly history: readonly { readonly transition: Transition; readonly facts: readonly Fact[] }[]
  /** Decisions of people that did nothing. */
  readonly withoutEffect: readonly (NoEffect & { readonly fact: DecisionFact })[]
  /** Stages that are not entered by themselves for now, after a step back. */
  readonly shut: ReturnType<typeof shutStages>
}

/** @throws CliError `lead_missing` where nothing is known of the lead yet */
export function tellAll(definition: Definition, { facts }: CircleWork, lead: LeadId, asOf: Instant): Told {
  const plan = compileDefinition(definition)
  const { circle, transitions } = replay(plan, facts, { until: asOf, withEvidence: true })
  if (!circle.leads.has(lead)) {
    throw new CliError(
      'lead_missing',
      `nothing is known of \`${lead}\` at ${formatInstant(asOf)} yet`,
      'Ask for a later instant with --as-of.',
    )
  }
  const account = circle.leads.get(lead)?.account?.id
  const history = transitions
    .filter((transition) => transition.lead === lead)
    .map((transition) => ({ transition, facts: causesOf(transition, facts, { lead, account }) }))
  const explanation = explain(plan, circle, lead, asOf)
  const past = { history, withoutEffect: decisionsWithoutEffect(plan, facts, lead, asOf) }
  // Of a lead that is won or out nothing is missing, and there is nothing to ask or to do.
  if (isOver(definition, explanation.assessment)) {
    const settled = { ...explanation, questions: [], playbooks: [] }
    return { explanation: settled, account, next: undefined, gaps: [], cooling: undefined, shut: [], ...past }
  }
  return {
    explanation,
    account,
    next: nextChange(plan, circle, lead, asOf),
    gaps: gaps(plan, circle, lead, asOf),
    cooling: cooling(plan, circle, lead, asOf),
    shut: shutStages(plan, circle, lead, asOf),
    ...past,
  }
}

/** Each decision of the lead is looked at where it stood: after every fact before it. */
function decisionsWithoutEffect(
  plan: Plan,
  facts: readonly Fact[],
  lead: LeadId,
  asOf: Instant,
): Told['withoutEffect'] {
  const ordered = facts.filter(({ at }) => at <= asOf).toSorted(compareFacts)
  const seen = new Set<string>()
  return ordered.flatMap((fact, at) => {
    const isRepeated = seen.has(fact.id)
    seen.add(fact.id)
    if (isRepeated || fact.kind !== 'decision' || fact.lead !== lead) return []
    const { circle } = replay(plan, ordered.slice(0, at), { until: fact.at })
    const why = whyNoEffect(plan, circle, fact)
    return why === undefined ? [] : [{ fact, ...why }]
  })
}

/** Facts of the lead and its account at the instant of a transition; those of colleagues where there are no others. */
function causesOf(
  { at, cause }: Transition,
  facts: readonly Fact[],
  { lead, account }: { lead: string; account: string | undefined },
): Fact[] {
  if (cause === 'time') return []
  const then = facts.filter((fact) => fact.at === at)
  const own = then.filter((fact) => (fact.kind === 'account_attribute' ? fact.account === account : fact.lead === lead))
  return own.length > 0 ? own : then
}

export function asJson(definition: Definition, told: Told): string {
  const { explanation, account, next, gaps, cooling, history, withoutEffect, shut } = told
  const { assessment, contributions, questions, playbooks } = explanation
  const { reasons: _, ...lead } = leadJson(definition, { assessment, account, next, reasons: [] })
  return jsonText({
    definition: definition.name,
    asOf: formatInstant(assessment.asOf),
    ...lead,
    contributions,
    gaps,
    cooling:
      cooling === undefined
        ? null
        : {
            ...cooling,
            at: formatInstant(cooling.at),
            keptBy: cooling.keptBy.map((each) => ({
              ...each,
              until: each.until === undefined ? null : formatInstant(each.until),
            })),
          },
    shut: shut.map(({ stage, until }) => ({ stage, until: until === Infinity ? null : formatInstant(until) })),
    questions,
    playbooks,
    withoutEffect: withoutEffect.map(({ fact, because, missing }) => ({
      at: formatInstant(fact.at),
      decision: fact.decision,
      fact: fact.id,
      because,
      missing,
    })),
    history: history.map(({ transition, facts }) => ({
      at: formatInstant(transition.at),
      ...changeJson(transition),
      cause: transition.cause,
      facts: facts.map(({ id }) => id),
    })),
  })
}
