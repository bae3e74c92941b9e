/** What conditions can come to, whatever a lead does: a bound that never says "impossible" of anything possible. */
import { readInstant } from '../time.ts'
import type { AttributeTest, Condition, Criterion, Definition, Level } from './language.ts'
import {
  contains,
  EVERYTHING,
  intersection,
  intervalOf,
  isEmpty,
  scoreRange,
  type Interval,
  type OutlookOf,
} from './ranges.ts'
import { asList, kinded, levelsListed, own } from './walk.ts'
import { orderOfNodes } from './dependencies.ts'
import { cellsOf } from './levels.ts'

/** Which of true, false and unknown a condition can come to. */
export interface Possible {
  readonly t: boolean
  readonly f: boolean
  readonly u: boolean
}
const ANY: Possible = { t: true, f: true, u: true }
const EITHER: Possible = { t: true, f: true, u: false }

export interface Possibilities {
  readonly ofCondition: (condition: Condition) => Possible
  readonly ofCriterion: OutlookOf
  readonly scores: ReadonlyMap<string, Interval>
  /** Levels that no lead can reach, by category. */
  readonly unreachable: ReadonlyMap<string, ReadonlySet<string>>
}

/** Works through personas, scores and categories in the order in which they read one another. */
export function possibilitiesOf(definition: Definition): Possibilities {
  const personas = new Map<string, Possible>()
  const scores = new Map<string, Interval>()
  const unreachable = new Map<string, ReadonlySet<string>>()
  const known: Known = { definition, personas, scores, unreachable }
  const ofCondition = (condition: Condition) => possible(known, condition)
  const ofCriterion: OutlookOf = (criterion: Criterion) => {
    if (!('when' in criterion)) return { canBeTrue: true, canBeUnknown: true }
    const { t, u } = ofCondition(criterion.when)
    return { canBeTrue: t, canBeUnknown: u }
  }
  for (const { kind, name } of orderOfNodes(definition)) {
    if (kind === 'persona') personas.set(name, ofCondition(definition.personas![name].when))
    else if (kind === 'score') scores.set(name, scoreRange(definition, definition.scores![name], ofCriterion))
    else if (kind === 'category') unreachable.set(name, unreachableLevels(known, name))
  }
  return { ofCondition, ofCriterion, scores, unreachable }
}

interface Known {
  readonly definition: Definition
  readonly personas: ReadonlyMap<string, Possible>
  readonly scores: ReadonlyMap<string, Interval>
  readonly unreachable: ReadonlyMap<string, ReadonlySet<string>>
}

function unreachableLevels(known: Known, name: string): ReadonlySet<string> {
  const { definition, unreachable } = known
  const category = definition.categories![name]
  if ('matrix' in category) {
    const { rows, columns } = category.matrix
    const reached = (axis: string, level: string) => unreachable.get(axis)?.has(level) !== true
    const cells = cellsOf(definition, name) ?? []
    const reachable = new Set(
      cells.filter((cell) => reached(rows, cell.row) && reached(columns, cell.column)).map((cell) => cell.level),
    )
    return new Set(cells.map((cell) => cell.level).filter((level) => !reachable.has(level)))
  }
  const levels = levelsListed(category, [])
  return new Set(
    levels
      .filter((_, at) => whyUnreachable((condition) => possible(known, condition), levels, at) !== undefined)
      .map((each) => each.name),
  )
}

type ListedLevel = { readonly name: string; readonly level: Level }
type PossibleOf = (condition: Condition) => Possible

/** Why nobody can be at the level in that place: its own condition (`never`), or the better level that takes all first. */
export function whyUnreachable(possibleOf: PossibleOf, levels: readonly ListedLevel[], at: number): string | undefined {
  const { when, stays_while } = levels[at].level
  // A lead that falls from a better level may stay at this one without ever entering it.
  if (stays_while !== undefined && at > 0) return undefined
  if (when !== undefined && !possibleOf(when).t) return 'never'
  const before = levels.slice(0, at).find(({ level }) => {
    if (level.when === undefined || level.for_at_least !== undefined) return false
    const { f, u } = possibleOf(level.when)
    return (!f && !u) || (when !== undefined && implies(when, level.when))
  })
  return before?.name
}

function possible(known: Known, condition: Condition): Possible {
  const one = kinded(condition)
  const of = (part: Condition) => possible(known, part)
  switch (one.kind) {
    case 'all': {
      const parts = one.test.all.map(of)
      return { t: parts.every((each) => each.t), f: parts.some((each) => each.f), u: parts.some((each) => each.u) }
    }
    case 'any': {
      const parts = one.test.any.map(of)
      return {
        t: parts.some((each) => each.t),
        f: parts.every((each) => each.f),
        u: parts.some((each) => each.u) && parts.every((each) => each.u || each.f),
      }
    }
    case 'not': {
      const { t, f, u } = of(one.test.not)
      return { t: f, f: t, u }
    }
    case 'of': {
      const parts = one.test.of.map(of)
      const k = one.test.at_least
      return {
        t: parts.filter((each) => each.t).length >= k,
        f: parts.filter((each) => !each.f).length < k,
        u: parts.some((each) => each.u),
      }
    }
    case 'attribute':
      return possibleAttribute(known.definition, one.test)
    case 'activity': {
      const { count, distinct_days, average } = one.test
      if (count) return holds(intervalOf(count), COUNTS, true)
      if (distinct_days) return holds(intervalOf(distinct_days), COUNTS, true)
      const of = average ?? one.test.sum
      return { ...(of ? holds(intervalOf(of), EVERYTHING) : EITHER), u: average !== undefined }
    }
    case 'score':
      return holds(intervalOf(one.test), known.scores.get(one.test.score) ?? EVERYTHING)
    case 'category': {
      const { category, is, in: among, is_not, not_in } = one.test
      const wanted = among ?? (is === undefined ? [] : [is])
      const gone = known.unreachable.get(category)
      const contradicts = (level: string) =>
        (is !== undefined && level !== is) || level === is_not || not_in?.includes(level) === true
      const never = wanted.length > 0 && wanted.every((level) => gone?.has(level) === true || contradicts(level))
      return { t: !never, f: true, u: false }
    }
    case 'persona':
      return anyOf(asList(one.test.persona).map((name) => known.personas.get(name) ?? ANY))
    case 'stage':
    case 'answers':
      return EITHER
    case 'account':
      return { ...of(one.test.account), u: true }
    case 'leads':
      return { ...holds(intervalOf(one.test.leads), COUNTS, true), u: true }
  }
}

const anyOf = (parts: readonly Possible[]): Possible => ({
  t: parts.some((each) => each.t),
  f: parts.every((each) => each.f),
  u: parts.some((each) => each.u),
})

const COUNTS: Interval = { low: 0, high: Infinity }

/** Whether a value that lies within `domain` can lie within `wanted`, and outside of it. */
function holds(wanted: Interval, domain: Interval, whole = false): Possible {
  const both = intersection(wanted, domain)
  return { t: whole ? hasInteger(both) : !isEmpty(both), f: !contains(wanted, domain), u: false }
}

function hasInteger({ low, high, lowOpen = false, highOpen = false }: Interval): boolean {
  const first = lowOpen && Number.isInteger(low) ? low + 1 : Math.ceil(low)
  const last = highOpen && Number.isInteger(high) ? high - 1 : Math.floor(high)
  return first <= last
}

/** Contradictions within one test: it is unknown or false, but never true. */
function possibleAttribute(definition: Definition, test: AttributeTest): Possible {
  const others = Object.keys(test).filter((key) => key !== 'attribute' && key !== 'known')
  if (test.known !== undefined && others.length === 0) return EITHER
  const t = (test.known !== false || others.length === 0) && !isEmpty(valueInterval(test)) && hasValue(definition, test)
  return { t, f: true, u: true }
}

function valueInterval(test: AttributeTest): Interval {
  const number = (bound: string | number | undefined) => (typeof bound === 'string' ? readInstant(bound) : bound)
  const { at_least, at_most, above, below, between } = test
  const ends = {
    at_least: number(at_least),
    at_most: number(at_most),
    above: number(above),
    below: number(below),
    between: between && ([number(between[0]) ?? -Infinity, number(between[1]) ?? Infinity] as const),
    is: typeof test.is === 'number' ? test.is : undefined,
  }
  const given = Object.fromEntries(Object.entries(ends).filter(([, end]) => end !== undefined))
  return intervalOf(given)
}

/** Whether some value passes `is`, `in`, `is_not` and `not_in` together. */
function hasValue(definition: Definition, test: AttributeTest): boolean {
  const { is, is_not, not_in } = test
  const refused = new Set([...(is_not === undefined ? [] : [is_not]), ...(not_in ?? [])])
  const attribute = own(definition.attributes, test.attribute)
  if (attribute?.type === 'choices') return true // several values at once: one may be wanted and none refused
  const wanted = test.in ?? (is === undefined ? attribute?.of : [is])
  return wanted === undefined || wanted.some((each) => (is === undefined || each === is) && !refused.has(each))
}

// --- One condition against another -----------------------------------------------------------------------------------

/** Whether `a` can only be true when `b` is: a sufficient sign, not a proof system. */
export function implies(a: Condition, b: Condition): boolean {
  if (JSON.stringify(a) === JSON.stringify(b)) return true
  const [left, right] = [kinded(a), kinded(b)]
  if (right.kind === 'all') return right.test.all.every((part) => implies(a, part))
  if (left.kind === 'any') return left.test.any.every((part) => implies(part, b))
  if (right.kind === 'any') return right.test.any.some((part) => implies(a, part))
  if (left.kind === 'all') return left.test.all.some((part) => implies(part, b))
  if (left.kind === 'score' && right.kind === 'score') {
    return left.test.score === right.test.score && contains(intervalOf(right.test), intervalOf(left.test))
  }
  if (left.kind === 'category' && right.kind === 'category') {
    const [narrow, wide] = [plainLevels(left.test), plainLevels(right.test)]
    if (left.test.category !== right.test.category || narrow === undefined || wide === undefined) return false
    return right.test.for_at_least === undefined && narrow.every((level) => wide.includes(level))
  }
  return false
}

/** The levels of a test that only says `is` or `in`. */
function plainLevels(test: Extract<Condition, { category: string }>): readonly string[] | undefined {
  if (test.is_not !== undefined || test.not_in !== undefined) return undefined
  return test.in ?? (test.is === undefined ? undefined : [test.is])
}

/** The scores at which a condition that only compares one score is true. */
export function scoreInterval(
  condition: Condition,
): { readonly score: string; readonly interval: Interval } | undefined {
  const one = kinded(condition)
  return one.kind === 'score' ? { score: one.test.score, interval: intervalOf(one.test) } : undefined
}
