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
/** A chunk ends early when its leads have done this much: few enough to stay in a cache that is shared with others. */
const CHUNK_ACTIVITIES = 1 << 12

/** Occurrences, lead by lead in order of time: the entries from `start` up to `end`. */
export interface Stream {
  readonly start: number
  readonly end: number
  readonly at: Float64Array
  /** Whose, counted from the first lead of the chunk. */
  readonly lead: Int32Array
  /** Row in the columns, counted from `base`. */
  readonly rows: Int32Array
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

/**
 * Activities are sorted by their class: a stream that takes one class is a stretch of those. Only a stream that takes several
 * is gathered by itself, in order.
 */
export class Streams {
  readonly #activities: ActivityColumns
  readonly #asOf: Instant
  readonly #classes: Classes
  /** Classes that each stream takes. */
  readonly #classesOf: number[][]
  /** The same by class, 1 or 0, for the streams that take several. */
  readonly #isTaken: (Uint8Array | undefined)[]
  readonly #starts: Int32Array
  readonly #ends: Int32Array
  /** By class: how many activities of the chunk, and where its stretch begins and ends. */
  #counts = new Int32Array(64)
  #classStarts = new Int32Array(64)
  #classEnds = new Int32Array(64)
  #known = 0
  #classOf = new Int32Array(CHUNK_ACTIVITIES)
  #entries: Entries = openEntries(CHUNK_ACTIVITIES * 2)
  #base = 0

  constructor(definition: Definition, requests: StreamRequests, activities: ActivityColumns, asOf: Instant) {
    this.#activities = activities
    this.#asOf = asOf
    this.#classes = new Classes(definition, requests.feeds, requests.wheres, activities)
    const count = requests.feeds.tallies.length
    this.#classesOf = Array.from({ length: count }, () => [])
    this.#isTaken = Array.from({ length: count }, () => undefined)
    this.#starts = new Int32Array(count)
    this.#ends = new Int32Array(count)
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
    const { offsets } = this.#activities
    const [first, end] = [offsets[from], offsets[from + count]]
    this.#base = first
    this.#classOf = grown(this.#classOf, end - first)
    this.#classes.classify({ first, end, asOf: this.#asOf }, this.#classOf)
    if (this.#known < this.#classes.count) this.#learnClasses()
    this.#layOut(end - first)
    this.#sort(from, count)
    for (let stream = 0; stream < this.#starts.length; stream++) {
      const isTaken = this.#isTaken[stream]
      if (isTaken !== undefined && this.#ends[stream] > this.#starts[stream])
        this.#gather(from, count, this.#starts[stream], isTaken)
    }
  }

  /** A stream of the chunk at hand. */
  of(stream: number): Stream {
    const { at, lead, rows } = this.#entries
    return { start: this.#starts[stream], end: this.#ends[stream], at, lead, rows, base: this.#base }
  }

  #learnClasses(): void {
    this.#known = this.#classes.count
    for (const classes of this.#classesOf) classes.length = 0
    for (let one = 0; one < this.#known; one++)
      for (const { slot } of this.#classes.takers(one)) this.#classesOf[slot].push(one)
    this.#classesOf.forEach((classes, stream) => {
      const isTaken = classes.length > 1 ? new Uint8Array(this.#known) : undefined
      for (const one of classes) if (isTaken) isTaken[one] = 1
      this.#isTaken[stream] = isTaken
    })
    this.#counts = grown(this.#counts, this.#known)
    this.#classStarts = grown(this.#classStarts, this.#known)
    this.#classEnds = grown(this.#classEnds, this.#known)
  }

  /** Room for the classes, one after the other, and then for the streams that take several. */
  #layOut(total: number): void {
    const [counts, classOf, starts, ends] = [this.#counts, this.#classOf, this.#classStarts, this.#classEnds]
    counts.fill(0)
    for (let index = 0; index < total; index++) counts[classOf[index]]++
    let room = 0
    for (let one = 0; one < this.#known; one++) {
      starts[one] = ends[one] = room
      room += counts[one]
    }
    this.#classesOf.forEach((classes, stream) => {
      const [one = -1] = classes
      const size = classes.reduce((sum, each) => sum + counts[each], 0)
      this.#starts[stream] = classes.length > 1 ? room : one < 0 ? 0 : starts[one]
      this.#ends[stream] = this.#starts[stream] + size
      if (classes.length > 1) room += size
    })
    // One place more: what is written in vain comes after the last.
    if (room >= this.#entries.rows.length) this.#entries = openEntries(2 * room)
  }

  #sort(from: number, count: number): void {
    const { offsets } = this.#activities
    const [classOf, ends, base] = [this.#classOf, this.#classEnds, this.#base]
    const { at, lead, rows } = this.#entries
    const instants = this.#activities.at
    for (let one = 0; one < count; one++) {
      const end = offsets[from + one + 1] - base
      for (let row = offsets[from + one] - base; row < end; row++) {
        const place = ends[classOf[row]]++
        at[place] = instants[base + row]
        lead[place] = one
        rows[place] = row
      }
    }
  }

  /** Takes those of several classes. All are written and only those taken stay: faster than guessing which. */
  #gather(from: number, count: number, start: number, isTaken: Uint8Array): void {
    const { offsets } = this.#activities
    const [classOf, base] = [this.#classOf, this.#base]
    const { at, lead, rows } = this.#entries
    const instants = this.#activities.at
    let place = start
    for (let one = 0; one < count; one++) {
      const end = offsets[from + one + 1] - base
      for (let row = offsets[from + one] - base; row < end; row++) {
        at[place] = instants[base + row]
        lead[place] = one
        rows[place] = row
        place += isTaken[classOf[row]]
      }
    }
  }
}

type Entries = Pick<Stream, 'at' | 'lead' | 'rows'>

const openEntries = (room: number): Entries => ({
  at: new Float64Array(room),
  lead: new Int32Array(room),
  rows: new Int32Array(room),
})
