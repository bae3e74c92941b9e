/**
 * Smooth decay: the first millisecond at which the comparison of a score with a literal comes out differently.
 *
 * Found by halving, with an enclosure. Between two moments of moments.ts every criterion only falls or only rises, so its
 * values at both ends of a stretch enclose it; and so does the sum of all that share a half-life (a constant times one
 * power of two) or fade in straight lines (one straight line). Clamps, weights and rounding keep the order.
 */
import type { Comparison, Criterion, Decay, Definition, Group, Score } from '../../src/definition/language.ts'
import type { LeadId } from '../../src/facts.ts'
import type { Instant } from '../../src/time.ts'
import { conditionsOf } from './moments.ts'
import { holds, mayFlip, micro, ms, once } from './numbers.ts'
import { addUp, decayOf, fades, giveOf, within, type Clamp } from './scores.ts'
import { sceneOf, type Moment } from './settle.ts'

interface Tested {
  readonly score: Score
  readonly comparisons: readonly Comparison[]
}

/** The scores in which something fades smoothly and that some condition compares with a literal. */
const testedOf = once((definition: Definition): readonly Tested[] =>
  Object.entries(definition.scores ?? {}).flatMap(([name, score]) => {
    const comparisons = conditionsOf(definition).filter((each) => 'score' in each && each.score === name)
    return fades(score) && comparisons.length > 0 ? [{ score, comparisons: comparisons as Comparison[] }] : []
  }),
)

/** The first instant after that of `moment`, up to `to`, at which some comparison flips. Only smooth decay lies between. */
export function firstCrossing(moment: Moment, to: Instant): Instant | undefined {
  let first: Instant | undefined
  for (const lead of moment.states.keys()) {
    for (const tested of testedOf(moment.definition)) {
      const end = first === undefined ? to : first - 1
      if (end > moment.at) first = new Search(moment, lead, tested).first(end) ?? first
    }
  }
  return first
}

/** What every criterion of a score gives at one instant. */
interface Sample {
  readonly at: Instant
  readonly given: ReadonlyMap<Criterion, number>
}

class Search {
  readonly #moment: Moment
  readonly #lead: LeadId
  readonly #tested: Tested

  constructor(moment: Moment, lead: LeadId, tested: Tested) {
    this.#moment = moment
    this.#lead = lead
    this.#tested = tested
  }

  first(to: Instant): Instant | undefined {
    return this.#search(this.#sample(this.#moment.at), this.#sample(to))
  }

  #search(a: Sample, b: Sample): Instant | undefined {
    const { score, comparisons } = this.#tested
    const range = rangeOf(score, a, b, this.#moment.nudge)
    if (!comparisons.some((comparison) => mayFlip(comparison, range, micro))) return undefined
    if (b.at - a.at === 1) return this.#outcomes(a) === this.#outcomes(b) ? undefined : b.at
    const middle = this.#sample(a.at + Math.floor((b.at - a.at) / 2))
    return this.#search(a, middle) ?? this.#search(middle, b)
  }

  #sample(at: Instant): Sample {
    const { score } = this.#tested
    const scene = sceneOf({ ...this.#moment, at })
    const given = new Map<Criterion, number>()
    for (const group of Object.values(score.groups)) {
      for (const criterion of group.criteria) {
        given.set(criterion, giveOf(criterion, decayOf(criterion, group, score), this.#lead, scene).micro)
      }
    }
    return { at, given }
  }

  /** How every comparison comes out, as text that can be compared. */
  #outcomes({ given }: Sample): string {
    const { score, comparisons } = this.#tested
    const value = addUp(score, (criterion) => given.get(criterion)!, this.#moment.nudge)
    return comparisons.map((comparison) => String(holds(comparison, value, micro))).join()
  }
}

// --- Enclosure -------------------------------------------------------------------------------------------------------

interface Range {
  readonly low: number
  readonly high: number
}

/** What moves one way only: what it gives at the two ends of a stretch. Parts of one family still do when added up. */
interface Part {
  readonly family: string
  readonly a: number
  readonly b: number
}

/** Millionths: more than adding up in another order can make of a sum. */
const SLACK = 1e-6

/** All values, in whole millionths, that the score may have from one sample to the other. */
function rangeOf(score: Score, a: Sample, b: Sample, nudge: number): Range {
  const parts = Object.entries(score.groups).flatMap(([name, group]) => partsOf(score, { name, group }, a, b))
  if (parts.every((part) => part.a === part.b)) {
    const value = addUp(score, (criterion) => a.given.get(criterion)!, nudge)
    return { low: value, high: value }
  }
  const { low, high } = sumOf(parts)
  const [floor, cap] = score.range ?? [0, 100]
  const rounded = (millionths: number) => Math.floor(within({ floor, cap }, millionths + nudge) + 0.5)
  return { low: rounded(low - SLACK), high: rounded(high + SLACK) }
}

function partsOf(
  score: Score,
  { name, group }: { readonly name: string; readonly group: Group },
  a: Sample,
  b: Sample,
): readonly Part[] {
  const { weight = 1 } = group
  const parts = group.criteria.map((criterion): Part => {
    const ends = { a: a.given.get(criterion)!, b: b.given.get(criterion)! }
    const isFree = isInside(criterion, ends.a) && isInside(criterion, ends.b)
    return { family: isFree ? familyOf(criterion, decayOf(criterion, group, score)) : criterion.id, ...ends }
  })
  const { low, high } = sumOf(parts)
  if (isInside(group, low - SLACK) && isInside(group, high + SLACK)) {
    return parts.map((part) => ({ ...part, a: part.a * weight, b: part.b * weight }))
  }
  const ends = { a: within(group, low) * weight, b: within(group, high) * weight }
  return [{ family: `group ${name}`, ...ends }]
}

/** Whether a clamp leaves a value alone, with room to spare. */
function isInside({ floor = -Infinity, cap = Infinity }: Clamp, millionths: number): boolean {
  return micro(floor) < millionths && millionths < micro(cap)
}

function familyOf(criterion: Criterion, decay: Decay): string {
  if (!('each' in criterion) || decay === 'none') return criterion.id
  if ('half_life' in decay) return `half_life ${ms(decay.half_life)}`
  return 'linear' in decay ? 'linear' : criterion.id
}

function sumOf(parts: readonly Part[]): Range {
  const families = new Map<string, { a: number; b: number }>()
  for (const { family, a, b } of parts) {
    const sum = families.get(family) ?? { a: 0, b: 0 }
    families.set(family, { a: sum.a + a, b: sum.b + b })
  }
  const sums = [...families.values()]
  return {
    low: sums.reduce((low, { a, b }) => low + Math.min(a, b), 0),
    high: sums.reduce((high, { a, b }) => high + Math.max(a, b), 0),
  }
}
