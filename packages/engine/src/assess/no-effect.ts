/** Why a person's decision does nothing, and what keeps stages shut after a step back. */
import { attributeWords, categoryWords, conditionInWords, spaced, stageWords } from '../definition/words.ts'
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
  const here = `the lead is in the stage ${stageWords(definition, current.id)}`
  if (index < 0 && !isStepBack(decision)) return { because: 'no stage is by this decision', missing: [] }
  if (current.isFinal || current.isClosed) return { because: `${here}, which it does not lead out of`, missing: [] }
  if (isStepBack(decision) || LEAVING.has(decision.decision)) return { because: `${here} already`, missing: [] }
  const from = current.isSide ? 0 : lead.latch[plan.layout.stages.stage]
  if (index <= from) return { because: `${here}, there already or further along`, missing: [] }
  const needs = definition.stages!.find(({ id }) => id === plan.stages[index].id)!.needs!
  const because = `the stage ${stageWords(definition, plan.stages[index].id)} needs: ${conditionInWords(definition, needs)}`
  return { because, missing: missingOf(plan, lead, needs) }
}

const LEAVING: ReadonlySet<string> = new Set(['disqualify', 'lose'])
const isStepBack = ({ decision }: DecisionFact) => decision === 'reject' || decision === 'recycle'

function whyNoOverride({ definition, layout }: Plan, { override }: DecisionFact): NoEffect | undefined {
  const none = (because: string): NoEffect => ({ because, missing: [] })
  if (override === undefined) return none('it does not say what it forces')
  if ('stage' in override)
    return layout.stages.index.has(override.stage) ? undefined : none(`there is no stage \`${override.stage}\``)
  const category = layout.categories.get(override.category)
  if (category === undefined) return none(`there is no category \`${override.category}\``)
  if (category.levels.includes(override.level)) return undefined
  return none(`${categoryWords(definition, override.category)} has no level \`${override.level}\``)
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
