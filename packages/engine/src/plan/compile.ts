/** Definition → plan: everything that can be decided once is decided here, so that running cannot fail. */
import { orderOfNodes } from '../definition/dependencies.ts'
import type { Condition, Definition } from '../definition/language.ts'
import { leadId } from '../facts.ts'
import { parseDuration } from '../time.ts'
import { Builder, type AttributePlan } from './builder.ts'
import type { Cells, Edge, Stale, Test, TimedCell } from './cells.ts'
import { compileCondition } from './conditions.ts'
import type { Feeds, TallyPlan } from './feeds.ts'
import {
  cellName,
  decisionsOf,
  isMatrix,
  levelsOf,
  type CategoryLayout,
  type Layout,
  type StagePlace,
} from './layout.ts'
import { freshLead, type Fresh } from './state.ts'
import { Watching, type WatchedTimedCell } from './watching.ts'
import { compileScore, type CompiledScore, type ScorePlan } from './scores.ts'

export interface LevelPlan {
  readonly when: ScoredTest | undefined
  readonly forAtLeastMs: number
  readonly staysWhile: ScoredTest | undefined
  readonly staysAtLeastMs: number
}

/** A test that levels or stages read, with the comparisons of scores that it makes, itself or by way of personas. */
export interface ScoredTest extends Test {
  readonly edges: readonly Edge[]
}

export interface LeveledPlan {
  readonly kind: 'leveled'
  /** Its bit among those of the nodes. */
  readonly bit: number
  readonly layout: CategoryLayout
  readonly levels: readonly LevelPlan[]
  /** Whether any level has a dwell or a least stay. */
  readonly isDwelling: boolean
  /** Cells that a change of level makes stale. */
  readonly stale: Stale
}

export interface MatrixPlan {
  readonly kind: 'matrix'
  readonly bit: number
  readonly layout: CategoryLayout
  readonly rows: CategoryLayout
  readonly columns: CategoryLayout
  /** Level of each cell: `row · columns + column`. */
  readonly cells: Int32Array
  readonly stale: Stale
}

export type CategoryPlan = LeveledPlan | MatrixPlan

export interface StagePlan extends StagePlace {
  readonly id: string
  readonly enter: ScoredTest | undefined
  readonly needs: ScoredTest | undefined
  readonly slaMs: number
  readonly coolDownMs: number
  readonly decisions: readonly string[]
}

/** What is settled, in this order, of every lead of a circle. */
export type Node = CategoryPlan | { readonly kind: 'stage' }

export interface Plan {
  readonly definition: Definition
  /** Tells stored states of this definition from those of another. */
  readonly fingerprint: number
  readonly cells: Cells
  readonly fresh: Fresh
  /** Rows for looking ahead, by a lead's place in its circle; grows as needed and holds nothing in between. */
  readonly spares: { readonly latch: number[]; readonly value: number[]; readonly until: number[] }[]
  readonly layout: Layout
  readonly attributes: ReadonlyMap<string, AttributePlan>
  readonly personas: ReadonlyMap<string, { readonly cell: number; readonly test: Test }>
  /** In the document's order. */
  readonly personasListed: readonly { readonly name: string; readonly cell: number }[]
  readonly scores: readonly ScorePlan[]
  readonly nodes: readonly Node[]
  /** In the document's order. */
  readonly categories: readonly CategoryPlan[]
  /** The longest time for which a level's condition must have held. */
  readonly longestDwellMs: number
  /** Cells that time alone can change at an instant known beforehand. */
  readonly timed: readonly TimedCell[]
  /** Those that tests of levels and stages read, other than by way of a score, and the nodes that do. */
  readonly watched: readonly WatchedTimedCell[]
  /** Categories that look at scores. */
  readonly scored: readonly LeveledPlan[]
  readonly areStagesScored: boolean
  /** By the cell of a score: the first of the two cells of its band. */
  readonly bandOf: readonly number[]
  readonly stages: readonly StagePlan[]
  /** Stages that a lead can enter by itself, as indexes. */
  readonly automatic: readonly number[]
  /** Whether a stage's own condition looks at the stage, so that a move may lead to another an instant later. */
  readonly stageLooksAtStage: boolean
  readonly playbooks: ReadonlyMap<string, Test>
  readonly feeds: ReturnType<Feeds['byRawType']>
  readonly tallies: readonly TallyPlan[]
  /** Cells that a change makes stale, by its source. */
  readonly stale: {
    readonly attribute: readonly Stale[]
    readonly tally: readonly Stale[]
    readonly stage: Stale
    readonly account: Stale
    readonly members: Stale
  }
  /** Cells that read levels or the stage, of other leads too. */
  readonly readingLatch: readonly number[]
  /** Whether a lead's result can depend on its account as a whole: then its leads are one circle. */
  readonly looksAtAccount: boolean
  readonly looksAtMembers: boolean
}

/** @param definition  one that `parseDefinition` accepted; anything else may throw or mean nothing */
export function compileDefinition(definition: Definition): Plan {
  const builder = new Builder(definition)
  const scores = new Map<string, CompiledScore>()
  const personas = new Map<string, { cell: number; test: Test }>()
  const levels = new Map<string, readonly LevelPlan[]>()
  const settled: string[] = []
  let stages: readonly StagePlan[] = []
  for (const { kind, name } of orderOfNodes(definition)) {
    if (kind === 'persona') personas.set(name, compilePersona(builder, name))
    else if (kind === 'score') scores.set(name, compileScore(builder, name, definition.scores![name]))
    else if (kind === 'category') levels.set(name, compileLevels(builder, name))
    else stages = compileStages(builder)
    if (kind === 'category' || kind === 'stage') settled.push(kind === 'stage' ? '' : name)
  }
  if (stages.length === 0) {
    stages = compileStages(builder)
    settled.push('')
  }
  const playbooks = compilePlaybooks(builder)
  const { cells, feeds, layout } = builder
  const watching = new Watching(builder, { settled, levels, stages, scores })
  const categories = new Map([...levels].map(([name, own]) => [name, planCategory(builder, name, own, watching)]))
  const leveled = [...categories.values()].filter((category) => category.kind === 'leveled')
  const bandOf: number[] = []
  for (const { cell, band } of scores.values()) bandOf[cell] = band
  const readingStage = new Set([...cells.dependentsOf('stage'), ...cells.dependentsOf('members')])
  const readingLatch = [
    ...new Set([...readingStage, ...[...categories.keys()].flatMap((name) => cells.dependentsOf(`category:${name}`))]),
  ]
  return {
    definition,
    fingerprint: fingerprintOf(definition),
    cells,
    fresh: freshOf(builder, readingLatch),
    spares: [],
    layout,
    attributes: builder.attributes,
    personas,
    personasListed: Object.keys(definition.personas ?? {}).map((name) => ({ name, cell: personas.get(name)!.cell })),
    scores: Object.keys(definition.scores ?? {}).map((name) => watching.score(scores.get(name)!)),
    nodes: settled.map((name) => (name === '' ? { kind: 'stage' } : categories.get(name)!)),
    categories: Object.keys(definition.categories ?? {}).map((name) => categories.get(name)!),
    longestDwellMs: Math.max(0, ...[...levels.values()].flat().map((level) => level.forAtLeastMs)),
    timed: watching.timed,
    watched: watching.timedOfNodes(),
    scored: leveled.filter(({ layout: { name } }) => watching.isScored(name)),
    areStagesScored: watching.isScored(''),
    bandOf,
    stages,
    automatic: stages.flatMap(({ enter }, index) => (enter ? [index] : [])),
    stageLooksAtStage: stages.some(({ enter, needs }) =>
      [...(enter?.cells ?? []), ...(needs?.cells ?? [])].some((cell) => readingStage.has(cell)),
    ),
    playbooks,
    feeds: feeds.byRawType(definition),
    tallies: feeds.tallies,
    stale: {
      attribute: [...builder.attributes.values()].map(({ slot }) => watching.staleBy(`attribute:${slot}`)),
      tally: feeds.tallies.map(({ slot }) => watching.staleBy(`tally:${slot}`)),
      stage: watching.staleByNode('stage'),
      account: watching.staleBy('account'),
      members: watching.staleBy('members'),
    },
    readingLatch,
    looksAtAccount: builder.looksAtAccount,
    looksAtMembers: builder.looksAtMembers,
  }
}

/** Nothing happens before this. */
const EARLIEST = Number.MIN_SAFE_INTEGER

function freshOf({ attributes, feeds, cells, layout }: Builder, readingLatch: readonly number[]): Fresh {
  const unread = {
    values: Array.from({ length: attributes.size }, () => undefined),
    changedAt: Array.from({ length: attributes.size }, () => -Infinity),
    tallies: feeds.tallies.map(() => undefined),
    latch: layout.initial,
    value: Array.from({ length: cells.count }, () => Number.NaN),
    until: Array.from({ length: cells.count }, () => -Infinity),
  }
  const nobody = freshLead(unread, leadId(''), false)
  const isHistory = new Set(readingLatch)
  const { value, until } = nobody
  for (let cell = 0; cell < cells.count; cell++) if (!isHistory.has(cell)) cells.read(nobody, cell, EARLIEST)
  return { ...unread, value, until: until.map((end) => (end === Infinity ? end : -Infinity)) }
}

function compileTest(builder: Builder, condition: Condition | undefined): ScoredTest | undefined {
  if (condition === undefined) return undefined
  const test = compileCondition(builder, condition)
  return { ...test, edges: builder.cells.edgesOf(test.cells) }
}

function compilePersona(builder: Builder, name: string): { cell: number; test: Test } {
  const test = compileCondition(builder, builder.definition.personas![name].when)
  const cell = builder.cells.add({
    reads: test.cells,
    isSum: true,
    compute: (lead, t, self) => {
      lead.value[self] = test.holds(lead, t)
      lead.until[self] = test.until(lead)
    },
  })
  builder.personas.set(name, cell)
  return { cell, test }
}

/** Nobody waits for a playbook: it is looked up with the lead. */
function compilePlaybooks(builder: Builder): Map<string, Test> {
  builder.isWatching = false
  const entries = Object.entries(builder.definition.playbooks ?? {})
  return new Map(entries.map(([name, { when }]) => [name, compileCondition(builder, when)]))
}

const duration = (text: string | undefined) => (text === undefined ? 0 : parseDuration(text))

function compileLevels(builder: Builder, name: string): LevelPlan[] {
  const category = builder.definition.categories![name]
  if (isMatrix(category)) return []
  return levelsOf(category).map(([, level]) => ({
    when: compileTest(builder, level.when),
    forAtLeastMs: duration(level.for_at_least),
    staysWhile: compileTest(builder, level.stays_while),
    staysAtLeastMs: duration(level.stays_at_least),
  }))
}

function planCategory(builder: Builder, name: string, levels: readonly LevelPlan[], watching: Watching): CategoryPlan {
  const layout = builder.layout.categories.get(name)!
  const bit = watching.bitOf(name)
  const reading = watching.staleByNode(`category:${name}`)
  const stale = { ...reading, nodes: reading.nodes | watching.matricesOver(name) }
  const { category } = layout
  if (!isMatrix(category)) {
    const isDwelling = levels.some(({ forAtLeastMs, staysAtLeastMs }) => forAtLeastMs > 0 || staysAtLeastMs > 0)
    return { kind: 'leveled', bit, layout, levels, isDwelling, stale }
  }
  const rows = builder.layout.categories.get(category.matrix.rows)!
  const columns = builder.layout.categories.get(category.matrix.columns)!
  const names = rows.levels.flatMap((row) => columns.levels.map((column) => cellName(category, row, column)))
  return {
    kind: 'matrix',
    bit,
    layout,
    rows,
    columns,
    cells: Int32Array.from(names, (each) => layout.levels.indexOf(each)),
    stale,
  }
}

function compileStages(builder: Builder): StagePlan[] {
  return builder.layout.stages.stages.map((place) => ({
    ...place,
    id: place.stage.id,
    enter: compileTest(builder, place.stage.enter),
    needs: compileTest(builder, place.stage.needs),
    slaMs: place.stage.sla === undefined ? Infinity : parseDuration(place.stage.sla),
    coolDownMs: place.stage.cool_down === undefined ? Infinity : parseDuration(place.stage.cool_down),
    decisions: decisionsOf(place.stage),
  }))
}

/** FNV-1a over the document's text: 32 bits. */
function fingerprintOf(definition: Definition): number {
  const text = JSON.stringify(definition)
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  return hash >>> 0
}
