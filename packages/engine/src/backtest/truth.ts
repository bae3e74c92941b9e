/** What really became of leads, read from their outcomes. */
import type { Instant } from '../time.ts'
import { DAY_MS } from '../time.ts'
import type { BacktestOptions, Outcome } from './result.ts'
import { OUTCOMES, type Traces } from './traces.ts'

const WON = OUTCOMES.indexOf('won')
const ACCEPTED = OUTCOMES.indexOf('accepted')
const REJECTED = OUTCOMES.indexOf('rejected')
const ENDS: readonly number[] = [WON, OUTCOMES.indexOf('lost'), OUTCOMES.indexOf('disqualified')]

export class Truth {
  readonly count: number
  /** Each lead's first win; ∞ where there is none. */
  readonly wonAt: Float64Array
  private readonly outcomes: Traces['outcomes']
  private readonly options: BacktestOptions
  readonly horizonMs: number

  constructor({ outcomes, leads }: Traces, options: BacktestOptions) {
    this.outcomes = outcomes
    this.options = options
    this.horizonMs = options.horizonDays * DAY_MS
    this.count = leads.length
    this.wonAt = new Float64Array(leads.length).fill(Infinity)
    const { offsets, at, kind } = outcomes
    for (let lead = 0; lead < leads.length; lead++) {
      for (let place = offsets[lead]; place < offsets[lead + 1]; place++) {
        if (kind[place] !== WON || at[place] > options.watermark) continue
        this.wonAt[lead] = at[place]
        break
      }
    }
  }

  isInPeriod(t: Instant): boolean {
    return t >= this.options.from && t < this.options.to
  }

  /** Whether a lead's first win lies in the period. */
  isWin(lead: number): boolean {
    return this.isInPeriod(this.wonAt[lead])
  }

  /** Whether an entry is one that rates are counted of: its horizon is over, and the lead was not won before. */
  isFollowed(lead: number, entry: Instant): boolean {
    return entry + this.horizonMs <= this.options.watermark && !(this.wonAt[lead] < entry)
  }

  isWonAfter(lead: number, entry: Instant): boolean {
    const wonAt = this.wonAt[lead]
    return wonAt >= entry && wonAt <= entry + this.horizonMs
  }

  /** Whether sales had accepted the lead at the entry and not rejected it since, or accepted it afterwards within the horizon. */
  isAccepted(lead: number, entry: Instant): boolean {
    const { offsets, at, kind } = this.outcomes
    let isStanding = false
    for (let place = offsets[lead]; place < offsets[lead + 1] && at[place] <= entry + this.horizonMs; place++) {
      if (kind[place] === ACCEPTED) {
        if (at[place] >= entry) return true
        isStanding = true
      } else if (kind[place] === REJECTED && at[place] < entry) isStanding = false
    }
    return isStanding
  }

  hasOutcome(lead: number, entry: Instant, outcome: Outcome): boolean {
    if (outcome === 'won') return this.isWonAfter(lead, entry)
    if (outcome === 'accepted') return this.isAccepted(lead, entry)
    const { offsets, at, kind } = this.outcomes
    const wanted = OUTCOMES.indexOf(outcome)
    for (let place = offsets[lead]; place < offsets[lead + 1] && at[place] <= entry + this.horizonMs; place++)
      if (kind[place] === wanted && at[place] >= entry) return true
    return false
  }

  /** Money of a lead's wins from `from` up to and including `to`. */
  moneyBetween(lead: number, from: Instant, to: Instant): number {
    const { offsets, at, kind, amount } = this.outcomes
    let sum = 0
    for (let place = offsets[lead]; place < offsets[lead + 1]; place++) {
      if (kind[place] === WON && at[place] >= from && at[place] <= to && !Number.isNaN(amount[place]))
        sum += amount[place]
    }
    return sum
  }

  /** Money of a lead that was won in the period, within it. */
  revenue(lead: number): number {
    return this.moneyBetween(lead, this.options.from, this.options.to - 1)
  }

  revenueAfter(lead: number, entry: Instant): number {
    return this.isWonAfter(lead, entry) ? this.moneyBetween(lead, entry, entry + this.horizonMs) : 0
  }

  /** When the lead was first won, lost or disqualified; ∞ where it never was. */
  closedAt(lead: number): Instant {
    const { offsets, at, kind } = this.outcomes
    for (let place = offsets[lead]; place < offsets[lead + 1]; place++) if (ENDS.includes(kind[place])) return at[place]
    return Infinity
  }

  /** The last word on a lead by the watermark. */
  latestOutcome(lead: number): Outcome | null {
    const { offsets, kind } = this.outcomes
    const last = offsets[lead + 1] - 1
    return last < offsets[lead] ? null : OUTCOMES[kind[last]]
  }
}
