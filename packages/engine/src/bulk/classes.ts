/**
 * Which tallies an activity goes to, without trying every test on every activity: activities that no test tells apart are
 * one class. A class is found by walking an automaton, one step for each property that matters to the raw type. The
 * automaton grows as combinations turn up, so it is never larger than the data are various.
 */
import type { Definition, PropertyTests } from '../definition/language.ts'
import { findTakers, type Feeds, type RawType, type TallyPlan } from '../plan/feeds.ts'
import { compileWhere, type Properties } from '../plan/value-tests.ts'
import type { Instant } from '../time.ts'
import type { ActivityColumns, Codes, Column } from './columns.ts'
import { grown } from './grown.ts'
import { literalsOf, reached, staircase } from './staircase.ts'

/** A place in the automaton: what is known of an activity so far. */
interface State {
  readonly raw: RawType
  /** Properties still to look at, in the order of all properties. */
  readonly ahead: readonly number[]
  readonly seen: Properties
}

/** What a property makes of each state: a row of `width` following states, one for each class of the value. */
interface Steps {
  readonly width: number
  next: Int32Array<ArrayBuffer>
}

const UNDISCOVERED = -1
/** The state of activities that go nowhere. */
const NOTHING = 0
/** Activities that take one step together: few enough for their states to stay in the nearest cache between the steps. */
const BLOCK = 1024

export class Classes {
  readonly #activities: ActivityColumns
  readonly #partitions: readonly Partition[]
  readonly #states: State[] = []
  readonly #takers: (readonly TallyPlan[])[] = []
  readonly #finals = new Map<string, number>()
  /** By raw type: where its activities begin. */
  readonly #start: Int32Array
  readonly #steps: readonly Steps[]

  /** @param wheres  the tests of each tally's own, by its slot */
  constructor(
    definition: Definition,
    feeds: Feeds,
    wheres: ReadonlyMap<number, PropertyTests>,
    activities: ActivityColumns,
  ) {
    this.#activities = activities
    const raws = feeds.byRawType(definition)
    const tests = new Map([...raws].map(([type, raw]) => [raw, testsOf(definition, type, raw, wheres)]))
    const names = [...new Set([...tests.values()].flat().flatMap((each) => Object.keys(each)))]
    this.#partitions = names.map((name) => partition(name, [...tests.values()].flat(), activities.properties.get(name)))
    this.#steps = this.#partitions.map(({ examples }) => ({ width: examples.length, next: new Int32Array(64) }))
    this.#add({ raw: { tests: [], feeds: [] }, ahead: [], seen: {} })
    this.#start = Int32Array.from(activities.types, (type) => {
      const raw = raws.get(type)
      if (raw === undefined) return NOTHING
      const wanted = new Set(tests.get(raw)!.flatMap((each) => Object.keys(each)))
      return this.#add({ raw, ahead: names.flatMap((name, index) => (wanted.has(name) ? [index] : [])), seen: {} })
    })
  }

  get count(): number {
    return this.#states.length
  }

  takers(state: number): readonly TallyPlan[] {
    return this.#takers[state]
  }

  /** Writes the class of each activity from row `first` up to `end`; what happened after `asOf` is of no class. */
  classify({ first, end, asOf }: { first: number; end: number; asOf: Instant }, into: Int32Array): void {
    for (let from = first; from < end; from += BLOCK) {
      const count = Math.min(BLOCK, end - from)
      this.#classifyBlock(from, asOf, into.subarray(from - first, from - first + count))
    }
  }

  #classifyBlock(first: number, asOf: Instant, into: Int32Array): void {
    const { type, at } = this.#activities
    const start = this.#start
    for (let index = 0; index < into.length; index++)
      into[index] = at[first + index] <= asOf ? start[type[first + index]] : NOTHING
    this.#partitions.forEach(({ column }, property) => {
      if (column?.kind === 'codes') this.#stepByCode(property, column.codes, first, into)
      else this.#stepByNumber(property, column?.values, first, into)
    })
  }

  #stepByCode(property: number, codes: Codes, first: number, into: Int32Array): void {
    const steps = this.#steps[property]
    const { classes } = this.#partitions[property]
    const { length } = into
    for (let index = 0; index < length; index++) {
      index = stepOn(steps, classes, { codes, first, into, index })
      if (index < length)
        into[index] = this.#discover(property, into[index] * steps.width + classes[codes[first + index]])
    }
  }

  #stepByNumber(property: number, values: Float64Array | undefined, first: number, into: Int32Array): void {
    const { classes, edges } = this.#partitions[property]
    const steps = this.#steps[property]
    for (let index = 0; index < into.length; index++) {
      const row = into[index] * steps.width
      // Whatever does not look at the property stays where it is, whatever the number.
      if (steps.next[row] === into[index]) continue
      const value = values === undefined ? Number.NaN : values[first + index]
      const place = row + (Number.isNaN(value) ? 0 : classes[1 + reached(edges, value)])
      const following = steps.next[place]
      into[index] = following === UNDISCOVERED ? this.#discover(property, place) : following
    }
  }

  /** The state after one more property, made when the first activity gets there. @param place  in the property's steps */
  #discover(property: number, place: number): number {
    const steps = this.#steps[property]
    const { raw, ahead, seen } = this.#states[Math.floor(place / steps.width)]
    const { name, examples } = this.#partitions[property]
    const example = examples[place % steps.width]
    const following = this.#add({ raw, ahead: ahead.slice(1), seen: { ...seen, [name]: example } })
    steps.next[place] = following
    return following
  }

  #add(state: State): number {
    const isFinal = state.ahead.length === 0
    const takers = isFinal ? findTakers(state.raw, state.seen) : []
    const key = takers.map(({ slot }) => slot).join()
    const same = isFinal ? this.#finals.get(key) : undefined
    if (same !== undefined) return same
    const index = this.#states.push(state) - 1
    this.#takers.push(takers)
    if (isFinal) this.#finals.set(key, index)
    this.#steps.forEach((steps, property) => {
      const isAhead = state.ahead[0] === property
      const end = (index + 1) * steps.width
      steps.next = grown(steps.next, end)
      steps.next.fill(isAhead ? UNDISCOVERED : index, end - steps.width, end)
    })
    return index
  }
}

interface Walk {
  readonly codes: Codes
  readonly first: number
  readonly into: Int32Array
  readonly index: number
}

/**
 * Takes one step for each activity from `index` on, up to the first that leads into the unknown. Nothing is called inside the
 * loop: then where the arrays lie is looked up once, not at every round.
 */
function stepOn({ width, next }: Steps, classes: Uint16Array, { codes, first, into, index }: Walk): number {
  for (; index < into.length; index++) {
    const following = next[into[index] * width + classes[codes[first + index]]]
    if (following === UNDISCOVERED) return index
    into[index] = following
  }
  return index
}

/** Every map of property tests that decides something about activities of this raw type. */
function testsOf(
  definition: Definition,
  type: string,
  raw: RawType,
  wheres: ReadonlyMap<number, PropertyTests>,
): PropertyTests[] {
  const named = Object.values(definition.activities ?? {}).filter(({ from }) =>
    typeof from === 'string' ? from === type : from.includes(type),
  )
  const own = raw.feeds.map(({ tally }) => wheres.get(tally.slot))
  return [...named.map(({ where }) => where), ...own].filter((where) => where !== undefined)
}

/** Values of a property that no test tells apart are one class; the class of a missing value is 0. */
interface Partition {
  readonly name: string
  readonly column: Column | undefined
  /** Class of each code; for numbers, of "missing" and then of each interval between edges. */
  readonly classes: Uint16Array
  readonly edges: Float64Array
  /** One value of each class. */
  readonly examples: readonly unknown[]
}

function partition(name: string, wheres: readonly PropertyTests[], column: Column | undefined): Partition {
  const tests = wheres.flatMap((where) => (Object.hasOwn(where, name) ? [where[name]] : []))
  const holds = tests.map((test) => compileWhere({ [name]: test })!)
  const answers = (value: unknown) => holds.map((each) => each({ [name]: value })).join()
  const examples: unknown[] = [undefined]
  const known = new Map<string, number>()
  const classOf = (value: unknown) => {
    const key = answers(value)
    const found = known.get(key)
    if (found !== undefined) return found
    known.set(key, examples.length)
    return examples.push(value) - 1
  }
  if (column?.kind === 'codes') {
    const classes = Uint16Array.from(column.dictionary, (value, code) => (code === 0 ? 0 : classOf(value)))
    return { name, column, classes, edges: new Float64Array(), examples }
  }
  const stairs = staircase(literalsOf({ tests }), classOf)
  return { name, column, classes: Uint16Array.of(0, ...stairs.values), edges: stairs.edges, examples }
}
