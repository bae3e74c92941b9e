/** Which nodes of a definition follow from the facts at one instant, without the lead's history or other leads. */
import { formatNode, orderOfNodes } from '../definition/dependencies.ts'
import type { Condition, Definition } from '../definition/language.ts'
import { asList, criteriaOf, everyPart, kinded, levelsListed, placesOf, type Node } from '../definition/walk.ts'

/**
 * The free nodes, as `formatNode` writes them. Not free are: the stage; categories with a dwell, a least stay or a
 * `stays_while`; whatever looks at the stage, at how long a level has lasted or at the account's activities and leads; and
 * whatever reads a node that is not free.
 */
export function historyFree(definition: Definition): ReadonlySet<string> {
  const free = new Set<string>()
  const bound = boundByThemselves(definition)
  const conditions = conditionsByNode(definition)
  for (const node of orderOfNodes(definition)) {
    const key = formatNode(node)
    const reads = [...(conditions.get(key) ?? []), ...axesOf(definition, node)]
    if (!bound.has(key) && reads.every((each) => isFree(each, free))) free.add(key)
  }
  return free
}

function conditionsByNode(definition: Definition): Map<string, Condition[]> {
  const found = new Map<string, Condition[]>()
  for (const { condition, owner } of placesOf(definition)) {
    if (owner === undefined) continue
    const key = formatNode(owner)
    found.set(key, [...(found.get(key) ?? []), condition])
  }
  return found
}

/** A matrix reads its axes. */
function axesOf({ categories }: Definition, { kind, name }: Node): Condition[] {
  const category = kind === 'category' ? categories![name] : undefined
  if (category === undefined || !('matrix' in category)) return []
  return [category.matrix.rows, category.matrix.columns].map((axis) => ({ category: axis, in: [] }))
}

function isFree(condition: Condition, free: ReadonlySet<string>): boolean {
  return everyPart({ condition, path: [] }).every((part) => {
    const one = kinded(part.condition)
    switch (one.kind) {
      case 'stage':
      case 'leads':
        return false
      case 'activity':
        return !part.account
      case 'score':
        return free.has(`scores.${one.test.score}`)
      case 'category':
        return one.test.for_at_least === undefined && free.has(`categories.${one.test.category}`)
      case 'persona':
        return asList(one.test.persona).every((name) => free.has(`personas.${name}`))
      default:
        return true
    }
  })
}

/** Nodes that are not free whatever they read. */
function boundByThemselves(definition: Definition): Set<string> {
  const bound = new Set(['stages'])
  for (const { criterion, score } of criteriaOf(definition)) {
    if ('each' in criterion && criterion.by === 'account') bound.add(`scores.${score}`)
  }
  for (const [name, category] of Object.entries(definition.categories ?? {})) {
    const lasts = levelsListed(category, []).some(
      ({ level }) => level.for_at_least ?? level.stays_while ?? level.stays_at_least,
    )
    if (lasts) bound.add(`categories.${name}`)
  }
  return bound
}
