/** What random cases exercise: the share of cases in which each construct stands and each thing happens. */
import type { Transition } from '../../src/assess/assessment.ts'
import type { Case } from './cases.ts'

export class Tally {
  #cases = 0
  readonly #counts = new Map<string, number>()

  add(one: Case, transitions: readonly Transition[]): void {
    this.#cases += 1
    const features = new Set([...written(one), ...told(one), ...happened(transitions)])
    for (const feature of features) this.#counts.set(feature, (this.#counts.get(feature) ?? 0) + 1)
  }

  share(feature: string): number {
    return (this.#counts.get(feature) ?? 0) / this.#cases
  }

  /** Every feature that was seen, the rarest first. */
  lines(): readonly string[] {
    return [...this.#counts]
      .sort(([, a], [, b]) => a - b)
      .map(([feature, count]) => `${((100 * count) / this.#cases).toFixed(1).padStart(5)} %  ${feature}`)
  }
}

/** Keys of the document, such as `trend` or `stays_while`, and types of attributes, such as `of:date`. */
function written({ definition }: Case): readonly string[] {
  const { activities: _, attributes, ...rest } = definition
  return [...keysOf(rest), ...Object.values(attributes ?? {}).map(({ type }) => `of:${type}`)]
}

function keysOf(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(keysOf)
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => [key, ...keysOf(inner)])
}

function told({ facts }: Case): readonly string[] {
  const kinds = facts.map((fact) => (fact.kind === 'decision' ? `decision ${fact.decision}` : `fact ${fact.kind}`))
  const leads = new Set(facts.flatMap((fact) => ('lead' in fact ? [fact.lead] : [])))
  const hasTies = new Set(facts.map((fact) => fact.at)).size < facts.length
  const hasRepeats = new Set(facts.map((fact) => fact.id)).size < facts.length
  return [
    ...kinds,
    ...(facts.length === 0 ? ['no facts'] : []),
    ...(hasTies ? ['facts at one instant'] : []),
    ...(hasRepeats ? ['an id used again'] : []),
    ...(leads.size > 1 ? ['several leads'] : []),
  ]
}

function happened(transitions: readonly Transition[]): readonly string[] {
  return transitions.flatMap(({ kind, from, cause }) => [
    'transition',
    ...(cause === 'time' ? [`${kind} by time`] : []),
    ...(from === null ? [] : [`${kind} change`]),
  ])
}
