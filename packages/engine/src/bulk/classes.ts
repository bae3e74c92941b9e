/**
 * Which tallies an activity goes to, without trying every test on every activity: activities that no test tells apart are
 * one class. A class is found by walking an automaton, one step for each property that matters to the raw type. The
 * automaton grows as combinations turn up, so it is never larger than the data are various.
 */
import type { Definition, PropertyTests } from '../definition/language.ts'
import { takersOf, type Feeds, type RawType, type TallyPlan } from '../plan/feeds.ts'
import { compileWhere, type Properties } from '../plan/value-tests.ts'
import type { ActivityColumns, Column } from './columns.ts'
import { literalsOf, reached, staircase } from './staircase.ts'

/** A place in the automaton: what is known of an activity so far. */
interface State {
  readonly raw: RawType
  /** Properties still to look at, in the order of all properties. */
  readonly ahead: readonly number[]
  readonly seen: Properties
}

/** A state that looks at no further property. */
const FINAL = -1
const UNDISCOVERED = -1

export class Classes {
  readonly #activities: ActivityColumns
  readonly #partitions: readonly Partition[]
  readonly #states: State[] = []
  readonly #takers: (readonly TallyPlan[])[] = []
  readonly #finals = new Map<string, number>()
  /** By raw type: where its activities begin. */
  readonly #start: Int32Array
  /** By state: the property that it looks at, and its row in `#next`. */
  #looksAt = new Int32Array(64)
  #row = new Int32Array(64)
  /** Rows of following states, by class of the value. */
  #next = new Int32Array(256)
  #rowsEnd = 0

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
    const nothing = this.#add({ raw: { tests: [], feeds: [] }, ahead: [], seen: {} })
    this.#start = Int32Array.from(activities.types, (type) => {
      const raw = raws.get(type)
      if (raw === undefined) return nothing
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

  /** Writes the class of each activity from row `first` up to `end`. */
  classify(first: number, end: number, into: Int32Array): void {
    const { type } = this.#activities
    const start = this.#start
    for (let row = first; row < end; row++) into[row - first] = start[type[row]]
    this.#partitions.forEach(({ column }, property) => {
      if (column?.kind === 'codes') this.#stepByCode(property, column.codes, { first, end }, into)
      else this.#stepByNumber(property, column?.values, { first, end }, into)
    })
  }

  #stepByCode(
    property: number,
    codes: Uint16Array | Uint32Array,
    { first, end }: { first: number; end: number },
    into: Int32Array,
  ): void {
    const { classes } = this.#partitions[property]
    let [looksAt, rows, next] = [this.#looksAt, this.#row, this.#next]
    for (let row = first; row < end; row++) {
      const state = into[row - first]
      if (looksAt[state] !== property) continue
      const one = classes[codes[row]]
      let following = next[rows[state] + one]
      if (following === UNDISCOVERED) {
        following = this.#discover(state, one)
        ;[looksAt, rows, next] = [this.#looksAt, this.#row, this.#next]
      }
      into[row - first] = following
    }
  }

  #stepByNumber(
    property: number,
    values: Float64Array | undefined,
    { first, end }: { first: number; end: number },
    into: Int32Array,
  ): void {
    const { classes, edges } = this.#partitions[property]
    let [looksAt, rows, next] = [this.#looksAt, this.#row, this.#next]
    for (let row = first; row < end; row++) {
      const state = into[row - first]
      if (looksAt[state] !== property) continue
      const value = values === undefined ? Number.NaN : values[row]
      const one = Number.isNaN(value) ? 0 : classes[1 + reached(edges, value)]
      let following = next[rows[state] + one]
      if (following === UNDISCOVERED) {
        following = this.#discover(state, one)
        ;[looksAt, rows, next] = [this.#looksAt, this.#row, this.#next]
      }
      into[row - first] = following
    }
  }

  /** The state after one more property, made when the first activity gets there. */
  #discover(state: number, one: number): number {
    const { raw, ahead, seen } = this.#states[state]
    const { name, examples } = this.#partitions[ahead[0]]
    const following = this.#add({ raw, ahead: ahead.slice(1), seen: { ...seen, [name]: examples[one] } })
    this.#next[this.#row[state] + one] = following
    return following
  }

  #add(state: State): number {
    const takers = state.ahead.length > 0 ? [] : takersOf(state.raw, state.seen)
    const key = takers.map(({ slot }) => slot).join()
    const isFinal = state.ahead.length === 0
    const same = isFinal ? this.#finals.get(key) : undefined
    if (same !== undefined) return same
    const index = this.#states.push(state) - 1
    this.#takers.push(takers)
    if (isFinal) this.#finals.set(key, index)
    this.#looksAt = grown(this.#looksAt, index + 1)
    this.#row = grown(this.#row, index + 1)
    this.#looksAt[index] = isFinal ? FINAL : state.ahead[0]
    if (!isFinal) this.#addRow(index, this.#partitions[state.ahead[0]].examples.length)
    return index
  }

  #addRow(state: number, width: number): void {
    this.#row[state] = this.#rowsEnd
    this.#next = grown(this.#next, this.#rowsEnd + width)
    this.#next.fill(UNDISCOVERED, this.#rowsEnd, this.#rowsEnd + width)
    this.#rowsEnd += width
  }
}

export function grown(values: Int32Array<ArrayBuffer>, length: number): Int32Array<ArrayBuffer> {
  if (length <= values.length) return values
  const larger = new Int32Array(Math.max(length, values.length * 2))
  larger.set(values)
  return larger
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
