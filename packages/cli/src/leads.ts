/** Scored leads as rows: their order, their words, their JSON. */
import { formatDuration, formatInstant, type Definition, type Instant, type Transition } from '@winnow/engine'
import type { LeadScore } from '@winnow/io'

type Categories = NonNullable<Definition['categories']>
type Stages = NonNullable<Definition['stages']>

/** Level names of a category, best first. A matrix lists its cells as they are read: row by row. */
export function levelsOf(categories: Categories, name: string): readonly string[] {
  const category = categories[name]
  if (category === undefined) return []
  if ('levels' in category) return category.levels.map((level) => Object.keys(level)[0]!)
  const { rows, columns, cells } = category.matrix
  const names = levelsOf(categories, rows).flatMap((row) =>
    levelsOf(categories, columns).map((column) => cells?.[row]?.[column] ?? `${row}_${column}`),
  )
  return [...new Set(names)]
}

/**
 * What there is to do about a lead: `open` on the path and not won, `resting` in a side stage that it may come back from,
 * `over` when it is won or out (disqualified, lost).
 */
export type Standing = 'open' | 'resting' | 'over'
const STANDINGS: readonly Standing[] = ['open', 'resting', 'over']

const decisionsOf = ({ by }: Stages[number]): readonly string[] =>
  by === undefined ? [] : typeof by === 'string' ? [by] : by
const LEAVING = new Set(['reject', 'recycle', 'disqualify', 'lose'])
const ENDING = new Set(['win', 'disqualify', 'lose'])
/** Where these decisions lead in definitions that have no stage for them. */
export const IMPLIED_STAGES = ['disqualified', 'lost'] as const

export function standingOf(definition: Definition, stageId: string): Standing {
  const stage = definition.stages?.find(({ id }) => id === stageId)
  if (stage === undefined) return (IMPLIED_STAGES as readonly string[]).includes(stageId) ? 'over' : 'open'
  const decisions = decisionsOf(stage)
  if (decisions.some((decision) => ENDING.has(decision))) return 'over'
  return decisions.some((decision) => LEAVING.has(decision)) ? 'resting' : 'open'
}

/** Whether there is nothing left to do: the lead is won or out. */
export const isOver = (definition: Definition, { stage }: LeadScore['assessment']): boolean =>
  standingOf(definition, stage.id) === 'over'

/**
 * Whom to call first: open leads before those that rest or are over; of the open ones those whose stage has a clock (a service
 * level), because somebody is waited for; then by worth, where the definition has a value; then the furthest along, by levels in
 * the order of the document, and by scores.
 */
export function compareLeads(definition: Definition): (a: LeadScore, b: LeadScore) => number {
  const groupOf = groupsOfStages(definition)
  const stageRank = rankStages(definition)
  const categories = definition.categories ?? {}
  const ranks = Object.keys(categories).map(
    (name) => [name, new Map(levelsOf(categories, name).map((level, at) => [level, at]))] as const,
  )
  const scores = Object.keys(definition.scores ?? {})
  return ({ assessment: a }, { assessment: b }) => {
    const byGroup = groupOf(a) - groupOf(b)
    if (byGroup !== 0) return byGroup
    const byWorth = isOver(definition, a) ? 0 : (b.value?.expected ?? 0) - (a.value?.expected ?? 0)
    if (byWorth !== 0) return byWorth
    const byStage = (stageRank.get(a.stage.id) ?? 0) - (stageRank.get(b.stage.id) ?? 0)
    if (byStage !== 0) return byStage
    for (const [name, rank] of ranks) {
      const byLevel = (rank.get(a.levels[name]!) ?? 0) - (rank.get(b.levels[name]!) ?? 0)
      if (byLevel !== 0) return byLevel
    }
    for (const name of scores) {
      const byScore = b.scores[name]! - a.scores[name]!
      if (byScore !== 0) return byScore
    }
    return a.lead < b.lead ? -1 : a.lead > b.lead ? 1 : 0
  }
}

/** With a clock, open, resting, over. */
function groupsOfStages(definition: Definition): (assessment: LeadScore['assessment']) => number {
  const groups = new Map(
    stageIds(definition).map((id) => [id, 1 + STANDINGS.indexOf(standingOf(definition, id))] as const),
  )
  return ({ stage }) => {
    const group = groups.get(stage.id) ?? 1
    return group === 1 && stage.sla !== undefined ? 0 : group
  }
}

/** Stages that a lead can be in, the implied ones included. */
export const stageIds = ({ stages = [] }: Definition): readonly string[] => [
  ...stages.map(({ id }) => id),
  ...IMPLIED_STAGES,
]

/** The furthest along the path first; what is over in the order of the document, the won ones before the others. */
function rankStages(definition: Definition): Map<string, number> {
  const { stages = [] } = definition
  const isOnPath = (id: string) => standingOf(definition, id) === 'open'
  const isWon = (id: string) => stages.some((stage) => stage.id === id && decisionsOf(stage).includes('win'))
  const ids = [...new Set(stageIds(definition))]
  const beside = ids.filter((id) => !isOnPath(id))
  const order = [...ids.filter(isOnPath).reverse(), ...beside.filter(isWon), ...beside.filter((id) => !isWon(id))]
  return new Map(order.map((id, at) => [id, at]))
}

export const stageLabel = (definition: Definition, id: string): string =>
  definition.stages?.find((stage) => stage.id === id)?.label ?? id

/** A number as people read it: no more decimals than say something. */
export const pointsText = (points: number): string => {
  const rounded = Math.round(points * 10) / 10
  return String(Object.is(rounded, -0) ? 0 : rounded)
}

/** "in 2 d 4 h temperature cools from hot to warm" without saying more than is known. */
export function nextText(definition: Definition, { next, assessment }: Pick<LeadScore, 'next' | 'assessment'>): string {
  const change = next?.transitions.find(({ lead }) => lead === assessment.lead)
  if (!next || !change || isOver(definition, assessment)) return ''
  return `${changeText(definition, change)} in ${formatDuration(next.at - assessment.asOf)}`
}

export function changeText(
  definition: Definition,
  { kind, name, from, to }: Pick<Transition, 'kind' | 'name' | 'from' | 'to'>,
): string {
  if (kind === 'sla') return `${stageLabel(definition, name)} is overdue`
  const label = (place: string) => (kind === 'stage' ? stageLabel(definition, place) : place)
  return `${name} ${from === null ? '' : `${label(from)} `}→ ${label(to)}`
}

/** "employees is 80 (+60), job level is decides (+40)" */
export const reasonsText = (reasons: LeadScore['reasons']): string =>
  reasons
    .map(({ because, points }) => `${because} (${points > 0 ? '+' : '−'}${pointsText(Math.abs(points))})`)
    .join('; ')

const isoOf = (instant: Instant): string => formatInstant(instant)

/** One lead as documented for programs (docs/cli.md). A lead that is won or out has neither worth nor anything to wait for. */
export function leadJson(definition: Definition, { assessment, account, next: upcoming, reasons }: LeadScore) {
  const { lead, stage, levels, scores, personas } = assessment
  const [value, next] = isOver(definition, assessment) ? [] : [assessment.value, upcoming]
  return {
    lead,
    account: account ?? null,
    stage: {
      id: stage.id,
      since: isoOf(stage.since),
      sla: stage.sla === undefined ? null : { dueAt: isoOf(stage.sla.dueAt), breached: stage.sla.breached },
    },
    levels,
    scores,
    personas,
    value: value ?? null,
    next:
      next === undefined
        ? null
        : { at: isoOf(next.at), changes: next.transitions.filter((each) => each.lead === lead).map(changeJson) },
    reasons,
  }
}

export const changeJson = ({ kind, name, from, to }: Transition) => ({ kind, name, from, to })
