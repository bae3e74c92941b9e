/**
 * Streams: for every activity that a test or criterion names, its occurrences among a chunk of leads, lead by lead in order
 * of time. Once they are sorted out, each measure is one loop over one stream, without a branch on what an occurrence is.
 */
import type { Definition, PropertyTests } from '../definition/language.ts'
import { Feeds } from '../plan/feeds.ts'
import type { Instant } from '../time.ts'
import { Classes } from './classes.ts'
import type { ActivityColumns } from './columns.ts'
import { grown } from './grown.ts'

/** Most leads that are worked on together: few enough for their numbers to stay in the processor's cache. */
export const CHUNK = 1024
/** A chunk ends early when its leads have done this much. */
const CHUNK_ACTIVITIES = 1 << 14

/** Occurrences, as rows counted from the first activity of the chunk. */
export interface Stream {
  readonly rows: Int32Array
  /** The stream's part of `rows`. */
  readonly start: number
  readonly end: number
  /** By row: when it was, and whose, counted from the first lead of the chunk. */
  readonly at: Float64Array
  readonly lead: Int32Array
  /** Row of the chunk's first activity in the columns. */
  readonly base: number
}

/** Collects the streams that are needed; equal ones are one. */
export class StreamRequests {
  readonly feeds = new Feeds()
  readonly wheres = new Map<number, PropertyTests>()

  /** @returns the number of the stream */
  request(activities: string | readonly string[], where: PropertyTests | undefined): number {
    const spec = { kind: 'total', property: undefined } as const
    const { slot } = this.feeds.tally({ activities, where, scope: 'lead', spec })
    if (where) this.wheres.set(slot, where)
    return slot
  }
}

export class Streams {
  readonly #activities: ActivityColumns
  readonly #asOf: Instant
  readonly #classes: Classes
  /** A stream that takes what belongs nowhere; it stands last. */
  readonly #waste: number
  readonly #starts: Int32Array
  readonly #ends: Int32Array
  /** How many activities of the chunk each class has. */
  #counts = new Int32Array(64)
  /**
   * Streams of each class, `#width` places each, filled up with the waste: one count of steps for every activity is foreseen
   * by the processor, and writing in vain is cheaper than guessing wrong.
   */
  #streamsOf = new Int32Array(64)
  #width = 1
  #known = 0
  #classOf = new Int32Array(CHUNK_ACTIVITIES)
  #lead = new Int32Array(CHUNK_ACTIVITIES)
  #rows = new Int32Array(CHUNK_ACTIVITIES)
  #at: Float64Array = new Float64Array(0)
  #base = 0

  constructor(definition: Definition, requests: StreamRequests, activities: ActivityColumns, asOf: Instant) {
    this.#activities = activities
    this.#asOf = asOf
    this.#classes = new Classes(definition, requests.feeds, requests.wheres, activities)
    this.#waste = requests.feeds.tallies.length
    this.#starts = new Int32Array(this.#waste + 1)
    this.#ends = new Int32Array(this.#waste + 1)
  }

  /** Where a chunk that begins at lead `from` should end, not after `limit`. */
  endOfChunk(from: number, limit: number): number {
    const { offsets } = this.#activities
    const last = Math.min(from + CHUNK, limit)
    let end = from + 1
    while (end < last && offsets[end + 1] - offsets[from] <= CHUNK_ACTIVITIES) end++
    return end
  }

  /** Sorts out the activities of `count` leads from row `from` on. */
  fill(from: number, count: number): void {
    const { offsets, at } = this.#activities
    const [first, end] = [offsets[from], offsets[from + count]]
    this.#base = first
    this.#at = at.subarray(first, end)
    this.#lead = grown(this.#lead, end - first)
    this.#classOf = grown(this.#classOf, end - first)
    for (let lead = 0; lead < count; lead++)
      this.#lead.fill(lead, offsets[from + lead] - first, offsets[from + lead + 1] - first)
    this.#classes.classify({ first, end, asOf: this.#asOf }, this.#classOf)
    if (this.#known < this.#classes.count) this.#learnClasses()
    this.#layOut(end - first)
    this.#sortOut(end - first)
  }

  /** A stream of the chunk at hand. */
  of(stream: number): Stream {
    return {
      rows: this.#rows,
      start: this.#starts[stream],
      end: this.#ends[stream],
      at: this.#at,
      lead: this.#lead,
      base: this.#base,
    }
  }

  #learnClasses(): void {
    this.#known = this.#classes.count
    const takers = Array.from({ length: this.#known }, (_, one) => this.#classes.takers(one))
    this.#width = takers.reduce((width, { length }) => Math.max(width, length), 1)
    this.#streamsOf = new Int32Array(this.#known * this.#width).fill(this.#waste)
    takers.forEach((streams, one) =>
      streams.forEach(({ slot }, index) => (this.#streamsOf[one * this.#width + index] = slot)),
    )
    this.#counts = grown(this.#counts, this.#known)
  }

  /** Room for the streams, one after the other. */
  #layOut(total: number): void {
    const [counts, classOf, streamsOf, width] = [this.#counts, this.#classOf, this.#streamsOf, this.#width]
    counts.fill(0)
    for (let row = 0; row < total; row++) counts[classOf[row]]++
    const sizes = this.#ends.fill(0)
    for (let one = 0; one < this.#known; one++) {
      for (let index = 0; index < width; index++) sizes[streamsOf[one * width + index]] += counts[one]
    }
    let room = 0
    for (let stream = 0; stream < sizes.length; stream++) {
      this.#starts[stream] = room
      room += sizes[stream]
    }
    this.#ends.set(this.#starts)
    this.#rows = grown(this.#rows, room)
  }

  #sortOut(total: number): void {
    const [classOf, streamsOf, width, rows, ends] = [
      this.#classOf,
      this.#streamsOf,
      this.#width,
      this.#rows,
      this.#ends,
    ]
    for (let row = 0; row < total; row++) {
      const first = classOf[row] * width
      for (let index = 0; index < width; index++) {
        const stream = streamsOf[first + index]
        const end = ends[stream]
        rows[end] = row
        ends[stream] = end + 1
      }
    }
  }
}
