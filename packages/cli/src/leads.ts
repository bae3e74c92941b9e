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
 * Whom to look at first: leads that are furthest along the path and still open, then by levels in the order of the
 * document, then by scores. Won leads and those that left the path come last.
 */
export function compareLeads(definition: Definition): (a: LeadScore, b: LeadScore) => number {
  const stageRank = rankStages(definition.stages ?? [])
  const categories = definition.categories ?? {}
  const ranks = Object.keys(categories).map(
    (name) => [name, new Map(levelsOf(categories, name).map((level, at) => [level, at]))] as const,
  )
  const scores = Object.keys(definition.scores ?? {})
  return ({ assessment: a }, { assessment: b }) => {
    const byStage = (stageRank.get(a.stage.id) ?? Infinity) - (stageRank.get(b.stage.id) ?? Infinity)
    if (byStage !== 0 && !Number.isNaN(byStage)) return byStage
    const byValue = (b.value?.expected ?? 0) - (a.value?.expected ?? 0) // money first, where the definition knows it
    if (byValue !== 0) return byValue
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

const decisionsOf = ({ by }: Stages[number]): readonly string[] =>
  by === undefined ? [] : typeof by === 'string' ? [by] : by
const LEAVING = new Set(['reject', 'recycle', 'disqualify', 'lose'])

/** Whether leads come here by leaving the path. */
export const isSideStage = (stage: Stages[number]): boolean =>
  decisionsOf(stage).some((decision) => LEAVING.has(decision))
export const isWonStage = (stage: Stages[number]): boolean => decisionsOf(stage).includes('win')

function rankStages(stages: Stages): Map<string, number> {
  const open = stages.filter((stage) => !isSideStage(stage) && !isWonStage(stage)).reverse()
  const closed = [...stages.filter(isWonStage), ...stages.filter((stage) => isSideStage(stage) && !isWonStage(stage))]
  return new Map([...open, ...closed].map(({ id }, at) => [id, at]))
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
  if (!next || !change) return ''
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

/** One lead as documented for programs (docs/cli.md). */
export function leadJson({ assessment, account, next, reasons }: LeadScore) {
  const { lead, stage, levels, scores, personas, value } = assessment
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
