/** What every check of meaning needs: the document, what it declares, and words for the commonest findings. */
import {
  DAY_MS,
  DURATION,
  DURATION_MAX_MS,
  HOUR_MS,
  MINUTE_MS,
  readInstant,
  SECOND_MS,
  WEEK_MS,
  type Instant,
} from '../time.ts'
import { issueOf, type IssueCode } from './codes.ts'
import { formatPath, nearest, type Path, type Report } from './issue.ts'
import type { Bin, Comparison, Definition } from './language.ts'
import type { Names } from './names.ts'

export interface Checking {
  readonly definition: Definition
  readonly names: Names
  readonly report: Report
  /** Formatted paths at or above something ill-shaped, which has been reported already and cut out. */
  readonly illShaped: ReadonlySet<string>
  /** Compiled sizes of the patterns seen so far; compiling is the one costly check. */
  readonly patterns: { size: number; readonly known: Map<string, string | undefined> }
}

export function fail(checking: Checking, code: IssueCode, path: Path, message: string, hint?: string): void {
  checking.report(issueOf(code, path, message, hint))
}

/** Whether all at and under the path is as it was written, so that what is absent there is really absent. */
export const isWhole = (checking: Checking, path: Path): boolean => !checking.illShaped.has(formatPath(path))

type Named = 'attribute' | 'activity' | 'persona' | 'score' | 'category' | 'stage' | 'topic' | 'criterion'
const DECLARED = {
  attribute: 'attributes',
  activity: 'activities',
  persona: 'personas',
  score: 'scores',
  category: 'categories',
  stage: 'stages',
  topic: 'topics',
  criterion: 'criteria',
} as const satisfies Record<Named, keyof Names>
const ARTICLE = { attribute: 'an', activity: 'an' } as { readonly [kind in Named]?: string }

/** Whether `name` is declared; if not, says so with the nearest name that is. */
export function isDeclared(checking: Checking, kind: Named, name: string, path: Path): boolean {
  const known: { has: (name: string) => boolean; keys: () => Iterable<string> } = checking.names[DECLARED[kind]]
  if (known.has(name)) return true
  const message = `\`${name}\` is not ${ARTICLE[kind] ?? 'a'} ${kind} of this definition`
  failUnknown(checking, `unknown_${kind}`, name, path, message, known.keys())
  return false
}

/** A name that is not among the known ones; a path that ends with it means the key. */
export function failUnknown(
  checking: Checking,
  code: IssueCode,
  name: string,
  path: Path,
  message: string,
  known: Iterable<string>,
): void {
  const issue = issueOf(code, path, message, suggestion(name, known))
  const last = path.at(-1)
  const isKey = last === name || (path[0] === 'capacity' && typeof last === 'string' && last.startsWith(name))
  checking.report(isKey ? { ...issue, about: 'key' } : issue)
}

/** "did you mean …", or the names that there are when they are few. */
export function suggestion(name: string, known: Iterable<string>): string | undefined {
  const all = [...known].slice(0, 1_000)
  const near = nearest(name, all)
  if (near !== undefined) return `did you mean \`${near}\`?`
  return all.length > 0 && all.length <= 8 ? `there are ${all.map((each) => `\`${each}\``).join(', ')}` : undefined
}

/** A level of a declared category. */
export function checkLevel(checking: Checking, category: string, level: string, path: Path): void {
  const levels = checking.names.categories.get(category)
  if (levels === undefined || levels.has(level)) return
  failUnknown(checking, 'unknown_level', level, path, `\`${level}\` is not a level of \`${category}\``, levels)
}

/** A duration that is not too long, and longer than nothing where a length of zero would never hold anything. */
export function checkDuration(
  checking: Checking,
  text: string | undefined,
  path: Path,
  zero: 'refused' | 'allowed' = 'refused',
): void {
  if (text === undefined) return
  const ms = milliseconds(text)
  if (ms > DURATION_MAX_MS) fail(checking, 'duration_too_long', path, `\`${text}\` is longer than a hundred years`)
  else if (ms === 0 && zero === 'refused') fail(checking, 'duration_zero', path, `\`${text}\` has no length`)
}

/** Milliseconds of a well-shaped duration, however long. */
function milliseconds(text: string): number {
  const [, digits, unit] = DURATION.exec(text)!
  return Number(digits) * UNIT_MS[unit as keyof typeof UNIT_MS]
}
const UNIT_MS = { s: SECOND_MS, m: MINUTE_MS, h: HOUR_MS, d: DAY_MS, w: WEEK_MS } as const

/** The instant of a literal in the document, or undefined after saying that it is none. */
export function checkDate(checking: Checking, text: string, path: Path): Instant | undefined {
  const instant = readInstant(text)
  if (instant === undefined) {
    const noOffset = readInstant(text, 0) !== undefined
    fail(
      checking,
      'malformed_date',
      path,
      `\`${text}\` is not a date`,
      noOffset ? `add the offset: \`${text}Z\` for UTC` : undefined,
    )
  }
  return instant
}

/** `between` of numbers. */
export function checkComparison(checking: Checking, comparison: Partial<Comparison>, path: Path): void {
  const { between } = comparison
  if (between !== undefined && between[0] > between[1]) {
    fail(checking, 'not_ascending', [...path, 'between'], `${between[0]} is above ${between[1]}`)
  }
}

/** Items that stand in a list more than once. */
export function checkDistinct(checking: Checking, items: readonly unknown[] | undefined, path: Path): void {
  const seen = new Set<unknown>()
  items?.forEach((item, at) => {
    if (seen.has(item)) fail(checking, 'duplicate_value', [...path, at], `\`${item}\` stands here twice`)
    seen.add(item)
  })
}

export function checkClamp(
  checking: Checking,
  clamp: { readonly cap?: number; readonly floor?: number },
  path: Path,
): void {
  const { cap, floor } = clamp
  if (cap !== undefined && floor !== undefined && cap < floor) {
    fail(checking, 'empty_range', [...path, 'cap'], `the cap ${cap} lies below the floor ${floor}`)
  }
}

/** Bins rise and do not overlap; only the first and the last may be without end. */
export function checkBins(checking: Checking, bins: readonly Bin[], path: Path): void {
  if (!isWhole(checking, path)) return
  let reached = -Infinity
  bins.forEach((bin, at) => {
    const place = [...path, at]
    if (at > 0 && reached === Infinity) {
      fail(checking, 'bins_unbounded', place, 'the bin before is without end, so nothing is left for this one')
    }
    const from = bin.at_least ?? reached
    if (bin.at_least !== undefined && bin.at_least < reached && reached !== Infinity) {
      fail(
        checking,
        'bins_overlap',
        [...place, 'at_least'],
        `${bin.at_least} lies in the bin before, which ends below ${reached}`,
      )
    }
    const to = bin.below ?? Infinity
    if (to <= from && from !== Infinity)
      fail(checking, 'bins_overlap', [...place, 'below'], `nothing lies between ${from} and ${to}`)
    reached = Math.max(reached, to)
  })
}
