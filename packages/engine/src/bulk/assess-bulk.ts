/** Many leads at one instant: what needs no history by the kernel, the rest by replaying. */
import type { Fact, LeadId } from '../facts.ts'
import type { Plan } from '../plan/compile.ts'
import type { LeadState } from '../plan/state.ts'
import type { CircleFacts } from '../replay/circles-of.ts'
import { replay } from '../replay/replay.ts'
import type { Instant } from '../time.ts'
import { ownMemory, type Allocate, type Columns } from './columns.ts'
import { Kernel, type LevelColumn, type Results } from './kernel.ts'
import { CHUNK } from './streams.ts'

export interface BulkResults extends Results {
  /** Where histories were given. */
  readonly stage: (LevelColumn & { readonly since: Float64Array }) | undefined
}

export interface Histories {
  /** The lead of each row. */
  readonly leads: readonly LeadId[]
  /** Taken one after the other, so that they need not be in memory all at once. */
  readonly circles: Iterable<CircleFacts>
}

export interface BulkOptions {
  readonly asOf: Instant
  readonly histories?: Histories
  /** Rows to work on; all without it. Workers each take a range of the same columns, and of the same results. */
  readonly range?: { readonly from: number; readonly end: number }
  /** Results to fill in, as `openBulkResults` makes them. */
  readonly results?: BulkResults
  /** After every few thousand leads. */
  readonly onProgress?: (done: number, of: number) => void
  /** Looked at as often as progress is told. */
  readonly signal?: { readonly aborted: boolean }
}

/**
 * Scores, levels and personas of all leads at `asOf`.
 *
 * The kernel works out every node that follows from the facts at one instant. The stage, categories with hysteresis or
 * dwell, tests of the stage, of how long a level has lasted, of an account's activities and leads, and every node that reads
 * one of these depend on history or on other leads: they come from replaying each circle of `histories` with the incremental
 * engine, and are not there without histories. If all of a definition's nodes come from the kernel and it lists no stages,
 * only circles with a decision are replayed. (Columns hold no decisions: without histories nothing has been overridden.)
 * @returns undefined when it was aborted
 */
export function bulkAssess(plan: Plan, columns: Columns, options: BulkOptions): BulkResults | undefined {
  const { asOf, histories, range = { from: 0, end: columns.count } } = options
  const kernel = new Kernel(plan.definition, columns, { asOf })
  const results = options.results ?? openBulkResults(plan, columns, kernel, { withHistory: histories !== undefined })
  const report = reporting(options, range.end - range.from)
  for (let from = range.from; from < range.end;) {
    const end = kernel.run(from, range.end, results)
    if (!report(end - from)) return undefined
    from = end
  }
  if (histories !== undefined && !readHistories(plan, kernel, histories, { options, results, range })) return undefined
  return results
}

/** Room for everything that will come out; with history also for what the kernel leaves out. */
export function openBulkResults(
  plan: Plan,
  columns: Columns,
  kernel: Kernel,
  { withHistory, allocate = ownMemory }: { withHistory: boolean; allocate?: Allocate },
): BulkResults {
  const { count } = columns
  const open = kernel.openResults(allocate)
  if (!withHistory) return { ...open, stage: undefined }
  const numbers = () => new Float64Array(allocate(count * 8))
  const coded = (names: readonly string[]) => ({ codes: new Uint16Array(allocate(count * 2)), names })
  const all = <T>(names: Iterable<string>, present: ReadonlyMap<string, T>, make: (name: string) => T) =>
    new Map([...names].map((name) => [name, present.get(name) ?? make(name)]))
  return {
    scores: all(
      plan.scores.map(({ name }) => name),
      open.scores,
      numbers,
    ),
    levels: all(plan.layout.categories.keys(), open.levels, (name) => coded(plan.layout.categories.get(name)!.levels)),
    personas: all(Object.keys(plan.definition.personas ?? {}), open.personas, () => new Uint8Array(allocate(count))),
    stage: { ...coded(plan.stages.map(({ id }) => id)), since: numbers() },
  }
}

const REPORT_EVERY = 4 * CHUNK

/** Counts what is done; false once it is aborted. */
function reporting({ onProgress, signal }: BulkOptions, total: number): (rows: number) => boolean {
  let done = 0
  let told = 0
  return (rows) => {
    done += rows
    if (done - told < REPORT_EVERY && done < total) return true
    told = done
    onProgress?.(done, total)
    return signal?.aborted !== true
  }
}

interface Reading {
  readonly options: BulkOptions
  readonly results: BulkResults
  readonly range: { readonly from: number; readonly end: number }
}

function readHistories(plan: Plan, kernel: Kernel, histories: Histories, reading: Reading): boolean {
  const { options, results, range } = reading
  const rows = new Map(histories.leads.map((lead, row) => [lead, row]))
  const isWhole = needsHistory(plan, kernel)
  const report = reporting(options, range.end - range.from)
  for (const { leads, facts } of histories.circles) {
    const wanted = leads.filter((lead) => isIn(range, rows.get(lead)))
    if (wanted.length === 0) continue
    if (isWhole || facts.some(({ kind }) => kind === 'decision')) {
      const { circle } = replay(plan, facts, { until: options.asOf })
      for (const id of wanted) {
        const lead = circle.leads.get(id)
        if (lead !== undefined) write(plan, lead, { row: rows.get(id)!, asOf: options.asOf, results })
      }
    } else {
      for (const id of wanted) results.stage!.since[rows.get(id)!] = firstOwn(facts, id)
    }
    if (!report(wanted.length)) return false
  }
  return true
}

const isIn = ({ from, end }: Reading['range'], row: number | undefined) => row !== undefined && row >= from && row < end

/** When a lead's own facts begin, and with them its first stage. */
const firstOwn = (facts: readonly Fact[], lead: LeadId) =>
  facts.reduce(
    (first, fact) => (fact.kind !== 'account_attribute' && fact.lead === lead ? Math.min(first, fact.at) : first),
    Infinity,
  )

/** Whether anything but a decision can only be known from a history. */
const needsHistory = (plan: Plan, kernel: Kernel) =>
  kernel.nodes.length < plan.personas.size + plan.scores.length + plan.categories.length ||
  plan.definition.stages !== undefined

function write(
  plan: Plan,
  lead: LeadState,
  { row, asOf, results }: { row: number; asOf: Instant; results: BulkResults },
): void {
  const { cells, layout } = plan
  for (const [name, { cell }] of plan.personas) results.personas.get(name)![row] = cells.read(lead, cell, asOf)
  for (const { name, cell } of plan.scores) results.scores.get(name)![row] = cells.read(lead, cell, asOf)
  for (const { layout: place } of plan.categories) results.levels.get(place.name)!.codes[row] = lead.latch[place.level]
  results.stage!.codes[row] = lead.latch[layout.stages.stage]
  results.stage!.since[row] = lead.latch[layout.stages.since]
}
