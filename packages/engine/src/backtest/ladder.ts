/** The thresholds of a score, and what a lead's points reach of them. */
import { firstExit, firstExitEitherWay, type Fading } from '../assess/crossing.ts'
import type { Cells } from '../plan/cells.ts'
import { scoreAt, scoreOver, signsOf, steadyUntil, type ScorePlan } from '../plan/scores.ts'
import type { LeadState } from '../plan/state.ts'
import type { Instant } from '../time.ts'
import { THRESHOLDS } from './traces.ts'

/** A score with its thresholds: 101 from the lowest to the highest points of its range. */
export class Ladder {
  readonly score: ScorePlan
  /** Micro-points of each threshold. */
  private readonly at: Float64Array
  private readonly step: number
  /** Whether time alone can make it rise: what counts against it fades, or a test changes. */
  readonly mayRise: boolean

  constructor(score: ScorePlan) {
    const { floor, cap } = score.bounds
    this.score = score
    this.step = (cap - floor) / (THRESHOLDS - 1)
    this.at = Float64Array.from({ length: THRESHOLDS }, (_, index) =>
      index === THRESHOLDS - 1 ? cap : Math.ceil(floor + this.step * index - 1e-6),
    )
    this.mayRise = score.groups.some(({ weight, criteria }) =>
      criteria.some((each) => weight < 0 || each.kind !== 'each' || each.spec.points < 0),
    )
  }

  /** How many thresholds so many micro-points reach. */
  rungOf(value: number): number {
    const { at, step } = this
    let rung = step > 0 ? Math.min(THRESHOLDS, Math.max(0, Math.floor((value - at[0]) / step) + 1)) : 0
    while (rung < THRESHOLDS && value >= at[rung]) rung++
    while (rung > 0 && value < at[rung - 1]) rung--
    return rung
  }

  /** Micro-points of a threshold; ∞ beyond the highest, −∞ beneath the lowest. */
  threshold(rung: number): number {
    return rung >= THRESHOLDS ? Infinity : rung < 0 ? -Infinity : this.at[rung]
  }

  /** The next instant up to `to` at which the points may have risen by themselves; its cell has been read at `from`. */
  nextRise(lead: LeadState, rung: number, from: Instant, to: Instant): Instant {
    const { score } = this
    const until = steadyUntil(score, lead)
    // Where it looks at another score that fades, nothing is known beforehand; what that brings is a change that levels wake up for.
    const steady = until <= from + 1 ? Infinity : until
    const end = Math.min(to, steady - 1)
    const against = signsOf(score, lead) & 2
    if (against !== 0 && end > from && rung < THRESHOLDS) {
      const band = { low: -Infinity, high: this.at[rung] - 1 }
      const fading: Fading = {
        at: (t) => scoreAt(score, lead, t),
        over: (a, b) => scoreOver(score, lead, a, b),
      }
      const exit =
        signsOf(score, lead) === 3 ? firstExitEitherWay(band, fading, from, end) : firstExit(band, fading, from, end)
      if (exit <= end) return exit
    }
    return steady <= to ? steady : Infinity
  }
}

/** The points of one lead as they are watched. */
export class Climb {
  readonly ladder: Ladder
  /** Thresholds that the points reached when they were last read, and the points between which they reach as many. */
  private rung = 0
  private atLeast = Infinity
  private below = -Infinity
  /** The most that were reached before the period. */
  before = 0
  /** The most that were reached at all. */
  private top = 0
  /** Of a lead that was there before the period: thresholds that it has risen to within. */
  private readonly isSet = new Uint8Array(THRESHOLDS)
  readonly at: number[] = []
  readonly low: number[] = []
  readonly high: number[] = []

  constructor(ladder: Ladder) {
    this.ladder = ladder
  }

  reset(): void {
    if (this.before > 0) this.isSet.fill(0)
    this.rung = this.before = this.top = 0
    this.atLeast = Infinity
    this.below = -Infinity
    this.at.length = this.low.length = this.high.length = 0
  }

  /** Whether falling matters: the lead may rise again to what it had reached before the period. */
  get mayRiseAgain(): boolean {
    return this.before > 0
  }

  /** Takes note of points at `t`. */
  note(value: number, t: Instant, from: Instant): void {
    if (value >= this.atLeast && value < this.below) return // neither rises nor falls by a threshold
    const rung = this.ladder.rungOf(value)
    const last = this.rung
    this.rung = rung
    this.atLeast = this.ladder.threshold(rung - 1)
    this.below = this.ladder.threshold(rung)
    if (t < from) {
      if (rung > this.before) this.before = rung
      return
    }
    if (this.before === 0) {
      if (rung > this.top) this.record(t, this.top, rung)
      return
    }
    for (let index = last; index < rung; index++) {
      if (this.isSet[index] === 1) continue
      const begin = index
      while (index < rung && this.isSet[index] === 0) this.isSet[index++] = 1
      this.record(t, begin, index)
    }
  }

  private record(t: Instant, low: number, end: number): void {
    this.at.push(t)
    this.low.push(low)
    this.high.push(end - 1)
    if (end > this.top) this.top = end
  }

  /** Rises by time alone in `(from, to]`, while no level and no stage changes. */
  pass(cells: Cells, lead: LeadState, { from, to, period }: { from: Instant; to: Instant; period: Instant }): void {
    const { ladder } = this
    const { cell } = ladder.score
    this.note(cells.read(lead, cell, from), from, period)
    for (let at = from; ;) {
      const next = ladder.nextRise(lead, this.rung, at, to)
      if (next > to) return
      if (next - 1 > at) this.note(cells.read(lead, cell, next - 1), next - 1, period)
      this.note(cells.read(lead, cell, next), next, period)
      at = next
    }
  }

  /** How many thresholds it reached when it was last read. */
  get reached(): number {
    return this.rung
  }
}
