/** If sales takes the best so many a week: how much of what was won is among them. */
import { bootstrap, quantileOf } from '../stats/bootstrap.ts'
import { weekOf } from '../time.ts'
import { replicatesFor } from './estimate.ts'
import type { Estimate } from './result.ts'
import type { Reading } from './reading.ts'

/** Leads handed over, by week and best first; `week` counts whole weeks from some Monday, before the period too. */
interface Queue {
  readonly leads: Int32Array
  readonly week: Int32Array
}

export class Capture {
  private readonly reading: Reading
  private readonly queue: Queue
  /** By place in the queue: whether the lead was won in the period after it was handed over, and its money. */
  private readonly wins: Float64Array
  private readonly money: Float64Array
  /** Of winners whom nobody had handed over before. */
  private readonly missed: number[] = []
  private readonly missedMoney: number[] = []
  private readonly allWins: number
  private readonly allMoney: number

  constructor(reading: Reading) {
    const { truth, trace, options } = reading
    this.reading = reading
    const leads: number[] = []
    for (let lead = 0; lead < reading.count; lead++) if (trace.handoverAt[lead] < options.to) leads.push(lead)
    const weekAt = (lead: number) => weekOf(trace.handoverAt[lead])
    const { byPriority } = reading
    leads.sort((a, b) => weekAt(a) - weekAt(b) || byPriority(a, b))
    this.queue = { leads: Int32Array.from(leads), week: Int32Array.from(leads, weekAt) }
    const isCaught = (lead: number) => truth.isWin(lead) && reading.isSeenComing(lead)
    this.wins = Float64Array.from(leads, (lead) => (isCaught(lead) ? 1 : 0))
    this.money = Float64Array.from(leads, (lead) => (isCaught(lead) ? truth.revenue(lead) : 0))
    let [allWins, allMoney] = [0, 0]
    for (let lead = 0; lead < reading.count; lead++) {
      if (!truth.isWin(lead)) continue
      allWins += 1
      allMoney += truth.revenue(lead)
      if (reading.isSeenComing(lead) && trace.handoverAt[lead] < options.to) continue
      this.missed.push(lead)
      this.missedMoney.push(truth.revenue(lead))
    }
    this.allWins = allWins
    this.allMoney = allMoney
  }

  /** The busiest week. */
  get mostAWeek(): number {
    let [most, run, week] = [0, 0, -Infinity]
    for (const each of this.queue.week) {
      run = each === week ? run + 1 : 1
      week = each
      most = Math.max(most, run)
    }
    return most
  }

  /** Leads among the best so many of their week that were won in the period. */
  takenWinners(perWeek: number): number[] {
    const { leads, week } = this.queue
    const found: number[] = []
    let taken = 0
    for (let place = 0; place < leads.length; place++) {
      taken = place > 0 && week[place] === week[place - 1] ? taken + 1 : 1
      if (taken <= perWeek && this.wins[place] === 1) found.push(leads[place])
    }
    return found
  }

  /** Shares of wins and of money at each capacity, by one pass. @param weights  of the queue, then of the missed */
  private shares(capacities: readonly number[], weights: ArrayLike<number> | undefined, into: Float64Array): void {
    const { queue, wins, money, missed, missedMoney } = this
    into.fill(0)
    let [allWins, allMoney] = [this.allWins, this.allMoney]
    if (weights !== undefined) {
      allWins = allMoney = 0
      for (let index = 0; index < missed.length; index++) {
        allWins += weights[queue.leads.length + index]
        allMoney += weights[queue.leads.length + index] * missedMoney[index]
      }
    }
    const size = capacities.length
    let before = 0
    for (let place = 0; place < queue.leads.length; place++) {
      if (place === 0 || queue.week[place] !== queue.week[place - 1]) before = 0
      const weight = weights === undefined ? 1 : weights[place]
      if (wins[place] === 1 && weight > 0) {
        for (let index = 0; index < size; index++) {
          const taken = Math.min(weight, Math.max(0, capacities[index] - before))
          into[index] += taken
          into[size + index] += taken * money[place]
        }
        if (weights !== undefined) {
          allWins += weight
          allMoney += weight * money[place]
        }
      }
      before += weight
    }
    for (let index = 0; index < size; index++) {
      into[index] = allWins > 0 ? into[index] / allWins : Number.NaN
      into[size + index] = allMoney > 0 ? into[size + index] / allMoney : Number.NaN
    }
  }

  /** Leads that a replicate has to draw for. */
  get size(): number {
    return this.queue.leads.length + this.missed.length
  }

  estimates(capacities: readonly number[], asked: number): { wins: Estimate; revenue: Estimate }[] {
    const size = capacities.length
    const found = new Float64Array(2 * size)
    this.shares(capacities, undefined, found)
    const replicates = replicatesFor(asked, this.size)
    const drawn = Array.from({ length: 2 * size }, () => new Float64Array(replicates))
    const shares = new Float64Array(2 * size)
    let replicate = 0
    bootstrap(
      new Uint8Array(this.size).fill(1),
      (weights) => {
        this.shares(capacities, weights, shares)
        for (let index = 0; index < 2 * size; index++) drawn[index][replicate] = shares[index]
        replicate += 1
        return 0
      },
      { replicates, seed: this.reading.options.seed },
    )
    const estimate = (index: number): Estimate => withInterval(found[index], drawn[index], this.allWins)
    return capacities.map((_, index) => ({ wins: estimate(index), revenue: estimate(size + index) }))
  }

  /** The leads that matter, in the order in which `shareAt` wants their weights. */
  get leads(): number[] {
    return [...this.queue.leads, ...this.missed]
  }

  /** Shares of wins and of money at one capacity, of weights in the order of `leads`. */
  shareAt(perWeek: number, weights: ArrayLike<number>, into: Float64Array): void {
    this.shares([perWeek], weights, into)
  }
}

function withInterval(value: number, drawn: Float64Array, count: number): Estimate {
  if (Number.isNaN(value)) return { value: null, low: null, high: null, count }
  const sorted = drawn.filter((each) => !Number.isNaN(each)).sort()
  if (sorted.length === 0) return { value, low: null, high: null, count }
  const at = (share: number) => quantileOf(sorted, share)
  return { value, low: at(0.025), high: at(0.975), count }
}

/** Capacities worth a look: 1, 2, 5, 10 … up to the busiest week, and the one that there is. */
export function capacitiesFor(most: number, capacity: number | undefined): number[] {
  const found = new Set<number>()
  for (let size = 1; size <= Math.max(1, most); size *= 10)
    for (const factor of [1, 2, 3, 5, 7]) if (size * factor < most) found.add(size * factor)
  found.add(Math.max(1, most))
  if (capacity !== undefined) found.add(capacity)
  return [...found].sort((a, b) => a - b)
}
