/** A version's trace, read with the options of a question. */
import type { Instant } from '../time.ts'
import type { BacktestOptions } from './result.ts'
import type { Truth } from './truth.ts'
import { THRESHOLDS, weeksOf, type Snapshots, type Traces, type VersionTrace } from './traces.ts'
import { WEEK_MS } from '../time.ts'

export class Reading {
  readonly traces: Traces
  readonly trace: VersionTrace
  readonly truth: Truth
  readonly options: BacktestOptions
  readonly weeks: readonly Instant[]
  readonly stageNode: number
  readonly count: number

  constructor(
    traces: Traces,
    version: number,
    { truth, options }: { readonly truth: Truth; readonly options: BacktestOptions },
  ) {
    this.traces = traces
    this.trace = traces.versions[version]
    this.truth = truth
    this.options = options
    this.weeks = weeksOf(options)
    this.stageNode = this.trace.about.categories.length
    this.count = traces.leads.length
  }

  get about() {
    return this.trace.about
  }

  /** The place of the whole week that an instant lies in, or −1. */
  weekOf(t: Instant): number {
    const [first] = this.weeks
    if (first === undefined || t < first) return -1
    const week = Math.floor((t - first) / WEEK_MS)
    return week < this.weeks.length ? week : -1
  }

  /** Leads won in the period. */
  get wins(): number {
    let wins = 0
    for (let lead = 0; lead < this.count; lead++) if (this.truth.isWin(lead)) wins += 1
    return wins
  }

  hasNode(category: string): boolean {
    return category === 'stage' || this.nodeOf(category) >= 0
  }

  nodeOf(category: string): number {
    const { about, stageNode } = this
    return category === 'stage' ? stageNode : about.categories.findIndex(({ name }) => name === category)
  }

  /** Levels of a category, or stages. */
  namesOf(category: string): readonly string[] {
    const { about, stageNode } = this
    const node = this.nodeOf(category)
    return node === stageNode ? about.stages.map(({ id }) => id) : about.categories[node].levels
  }

  /** Where a level or stage stands among the changes; undefined where the version has none of that name. */
  placeOf(category: string, level: string): { readonly node: number; readonly place: number } | undefined {
    if (!this.hasNode(category)) return undefined
    const node = this.nodeOf(category)
    const names = this.namesOf(category)
    const place = names.indexOf(level)
    return place < 0 ? undefined : { node, place }
  }

  /** Visits each lead that entered a level or stage in the period, with its first entry in it. */
  eachEntry(node: number, place: number, visit: (lead: number, at: Instant) => void): void {
    const { changes } = this.trace
    const { from, to } = this.options
    for (let lead = 0; lead < this.count; lead++) {
      const end = changes.offsets[lead + 1]
      for (let index = changes.offsets[lead]; index < end; index++) {
        if (changes.node[index] !== node || changes.to[index] !== place) continue
        const at = changes.at[index]
        if (at < from) continue
        if (at < to) visit(lead, at)
        break
      }
    }
  }

  /** Visits each week in which a lead entered anything, once. */
  eachWeekEntry(visit: (lead: number, entry: { node: number; place: number; week: number }) => void): void {
    const { changes } = this.trace
    const { from, to } = this.options
    const stamps = new Map<number, number>()
    for (let lead = 0; lead < this.count; lead++) {
      stamps.clear()
      const end = changes.offsets[lead + 1]
      for (let index = changes.offsets[lead]; index < end; index++) {
        const at = changes.at[index]
        const node = changes.node[index]
        if (at < from || at >= to || node > this.stageNode) continue
        const week = this.weekOf(at)
        const key = node * 65_536 + changes.to[index]
        if (week < 0 || stamps.get(key) === week) continue
        stamps.set(key, week)
        visit(lead, { node, place: changes.to[index], week })
      }
    }
  }

  /** Visits each lead handed over for the first time in the period. */
  eachHandover(visit: (lead: number, at: Instant) => void): void {
    const { handoverAt } = this.trace
    for (let lead = 0; lead < this.count; lead++)
      if (this.truth.isInPeriod(handoverAt[lead])) visit(lead, handoverAt[lead])
  }

  /** Whether a lead had been handed over before its first win. */
  isSeenComing(lead: number): boolean {
    return this.trace.handoverAt[lead] < this.truth.wonAt[lead]
  }

  /** Visits each lead that rose to a threshold in the period, with the instant of the first time. */
  eachReach(score: number, threshold: number, visit: (lead: number, at: Instant) => void): void {
    const { offsets, at, low, high } = this.trace.reaches[score]
    for (let lead = 0; lead < this.count; lead++) {
      for (let index = offsets[lead]; index < offsets[lead + 1]; index++) {
        if (threshold < low[index] || threshold > high[index]) continue
        visit(lead, at[index])
        break
      }
    }
  }

  /** The places of thresholds that so many points of a score lie between: from the first at or above `from` to the last under `to`. */
  bandOf(score: number, from: number, to: number): { readonly first: number; readonly end: number } {
    const { low, high } = this.about.scores[score]
    const step = (high - low) / (THRESHOLDS - 1)
    const first = Math.max(0, Math.ceil((from - low) / step - 1e-9))
    const end = to >= high ? THRESHOLDS : Math.ceil((to - low) / step - 1e-9)
    return { first, end }
  }

  /**
   * Visits each lead and band in which it was at the end of a week while it was open, with the number of such weeks whose horizon is
   * over, and of those after which it was won in time.
   * @param bands  not overlapping
   */
  eachBand(
    score: number,
    bands: readonly { readonly first: number; readonly end: number }[],
    visit: (lead: number, band: number, counts: { readonly weeks: number; readonly won: number }) => void,
  ): void {
    const { trace, traces, truth } = this
    const { offsets, points } = trace.weeks
    const reached = points[score]
    const bandOf = new Int8Array(THRESHOLDS).fill(-1)
    bands.forEach(({ first, end }, band) => bandOf.fill(band, first, Math.max(first, end)))
    const weeks = new Uint32Array(bands.length)
    const won = new Uint32Array(bands.length)
    for (let lead = 0; lead < this.count; lead++) {
      const begin = offsets[lead]
      const closedAt = truth.closedAt(lead)
      let isAny = false
      for (let index = begin; index < offsets[lead + 1]; index++) {
        const t = this.weeks[traces.firstWeek[lead] + index - begin] + WEEK_MS - 1
        if (t >= closedAt) break
        const band = bandOf[reached[index]]
        if (band < 0 || !truth.isFollowed(lead, t)) continue
        isAny = true
        weeks[band] += 1
        if (truth.isWonAfter(lead, t)) won[band] += 1
      }
      if (!isAny) continue
      for (let band = 0; band < bands.length; band++)
        if (weeks[band] > 0) visit(lead, band, { weeks: weeks[band], won: won[band] })
      weeks.fill(0)
      won.fill(0)
    }
  }

  /** Where each lead stood last in the period: places by lead; −1 where it was not there yet. */
  standing(node: number): Int32Array {
    const { changes } = this.trace
    const found = new Int32Array(this.count).fill(-1)
    for (let lead = 0; lead < this.count; lead++) {
      for (let index = changes.offsets[lead + 1] - 1; index >= changes.offsets[lead]; index--) {
        if (changes.node[index] !== node || changes.at[index] >= this.options.to) continue
        found[lead] = changes.to[index]
        break
      }
    }
    return found
  }

  /** By lead: changes of levels and the stage in the period, and whether it came back to a level within a week. */
  flapping(visit: (lead: number, changes: number, isReturning: boolean) => void): void {
    const { changes } = this.trace
    const { from, to } = this.options
    const now = new Int32Array(this.stageNode + 1)
    const leftAt = new Map<number, Instant>()
    for (let lead = 0; lead < this.count; lead++) {
      now.fill(-1)
      leftAt.clear()
      let count = 0
      let isReturning = false
      for (let index = changes.offsets[lead]; index < changes.offsets[lead + 1]; index++) {
        const node = changes.node[index]
        const at = changes.at[index]
        if (node > this.stageNode || at >= to) continue
        const place = changes.to[index]
        const before = now[node]
        now[node] = place
        if (before < 0) continue
        leftAt.set(node * 65_536 + before, at)
        if (at < from) continue
        count += 1
        if (node < this.stageNode && at - (leftAt.get(node * 65_536 + place) ?? -Infinity) <= WEEK_MS)
          isReturning = true
      }
      visit(lead, count, isReturning)
    }
  }

  // --- Standing at an instant ----------------------------------------------------------------------------------------

  private rows: { readonly handover: Int32Array; readonly win: Int32Array } | undefined

  private rowsOf(): { readonly handover: Int32Array; readonly win: Int32Array } {
    const byLead = ({ lead }: Snapshots) => {
      const rows = new Int32Array(this.count).fill(-1)
      lead.forEach((each, row) => (rows[each] = row))
      return rows
    }
    return (this.rows ??= { handover: byLead(this.trace.atHandover), win: byLead(this.trace.atWin) })
  }

  rowAtHandover(lead: number): number {
    return this.rowsOf().handover[lead]
  }

  rowAtWin(lead: number): number {
    return this.rowsOf().win[lead]
  }

  private order: ((a: number, b: number) => number) | undefined

  /** Leads handed over, best first: by expected value, else by the level of the first category and the sum of all points. */
  get byPriority(): (a: number, b: number) => number {
    return (this.order ??= this.priority())
  }

  private priority(): (a: number, b: number) => number {
    const { atHandover, about } = this.trace
    const { expected, points, levels } = atHandover
    const rows = this.rowsOf().handover
    const [scores, categories] = [about.scores.length, about.categories.length]
    const sums = Float64Array.from(atHandover.lead, (_, row) => {
      let sum = 0
      for (let score = 0; score < scores; score++) sum += points[row * scores + score]
      return sum
    })
    const worth = (row: number) => (Number.isNaN(expected[row]) ? -Infinity : expected[row])
    const level = (row: number) => (categories > 0 ? levels[row * categories] : 0)
    return (a, b) => {
      const [one, other] = [rows[a], rows[b]]
      const [worthOne, worthOther] = [worth(one), worth(other)]
      if (worthOne !== worthOther) return worthOther > worthOne ? 1 : -1
      return level(one) - level(other) || sums[other] - sums[one] || atHandover.at[one] - atHandover.at[other] || a - b
    }
  }
}
