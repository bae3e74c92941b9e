/**
 * Facts of many leads as columns that threads can share: who did what is a number in a list of everything that was ever said.
 * Leads stand alone: whatever looks at accounts is given circles instead.
 */
import type { Allocate } from '../bulk/columns.ts'
import { ownMemory } from '../bulk/columns.ts'
import { compareFacts, type Fact, type LeadId } from '../facts.ts'
import { growingFloats, growingInts } from './growing.ts'

/** What a fact says, without whose it is and when. */
export type Saying = Readonly<Record<string, unknown>> & { readonly kind: Fact['kind'] }

export interface FactTable {
  readonly count: number
  /** Facts of row i: from `offsets[i]` up to, but not, `offsets[i + 1]`, in their order. */
  readonly offsets: Uint32Array
  readonly at: Float64Array
  /** Without it, facts are known when they happen. */
  readonly receivedAt: Float64Array | undefined
  /** Places in `sayings`. */
  readonly saying: Uint32Array
  readonly sayings: readonly Saying[]
}

/** Gathers leads one by one. */
export class FactTableBuilder {
  private readonly offsets = growingInts()
  private readonly at = growingFloats()
  private readonly receivedAt = growingFloats()
  private isLate = false
  private readonly saying = growingInts()
  private readonly sayings: Saying[] = []
  private readonly places = new Map<string, number>()
  /** Most properties come again and again, often as the very same object. */
  private readonly known = new WeakMap<object, Map<string, number>>()

  constructor() {
    this.offsets.push(0)
  }

  /** @param facts  of one lead, each once, in any order */
  add(facts: readonly Fact[]): void {
    for (const fact of isOrdered(facts) ? facts : facts.toSorted(compareFacts)) {
      this.at.push(fact.at)
      this.receivedAt.push(fact.receivedAt ?? fact.at)
      this.isLate ||= (fact.receivedAt ?? fact.at) > fact.at
      this.saying.push(this.placeOf(fact))
    }
    this.offsets.push(this.at.length)
  }

  private placeOf(fact: Fact): number {
    if (fact.kind !== 'activity') return this.intern(fact)
    const byType = this.known.get(fact.properties) ?? new Map<string, number>()
    this.known.set(fact.properties, byType)
    const known = byType.get(fact.type)
    if (known !== undefined) return known
    const place = this.intern(fact)
    byType.set(fact.type, place)
    return place
  }

  private intern(fact: Fact): number {
    const saying = sayingOf(fact)
    const key = JSON.stringify(saying)
    const known = this.places.get(key)
    if (known !== undefined) return known
    this.places.set(key, this.sayings.length)
    return this.sayings.push(saying) - 1
  }

  close(allocate: Allocate = ownMemory): FactTable {
    const offsets = this.offsets.close()
    return {
      count: offsets.length - 1,
      offsets: placed(offsets, new Uint32Array(allocate(offsets.byteLength))),
      at: placed(this.at.close(), new Float64Array(allocate(this.at.length * 8))),
      receivedAt: this.isLate
        ? placed(this.receivedAt.close(), new Float64Array(allocate(this.at.length * 8)))
        : undefined,
      saying: placed(this.saying.close(), new Uint32Array(allocate(this.saying.length * 4))),
      sayings: this.sayings,
    }
  }
}

const isOrdered = (facts: readonly Fact[]) =>
  facts.every((fact, index) => index === 0 || compareFacts(facts[index - 1], fact) <= 0)

function sayingOf(fact: Fact): Saying {
  switch (fact.kind) {
    case 'activity':
      return { kind: fact.kind, type: fact.type, properties: fact.properties }
    case 'attribute':
      return { kind: fact.kind, name: fact.name, value: fact.value }
    case 'decision':
      return { kind: fact.kind, decision: fact.decision, amount: fact.amount, override: fact.override }
    case 'link':
      return { kind: fact.kind, account: fact.account }
    case 'account_attribute':
      throw new TypeError('facts about accounts are no single lead’s')
  }
}

function placed<T extends Float64Array | Uint32Array>(values: T, into: T): T {
  into.set(values)
  return into
}

/** Facts of one row at a time; ids tell facts of one row apart. */
export class FactTableReader {
  private readonly table: FactTable
  private readonly ids: string[] = []

  constructor(table: FactTable) {
    this.table = table
  }

  read(row: number, lead: LeadId): Fact[] {
    const { offsets, at, receivedAt, saying, sayings } = this.table
    const begin = offsets[row]
    const facts: Fact[] = []
    for (let index = begin; index < offsets[row + 1]; index++) {
      const said = sayings[saying[index]] as unknown as Fact
      const id = (this.ids[index - begin] ??= String(index - begin).padStart(8, '0'))
      facts.push(factOf(said, { id, at: at[index], lead, receivedAt: receivedAt?.[index] ?? at[index] }))
    }
    return facts
  }
}

function factOf(
  said: Fact,
  base: { readonly id: string; readonly at: number; readonly lead: LeadId; readonly receivedAt: number },
): Fact {
  const { id, at, lead, receivedAt } = base
  switch (said.kind) {
    case 'activity':
      return { kind: 'activity', id, at, lead, receivedAt, type: said.type, properties: said.properties }
    case 'attribute':
      return { kind: 'attribute', id, at, lead, receivedAt, name: said.name, value: said.value }
    default:
      return { ...said, ...base }
  }
}
