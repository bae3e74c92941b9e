/** Values in the place of others: what a person wrote is replaced by what stands in the definition, or by nothing in particular. */
import { sensitivityOf } from '../definition/sensitive.ts'
import type { Attribute } from '../definition/language.ts'
import type { FactValue } from '../facts.ts'
import { fold, understand } from '../plan/value-tests.ts'
import { formatInstant, type Instant } from '../time.ts'
import type { ValueReads } from './reads.ts'

type Written = string | number | boolean | readonly string[]

const AMOUNT_MAX = 1e15
/** So many that decide alike and are different all the same; more are rarely needed. */
const TRIES = 50

/** One for each attribute: two values that differ stay different, so that a change stays one. */
export class StandIns {
  private readonly given = new Map<string, Written | undefined>()
  private readonly reads: ValueReads

  constructor(reads: ValueReads) {
    this.reads = reads
  }

  /** A text that decides as this one does; undefined where there is none that says nothing of it. */
  text(raw: string): string | undefined {
    return this.once(`t${raw}`, () => (this.isListed(raw) ? raw : this.firstAlike(raw, textsLike(raw, this.reads))))
  }

  number(raw: number): number | undefined {
    return this.once(`n${raw}`, () => this.firstAlike(raw, numbersLike(raw)))
  }

  private once<T extends Written>(key: string, make: () => T | undefined): T | undefined {
    if (!this.given.has(key)) this.given.set(key, make())
    return this.given.get(key) as T | undefined
  }

  private isListed(raw: string): boolean {
    const folded = fold(raw)
    return this.reads.whole.some((each) => fold(each) === folded)
  }

  private firstAlike<T extends Written>(raw: T, candidates: Iterable<T>): T | undefined {
    const wanted = this.reads.answers(raw)
    const taken = new Set(this.given.values())
    for (const each of candidates) {
      if (!taken.has(each) && this.reads.answers(each) === wanted) return each
    }
    return undefined
  }
}

/** Texts made of what the definition looks for, as far as it finds it here. */
function* textsLike(raw: string, { starts, parts, ends }: ValueReads): Generator<string> {
  const folded = fold(raw)
  const start = longest(starts.filter((each) => folded.startsWith(fold(each))))
  const end = longest(ends.filter((each) => folded.endsWith(fold(each))))
  const within = parts.filter((each) => folded.includes(fold(each)))
  const plain = [start, ...within].filter((each, at, all) => each !== '' && all.indexOf(each) === at).join(' ') + end
  if (plain !== '') yield plain
  for (let n = 1; n <= TRIES; n++) {
    yield `text ${n}`
    if (plain !== '') yield [start, ...within, n].filter((each) => each !== '').join(' ') + end
  }
}

const longest = (texts: readonly string[]): string =>
  texts.reduce((best, each) => (each.length > best.length ? each : best), '')

function* numbersLike(raw: number): Generator<number> {
  const round = 10 ** Math.max(0, Math.floor(Math.log10(Math.abs(raw) || 1)))
  yield Math.trunc(raw / round) * round
  for (let n = 0; n <= TRIES; n++) yield n
  for (let n = 1; n <= TRIES; n++) yield -n
}

/** A value of an attribute as an example may say it; undefined: as if nobody knew. */
export function attributeStandIn(
  name: string,
  attribute: Attribute,
  value: FactValue,
  { ins, moved }: { readonly ins: StandIns; readonly moved: (at: Instant) => Instant },
): Written | undefined {
  const known = understand(attribute, value)
  if (known === undefined) return undefined
  switch (attribute.type) {
    case 'text':
      return ins.text(known as string)
    case 'number': {
      const number = known as number
      if (sensitivityOf(name, attribute) === 'personal') return ins.number(number)
      return Math.max(-AMOUNT_MAX, Math.min(AMOUNT_MAX, number))
    }
    case 'date':
      return dateText(moved(known as Instant))
    case 'boolean':
    case 'choice':
    case 'choices':
      return known
  }
}

/** A property as an example may say it; undefined where nothing that may stand there decides alike. */
export function propertyStandIn(
  value: unknown,
  reads: ValueReads,
  ins: StandIns,
): string | number | boolean | undefined {
  if (typeof value === 'boolean') return value
  if (typeof value === 'number')
    return reads.isAmount ? Math.max(-AMOUNT_MAX, Math.min(AMOUNT_MAX, value)) : ins.number(value)
  if (typeof value === 'string') return isDate(value) && reads.namesDates ? value : ins.text(value)
  if (value === null || value === undefined) return undefined
  // Of lists and maps only their being there can be asked.
  const wanted = reads.answers(value)
  return [true, 1, 'text 1'].find((each) => reads.answers(each) === wanted)
}

const isDate = (text: string): boolean => /^\d{4}-\d{2}-\d{2}(?:T[\d:.]+(?:Z|[+-][\d:]+))?$/.test(text)

/** `2026-03-01`, `2026-03-01T14:00Z`: no longer than it has to be. */
export function dateText(at: Instant): string {
  return formatInstant(at).replace('.000Z', 'Z').replace(/:00Z$/, 'Z').replace('T00:00Z', '')
}
