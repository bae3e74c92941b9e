/** What is told of one lead, as data. */
import {
  compileDefinition,
  cooling,
  explain,
  formatInstant,
  gaps,
  nextChange,
  replay,
  type Cooling,
  type Definition,
  type Explanation,
  type Fact,
  type Gap,
  type Instant,
  type LeadId,
  type NextChange,
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
  // Of a lead that is won or out nothing is missing, and there is nothing to ask or to do.
  if (isOver(definition, explanation.assessment)) {
    const settled = { ...explanation, questions: [], playbooks: [] }
    return { explanation: settled, account, next: undefined, gaps: [], cooling: undefined, history }
  }
  return {
    explanation,
    account,
    next: nextChange(plan, circle, lead, asOf),
    gaps: gaps(plan, circle, lead, asOf),
    cooling: cooling(plan, circle, lead, asOf),
    history,
  }
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

export function asJson(definition: Definition, { explanation, account, next, gaps, cooling, history }: Told): string {
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
    questions,
    playbooks,
    history: history.map(({ transition, facts }) => ({
      at: formatInstant(transition.at),
      ...changeJson(transition),
      cause: transition.cause,
      facts: facts.map(({ id }) => id),
    })),
  })
}
