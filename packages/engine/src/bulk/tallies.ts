/**
 * Everything that a definition's tests and criteria count about activities, for a chunk of leads at one instant. Reading at
 * one instant only, windows are cuts in time: between two cuts the same few operations apply to all activities of a class,
 * so that the inner loop runs over a flat list of them and compares nothing twice.
 */
import type { Definition, PropertyTests } from '../definition/language.ts'
import { exp2 } from '../plan/exp2.ts'
import { Feeds, type TallyPlan } from '../plan/feeds.ts'
import { microValue, type EachSpec, type TallySpec } from '../plan/tally.ts'
import { DAY_MS, type Instant } from '../time.ts'
import { Classes, grown } from './classes.ts'
import type { ActivityColumns, Column } from './columns.ts'

/** Rows of leads that are worked on together: few enough for their numbers to stay in the processor's cache. */
export const CHUNK = 1024

/** What an operation does with one activity. */
const COUNT = 0
const LATEST = 1
const DAY = 2
const SUM_NUMBER = 3
const SUM_CODE = 4
const FADE = 5
const WEIGH_HALF_LIFE = 6
const WEIGH_LINEAR = 7
const WEIGH_STEPS = 8
/** Skips the next operations where the frequency limit is reached: limits look at all activities, in the window or not. */
const LIMIT_EVER = 9
const LIMIT_WITHIN = 10

interface Operation {
  readonly kind: number
  readonly slot: number
  /** It applies to activities after this instant. */
  readonly after: Instant
  readonly a: number
  readonly b: number
  /** Number of operations right behind that a limit may skip. */
  readonly guards: number
}

const operation = (kind: number, slot: number, rest: Partial<Operation> = {}): Operation => ({
  kind,
  slot,
  after: -Infinity,
  a: 0,
  b: 0,
  guards: 0,
  ...rest,
})

/** Collects what is to be counted. */
export class TallyRequests {
  readonly feeds = new Feeds()
  readonly wheres = new Map<number, PropertyTests>()

  /** The slot in which it will be found. */
  slot(activities: string | readonly string[], where: PropertyTests | undefined, spec: TallySpec): number {
    const { slot } = this.feeds.tally({ activities, where, scope: 'lead', spec })
    if (where) this.wheres.set(slot, where)
    return slot
  }
}

/** Instants that grow without end, kept oldest first; one for each limit and each fading list. */
class Row {
  values = new Float64Array(32)
  length = 0
  first = 0

  push(value: number): void {
    if (this.length === this.values.length) this.#makeRoom()
    this.values[this.length++] = value
  }

  #makeRoom(): void {
    const kept = this.values.subarray(this.first, this.length)
    const larger = kept.length * 2 > this.values.length ? new Float64Array(this.values.length * 2) : this.values
    larger.set(kept)
    this.values = larger
    this.length -= this.first
    this.first = 0
  }

  clear(): void {
    this.length = 0
    this.first = 0
  }
}

export class Tallies {
  /** By slot, `CHUNK` rows each: occurrences, counted ones, or days. */
  readonly n: Float64Array
  /** Sums of values or points. */
  readonly sum: Float64Array
  /** Occurrences with a number to sum up. */
  readonly numeric: Float64Array
  /** The latest (counted) occurrence; −∞ without one. */
  readonly last: Float64Array
  readonly #activities: ActivityColumns
  readonly #asOf: Instant
  readonly #classes: Classes
  /** Rising instants at which windows begin, and ∞. */
  readonly #cuts: Float64Array
  readonly #operationsOf: readonly (readonly Operation[])[]
  /** By slot: limits' counted instants, fading weights of the lead at hand. */
  readonly #counted: readonly Row[]
  readonly #weights: readonly Row[]
  readonly #weighted: readonly number[]
  readonly #limited: readonly number[]
  readonly #sources: readonly (Float64Array | undefined)[]
  readonly #codes: readonly (Uint16Array | Uint32Array | undefined)[]
  #classOf = new Int32Array(4096)
  /** Operations laid out flat; list `class · (cuts + 1) + band` lies between its start and the next. */
  #known = 0
  #starts = new Int32Array(256)
  #kinds = new Int32Array(256)
  #slots = new Int32Array(256)
  #guards = new Int32Array(256)
  #a = new Float64Array(256)
  #b = new Float64Array(256)

  constructor(definition: Definition, requests: TallyRequests, activities: ActivityColumns, asOf: Instant) {
    const { tallies } = requests.feeds
    const size = tallies.length * CHUNK
    this.n = new Float64Array(size)
    this.sum = new Float64Array(size)
    this.numeric = new Float64Array(size)
    this.last = new Float64Array(size)
    this.#activities = activities
    this.#asOf = asOf
    this.#classes = new Classes(definition, requests.feeds, requests.wheres, activities)
    const columnOf = ({ property }: TallyPlan) =>
      property === undefined ? undefined : activities.properties.get(property)
    this.#operationsOf = tallies.map((tally) => operationsOf(tally, columnOf(tally), asOf))
    this.#sources = tallies.map((tally) => sourceOf(columnOf(tally)))
    this.#codes = tallies.map((tally) => codesOf(columnOf(tally)))
    const operations = this.#operationsOf.flat()
    const cuts = new Set(operations.map(({ after }) => after).filter(Number.isFinite))
    this.#cuts = Float64Array.from([...cuts].sort((x, y) => x - y).concat(Infinity))
    this.#counted = tallies.map(() => new Row())
    this.#weights = tallies.map(() => new Row())
    const slotsOf = (kinds: readonly number[]) => [
      ...new Set(operations.filter(({ kind }) => kinds.includes(kind)).map(({ slot }) => slot)),
    ]
    this.#weighted = slotsOf([WEIGH_HALF_LIFE, WEIGH_LINEAR, WEIGH_STEPS])
    this.#limited = slotsOf([LIMIT_WITHIN])
  }

  /** Counts the activities of `count` leads from row `from` on. */
  run(from: number, count: number): void {
    this.n.fill(0)
    this.sum.fill(0)
    this.numeric.fill(0)
    this.last.fill(-Infinity)
    const { offsets } = this.#activities
    const first = offsets[from]
    const end = offsets[from + count]
    if (this.#classOf.length < end - first) this.#classOf = new Int32Array((end - first) * 2)
    this.#classes.classify(first, end, this.#classOf)
    this.#layOut()
    this.#runLeads(from, count)
  }

  /** Lists of operations for classes that have turned up since. */
  #layOut(): void {
    const bands = this.#cuts.length
    for (; this.#known < this.#classes.count; this.#known++) {
      const operations = this.#classes.takers(this.#known).flatMap(({ slot }) => this.#operationsOf[slot])
      for (let band = 0; band < bands; band++) {
        const begin = band === 0 ? -Infinity : this.#cuts[band - 1]
        this.#append(
          this.#known * bands + band,
          operations.filter(({ after }) => after <= begin),
        )
      }
    }
  }

  #append(list: number, operations: readonly Operation[]): void {
    const start = list === 0 ? 0 : this.#starts[list]
    const end = start + operations.length
    this.#starts = grown(this.#starts, list + 2)
    this.#starts[list + 1] = end
    this.#kinds = grown(this.#kinds, end)
    this.#slots = grown(this.#slots, end)
    this.#guards = grown(this.#guards, end)
    this.#a = grownNumbers(this.#a, end)
    this.#b = grownNumbers(this.#b, end)
    operations.forEach(({ kind, slot, a, b }, index) => {
      this.#kinds[start + index] = kind
      this.#slots[start + index] = slot
      this.#a[start + index] = a
      this.#b[start + index] = b
      // What a limit guards may have been left out here, beyond its window.
      const isNextOwn = operations[index + 1]?.slot === slot
      this.#guards[start + index] = isNextOwn ? 1 : 0
    })
  }

  #runLeads(from: number, count: number): void {
    const { at: times, offsets } = this.#activities
    const { n, sum, numeric, last } = this
    const [classOf, cuts, asOf] = [this.#classOf, this.#cuts, this.#asOf]
    const [starts, kinds, slots, guards, a, b] = [
      this.#starts,
      this.#kinds,
      this.#slots,
      this.#guards,
      this.#a,
      this.#b,
    ]
    const [sources, codes, weights, counted] = [this.#sources, this.#codes, this.#weights, this.#counted]
    const bands = cuts.length
    const base = offsets[from]
    for (let lead = 0; lead < count; lead++) {
      const end = offsets[from + lead + 1]
      let band = 0
      for (let row = offsets[from + lead]; row < end; row++) {
        const at = times[row]
        if (at > asOf) break
        while (at > cuts[band]) band++
        const list = classOf[row - base] * bands + band
        const stop = starts[list + 1]
        for (let index = starts[list]; index < stop; index++) {
          const slot = slots[index]
          const place = slot * CHUNK + lead
          switch (kinds[index]) {
            case COUNT:
              n[place] += 1
              break
            case LATEST:
              n[place] += 1
              last[place] = at
              break
            case DAY: {
              const day = Math.floor(at / DAY_MS)
              if (day === last[place]) break
              last[place] = day
              n[place] += 1
              break
            }
            case SUM_NUMBER: {
              const value = microValue(sources[slot]![row])
              if (Number.isNaN(value)) break
              sum[place] += value
              numeric[place] += 1
              break
            }
            case SUM_CODE: {
              const value = sources[slot]![codes[slot]![row]]
              if (Number.isNaN(value)) break
              sum[place] += value
              numeric[place] += 1
              break
            }
            case FADE:
              sum[place] = (n[place] === 0 ? 0 : sum[place] * exp2(-(at - last[place]) / b[index])) + a[index]
              n[place] += 1
              last[place] = at
              break
            case WEIGH_HALF_LIFE:
              weights[slot].push(exp2(-(asOf - at) / a[index]))
              break
            case WEIGH_LINEAR: {
              const age = asOf - at
              weights[slot].push(age <= a[index] ? 1 : Math.max(0, 1 - (age - a[index]) / b[index]))
              break
            }
            case WEIGH_STEPS:
              weights[slot].push(Math.max(0, 1 - b[index] * Math.floor((asOf - at) / a[index])))
              break
            case LIMIT_EVER:
              if (numeric[place] >= a[index]) index += guards[index]
              else numeric[place] += 1
              break
            case LIMIT_WITHIN:
              if (!isCounted(counted[slot], at, a[index], b[index])) index += guards[index]
              break
          }
        }
      }
      for (const slot of this.#weighted) sum[slot * CHUNK + lead] = takeSum(weights[slot])
      for (const slot of this.#limited) counted[slot].clear()
    }
  }
}

function isCounted(counted: Row, at: Instant, atMost: number, withinMs: number): boolean {
  while (counted.first < counted.length && counted.values[counted.first] <= at - withinMs) counted.first += 1
  if (counted.length - counted.first >= atMost) return false
  counted.push(at)
  return true
}

/** Newest first, as everywhere: floating-point sums depend on the order. */
function takeSum(weights: Row): number {
  let sum = 0
  for (let index = weights.length - 1; index >= 0; index--) sum += weights.values[index]
  weights.clear()
  return sum
}

function grownNumbers(values: Float64Array<ArrayBuffer>, length: number): Float64Array<ArrayBuffer> {
  if (length <= values.length) return values
  const larger = new Float64Array(Math.max(length, values.length * 2))
  larger.set(values)
  return larger
}

// --- What a tally does with an activity ------------------------------------------------------------------------------

function operationsOf({ slot, spec }: TallyPlan, column: Column | undefined, asOf: Instant): Operation[] {
  switch (spec.kind) {
    case 'total':
      return [operation(LATEST, slot)]
    case 'times':
      return [operation(COUNT, slot, { after: asOf - spec.horizonMs })]
    case 'days':
      return [operation(DAY, slot, { after: asOf - spec.horizonMs })]
    case 'values': {
      if (column === undefined) return []
      return [operation(column.kind === 'numbers' ? SUM_NUMBER : SUM_CODE, slot, { after: asOf - spec.horizonMs })]
    }
    case 'each':
      return [...limitOf(slot, spec), fadingOf(slot, spec, asOf)]
  }
}

function limitOf(slot: number, { limit }: EachSpec): Operation[] {
  if (limit === undefined) return []
  if (limit.withinMs === Infinity) return [operation(LIMIT_EVER, slot, { a: limit.atMost })]
  return [operation(LIMIT_WITHIN, slot, { a: limit.atMost, b: limit.withinMs })]
}

function fadingOf(slot: number, { form, decay, points, lifeMs, windowMs }: EachSpec, asOf: Instant): Operation {
  if (form === 'half_life' && decay.kind === 'half_life')
    return operation(FADE, slot, { a: points, b: decay.halfLifeMs })
  const after = asOf - Math.min(windowMs, lifeMs)
  switch (decay.kind) {
    case 'half_life':
      return operation(WEIGH_HALF_LIFE, slot, { after, a: decay.halfLifeMs })
    case 'linear':
      return operation(WEIGH_LINEAR, slot, { after, a: decay.afterMs, b: decay.overMs })
    case 'steps':
      return operation(WEIGH_STEPS, slot, { after, a: decay.everyMs, b: decay.losePercent / 100 })
    case 'none':
    case 'expires':
      return operation(COUNT, slot, { after })
  }
}

/** Numbers to sum up: the column itself, or the micro-value of each code. */
function sourceOf(column: Column | undefined): Float64Array | undefined {
  if (column === undefined) return undefined
  return column.kind === 'numbers' ? column.values : Float64Array.from(column.dictionary, microValue)
}

const codesOf = (column: Column | undefined) => (column?.kind === 'codes' ? column.codes : undefined)
