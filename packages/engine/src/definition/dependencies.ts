/** Who reads whom: personas, scores, categories and the stage may refer to one another as long as there is no cycle. */
import { WinnowError } from '../errors.ts'
import type { Category, Condition, Definition } from './language.ts'
import { asList, eachEntry, everyPart, kinded, placesOf, STAGE_NODE, type Node, type NodeKind } from './walk.ts'

export type { Node, NodeKind } from './walk.ts'

/** `scores.fit`, `personas.buyer`, `categories.grade`, `stages` */
export function formatNode(node: Node): string {
  return SECTION[node.kind] === 'stages' ? 'stages' : `${SECTION[node.kind]}.${node.name}`
}
const SECTION = { persona: 'personas', score: 'scores', category: 'categories', stage: 'stages' } as const

/** All nodes in the order of the document's sections: personas, scores, categories, the stage if there are stages. */
export function nodesOf(definition: Definition): readonly Node[] {
  const named = (kind: NodeKind, map: object | undefined) =>
    Object.keys(map ?? {}).map((name): Node => ({ kind, name }))
  return [
    ...named('persona', definition.personas),
    ...named('score', definition.scores),
    ...named('category', definition.categories),
    ...(definition.stages ? [STAGE_NODE] : []),
  ]
}

interface Graph {
  readonly nodes: readonly Node[]
  /** For each node the nodes that it reads, as positions in `nodes`, rising. */
  readonly reads: readonly (readonly number[])[]
}

function graphOf(definition: Definition): Graph {
  const nodes = nodesOf(definition)
  const position = new Map(nodes.map((node, at) => [formatNode(node), at]))
  const reads = nodes.map(() => new Set<number>())
  const link = (from: Node, to: Node) => {
    const [reader, read] = [position.get(formatNode(from)), position.get(formatNode(to))]
    if (reader !== undefined && read !== undefined) reads[reader].add(read)
  }
  for (const { condition, path, owner } of placesOf(definition)) {
    if (owner === undefined) continue
    for (const part of everyPart({ condition, path })) {
      for (const read of readBy(part.condition)) {
        // A stage's own `enter` and `needs` read the stage before this settling: no dependence on the node itself.
        if (!(owner.kind === 'stage' && read.kind === 'stage')) link(owner, read)
      }
    }
  }
  eachEntry<Category>(definition.categories, (category, name) => {
    if (!('matrix' in category)) return
    for (const axis of [category.matrix.rows, category.matrix.columns])
      link({ kind: 'category', name }, { kind: 'category', name: axis })
  })
  return { nodes, reads: reads.map((each) => [...each].sort((a, b) => a - b)) }
}

/** The nodes that a condition reads itself, its parts not looked at. */
function readBy(condition: Condition): readonly Node[] {
  const one = kinded(condition)
  if (one.kind === 'score') return [{ kind: 'score', name: one.test.score }]
  if (one.kind === 'category') return [{ kind: 'category', name: one.test.category }]
  if (one.kind === 'persona') return asList(one.test.persona).map((name) => ({ kind: 'persona', name }))
  return one.kind === 'stage' ? [STAGE_NODE] : []
}

/** For each node (as `formatNode` writes it) the nodes that it reads directly. */
export function dependenciesOf(definition: Definition): ReadonlyMap<string, readonly Node[]> {
  const { nodes, reads } = graphOf(definition)
  return new Map(nodes.map((node, at) => [formatNode(node), reads[at].map((each) => nodes[each])]))
}

/**
 * Every node after all those it reads; among those that could come next, the first of the document.
 * @throws WinnowError `definition_invalid` on a cycle, which a parsed definition does not have
 */
export function orderOfNodes(definition: Definition): readonly Node[] {
  const { nodes, reads } = graphOf(definition)
  const waitsFor = reads.map((each) => each.length)
  const readers = nodes.map((): number[] => [])
  reads.forEach((each, reader) => each.forEach((read) => readers[read].push(reader)))
  const ready = nodes.map((_, at) => at).filter((at) => waitsFor[at] === 0)
  const order: Node[] = []
  while (ready.length > 0) {
    const next = ready.reduce((first, each) => Math.min(first, each))
    ready.splice(ready.indexOf(next), 1)
    order.push(nodes[next])
    for (const reader of readers[next]) {
      waitsFor[reader] -= 1
      if (waitsFor[reader] === 0) ready.push(reader)
    }
  }
  if (order.length < nodes.length)
    throw new WinnowError('definition_invalid', 'personas, scores, categories or stages form a cycle')
  return order
}

/** For every knot of nodes that read one another: a shortest cycle through its first node, which also ends it. */
export function cyclesIn(definition: Definition): readonly (readonly Node[])[] {
  const { nodes, reads } = graphOf(definition)
  const knotted = new Set<number>()
  const cycles: (readonly Node[])[] = []
  nodes.forEach((_, start) => {
    if (knotted.has(start)) return
    const cycle = shortestCycle(start, reads)
    if (cycle === undefined) return
    for (const each of knotOf(start, reads)) knotted.add(each)
    cycles.push(cycle.map((at) => nodes[at]))
  })
  return cycles
}

type Reads = Graph['reads']

function shortestCycle(start: number, reads: Reads): readonly number[] | undefined {
  const cameFrom = new Map<number, number>()
  const queue = [start]
  for (const at of queue) {
    for (const next of reads[at]) {
      if (next === start) return [...wayTo(at, start, cameFrom), start]
      if (!cameFrom.has(next)) {
        cameFrom.set(next, at)
        queue.push(next)
      }
    }
  }
  return undefined
}

function wayTo(end: number, start: number, cameFrom: ReadonlyMap<number, number>): readonly number[] {
  const way = [end]
  for (let at = end; at !== start;) {
    at = cameFrom.get(at)!
    way.push(at)
  }
  return way.reverse()
}

/** The nodes that `start` reaches and that reach it. */
function knotOf(start: number, reads: Reads): readonly number[] {
  const readers = reads.map((): number[] => [])
  reads.forEach((each, reader) => each.forEach((read) => readers[read].push(reader)))
  const back = reachable(start, readers)
  return [...reachable(start, reads)].filter((at) => back.has(at))
}

function reachable(start: number, edges: Reads): ReadonlySet<number> {
  const seen = new Set([start])
  for (const at of seen) for (const next of edges[at]) seen.add(next)
  return seen
}
