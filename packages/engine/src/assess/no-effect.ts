/** Why a person's decision does nothing, and what keeps stages shut after a step back. */
import { bare, english, type Phrase } from '../definition/phrases.ts'
import { attributeWords, categoryWords, conditionSaid, spaced, stageWords } from '../definition/words.ts'
import { everyPart, kinded } from '../definition/walk.ts'
import type { Condition, Definition } from '../definition/language.ts'
import type { DecisionFact, LeadId } from '../facts.ts'
import { valueOf } from '../plan/builder.ts'
import type { Plan } from '../plan/compile.ts'
import type { Circle, LeadState } from '../plan/state.ts'
import type { Instant } from '../time.ts'
import { settledLead } from './assess.ts'
import { targetOf } from './settle.ts'

export interface NoEffect {
  /** A clause: `the stage SQL needs that …` */
  readonly because: string
  /** What it says, as data. */
  readonly phrase: Phrase
  /** Topics and attributes that the stage needs and nobody knew then, as the definition calls them. */
  readonly missing: readonly string[]
}

/**
 * Why a decision has no effect on its lead; `undefined` where it has one.
 * @param circle  with every fact before the decision in the total order, and none after it
 */
export function whyNoEffect(plan: Plan, circle: Circle, decision: DecisionFact): NoEffect | undefined {
  if (decision.decision === 'override') return whyNoOverride(plan, decision)
  const lead = settledLead(plan, circle, decision.lead, decision.at)
  if (targetOf(plan, lead, decision.decision, decision.at) >= 0) return undefined
  const { definition } = plan
  const index = plan.stages.findIndex((stage) => stage.decisions.includes(decision.decision))
  const current = plan.stages[lead.latch[plan.layout.stages.stage]]
  const here = { stage: stageWords(definition, current.id) }
  if (index < 0 && !isStepBack(decision)) return noEffect(bare('no_stage_by_it'))
  if (current.isFinal || current.isClosed) return noEffect({ key: 'no_way_out', args: here })
  if (isStepBack(decision) || LEAVING.has(decision.decision)) return noEffect({ key: 'already_in', args: here })
  const from = current.isSide ? 0 : lead.latch[plan.layout.stages.stage]
  if (index <= from) return noEffect({ key: 'further_along', args: here })
  const needs = definition.stages!.find(({ id }) => id === plan.stages[index].id)!.needs!
  const stage = stageWords(definition, plan.stages[index].id)
  const clause = conditionSaid(definition, needs)
  return noEffect({ key: 'stage_needs', args: { stage, clause } }, missingOf(plan, lead, needs))
}

const noEffect = (phrase: Phrase, missing: readonly string[] = []): NoEffect => ({
  because: english(phrase),
  phrase,
  missing,
})

const LEAVING: ReadonlySet<string> = new Set(['disqualify', 'lose'])
const isStepBack = ({ decision }: DecisionFact) => decision === 'reject' || decision === 'recycle'

function whyNoOverride({ definition, layout }: Plan, { override }: DecisionFact): NoEffect | undefined {
  if (override === undefined) return noEffect(bare('forces_nothing'))
  if ('stage' in override)
    return layout.stages.index.has(override.stage)
      ? undefined
      : noEffect({ key: 'no_such_stage', args: { name: override.stage } })
  const category = layout.categories.get(override.category)
  if (category === undefined) return noEffect({ key: 'no_such_category', args: { name: override.category } })
  if (category.levels.includes(override.level)) return undefined
  const { level: name } = override
  return noEffect({ key: 'no_such_level', args: { category: categoryWords(definition, override.category), name } })
}

/** What a condition asks about and nobody knows. */
function missingOf(plan: Plan, lead: LeadState, condition: Condition): readonly string[] {
  const isKnown = (name: string) => valueOf(lead, plan.attributes.get(name)!) !== undefined
  const missing = everyPart({ condition, path: [] }).flatMap((part) => {
    const one = kinded(part.condition)
    if (part.leads) return [] // of other leads
    if (one.kind === 'answers')
      return one.test.answers.filter((topic) => !answersTo(plan.definition, topic).some(isKnown))
    return one.kind === 'attribute' && !isKnown(one.test.attribute)
      ? [attributeWords(plan.definition, one.test.attribute)]
      : []
  })
  return [...new Set(missing.map(spaced))]
}

const answersTo = ({ attributes = {} }: Definition, topic: string): readonly string[] =>
  Object.keys(attributes).filter((name) => attributes[name].answers === topic)

/** Stages that are shut to a lead after a step back, and until when; until `Infinity`: until its `enter` has once not been true. */
export function shutStages(
  plan: Plan,
  circle: Circle,
  id: LeadId,
  asOf: Instant,
): readonly { readonly stage: string; readonly until: Instant }[] {
  const { latch } = settledLead(plan, circle, id, asOf)
  return plan.automatic
    .map((index) => ({ stage: plan.stages[index].id, until: latch[plan.layout.stages.shutUntil + index] }))
    .filter(({ until }) => until > asOf)
}
