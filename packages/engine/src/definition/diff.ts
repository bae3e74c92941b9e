/**
 * What changed between two definitions, in the words of the people who sign it. Things are compared by their names; a thing
 * that vanished while one just like it appeared was renamed. Whatever has no sentence of its own gets a plain one, so that
 * every difference in the document is told.
 */
import type { Path } from './issue.ts'
import type { Bin, Criterion, Definition, Value } from './language.ts'
import { isMap } from './shape.ts'
import {
  activityWords,
  attributeWords,
  binRows,
  categoryWords,
  conditionInWords,
  criterionInWords,
  decayInWords,
  durationWords,
  groupWords,
  joined,
  levelWords,
  numberWords,
  personaWords,
  pointsWords,
  scoreWords,
  spaced,
  stageWords,
  tableRows,
} from './words.ts'
import type { Condition, Decay } from './language.ts'

export type Area =
  | 'definition'
  | 'attributes'
  | 'activities'
  | 'personas'
  | 'scores'
  | 'categories'
  | 'stages'
  | 'value'
  | 'capacity'
  | 'playbooks'
  | 'review'
  | 'examples'

export interface Change {
  readonly kind: 'added' | 'removed' | 'changed' | 'moved'
  /** Where it is in the later definition; for what was removed, where it was in the earlier one. */
  readonly path: Path
  readonly area: Area
  readonly sentence: string
}

/** Every difference between two parsed definitions, in the order of the document; none exactly when they say the same. */
export function diffDefinitions(before: Definition, after: Definition): readonly Change[] {
  const changes: Change[] = []
  const keys = [...Object.keys(SECTIONS), ...Object.keys(after), ...Object.keys(before)]
  for (const key of new Set(keys)) {
    const section = key as keyof Definition
    if (same(before[section], after[section])) continue
    const diff: Diff = { before, after, area: SECTIONS[section] ?? 'definition', changes }
    const told = changes.length
    compareSection(diff, section)
    // What is written differently but holds the same things, such as an empty map instead of none.
    if (changes.length === told) tell(diff, 'changed', [section], `${spaced(section)} is written differently`)
  }
  return changes
}

/** The sections in the order in which people read them. */
const SECTIONS: { readonly [section in keyof Definition]?: Area } = {
  winnow: 'definition',
  name: 'definition',
  description: 'definition',
  attributes: 'attributes',
  activities: 'activities',
  personas: 'personas',
  scores: 'scores',
  categories: 'categories',
  stages: 'stages',
  value: 'value',
  capacity: 'capacity',
  playbooks: 'playbooks',
  review: 'review',
  examples: 'examples',
}

interface Diff {
  readonly before: Definition
  readonly after: Definition
  readonly area: Area
  readonly changes: Change[]
}

const tell = ({ changes, area }: Diff, kind: Change['kind'], path: Path, sentence: string): void => {
  changes.push({ kind, path, area, sentence: sentence.charAt(0).toUpperCase() + sentence.slice(1) })
}

// --- Equality --------------------------------------------------------------------------------------------------------

/** Equal as data: the order of keys says nothing, the order of lists does. */
export function same(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((each, at) => same(each, b[at]))
  if (!isMap(a) || !isMap(b)) return false
  const keys = Object.keys(a)
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && same(a[key], b[key]))
}

type Map = Readonly<Record<string, unknown>>
const asMap = (value: unknown): Map => (isMap(value) ? value : {})
const asListOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

interface Pairing {
  /** Name before and after; undefined on one side where there is no partner. */
  readonly before: string | undefined
  readonly after: string | undefined
}

/**
 * Partners by name. Of the rest, one that vanished and one that appeared with the same content are one renamed thing, if no
 * other of the rest has that content. In the order of the later map, then what was removed.
 */
function paired(before: Map, after: Map): readonly Pairing[] {
  const gone = Object.keys(before).filter((name) => !Object.hasOwn(after, name))
  const come = Object.keys(after).filter((name) => !Object.hasOwn(before, name))
  const renamed = new Map<string, string>()
  for (const name of come) {
    const likes = gone.filter((each) => same(before[each], after[name]))
    const rivals = come.filter((each) => same(after[each], after[name]))
    if (likes.length === 1 && rivals.length === 1) renamed.set(name, likes[0])
  }
  const taken = new Set(renamed.values())
  return [
    ...Object.keys(after).map((name) => ({
      before: Object.hasOwn(before, name) ? name : renamed.get(name),
      after: name,
    })),
    ...gone.filter((name) => !taken.has(name)).map((name) => ({ before: name, after: undefined })),
  ]
}

// --- Sections --------------------------------------------------------------------------------------------------------

interface Naming {
  /** How the thing is called in a sentence. */
  readonly words: (definition: Definition, name: string) => string
  readonly noun: string
  /** Tells what changed inside; true when it has told everything. */
  readonly inside?: (diff: Diff, subject: string, before: Map, after: Map, path: Path) => void
  /** What an added one says, after its name. */
  readonly summary?: (definition: Definition, value: Map) => string
}

function compareSection(diff: Diff, section: keyof Definition): void {
  const [before, after] = [diff.before[section], diff.after[section]]
  const naming = NAMED_SECTIONS[section]
  if (naming) return compareNamed(diff, naming, asMap(before), asMap(after), [section])
  if (section === 'stages') return compareStages(diff)
  if (section === 'examples') return compareExamples(diff)
  if (section === 'value') return compareWorth(diff)
  const subject = SECTION_WORDS[section] ?? `the ${section}`
  compareValues(diff, subject, before, after, [section])
}

const SECTION_WORDS: { readonly [section in keyof Definition]?: string } = {
  review: 'review',
  capacity: 'capacity',
}

function compareNamed(diff: Diff, naming: Naming, before: Map, after: Map, path: Path): void {
  for (const pair of paired(before, after)) compareOne(diff, naming, pair, before, after, path)
}

function compareOne(diff: Diff, naming: Naming, pair: Pairing, before: Map, after: Map, path: Path): void {
  const { noun, words } = naming
  if (pair.after === undefined) {
    tell(diff, 'removed', [...path, pair.before!], `the ${noun} ${words(diff.before, pair.before!)} was removed`)
    return
  }
  const place = [...path, pair.after]
  const subject = words(diff.after, pair.after)
  const value = asMap(after[pair.after])
  if (pair.before === undefined) {
    const summary = naming.summary?.(diff.after, value) ?? ''
    tell(diff, 'added', place, `the ${noun} ${subject} is new${summary === '' ? '' : `: ${summary}`}`)
    return
  }
  if (pair.before !== pair.after) {
    tell(
      diff,
      'changed',
      place,
      `the ${noun} ${words(diff.before, pair.before)} is now called ${pair.after} (was ${pair.before})`,
    )
  }
  const earlier = asMap(before[pair.before])
  if (same(earlier, value)) return
  if (naming.inside) naming.inside(diff, subject, earlier, value, place)
  else compareFields(diff, `the ${noun} ${subject}`, earlier, value, place)
}

const NAMED_SECTIONS: { readonly [section in keyof Definition]?: Naming } = {
  attributes: { words: attributeWords, noun: 'attribute' },
  activities: { words: activityWords, noun: 'activity' },
  personas: {
    words: personaWords,
    noun: 'persona',
    summary: (definition, value) => conditionInWords(definition, value['when'] as Condition),
  },
  scores: { words: scoreWords, noun: 'score', inside: compareScore },
  categories: { words: categoryWords, noun: 'category', inside: compareCategory },
  playbooks: { words: (_, name) => spaced(name), noun: 'playbook' },
  capacity: { words: (_, team) => `of ${spaced(team)}`, noun: 'capacity', inside: compareCapacity },
}

function compareCapacity(diff: Diff, subject: string, before: Map, after: Map, path: Path): void {
  for (const key of new Set([...Object.keys(after), ...Object.keys(before)])) {
    if (same(before[key], after[key])) continue
    const [, stage, period] = /^(.*)_per_(.*)$/.exec(key) ?? []
    const what = stage === undefined ? spaced(key) : `${stageWords(diff.after, stage)} per ${period}`
    compareValues(diff, `the capacity ${subject} for ${what}`, before[key], after[key], [...path, key])
  }
}

// --- Scores ----------------------------------------------------------------------------------------------------------

function compareScore(diff: Diff, subject: string, before: Map, after: Map, path: Path): void {
  const score = String(path[1])
  compareFields(diff, `the score ${subject}`, before, after, path, ['groups'])
  const naming: Naming = {
    words: (definition, name) => groupWords(definition, score, name),
    noun: `${subject} group`,
    inside: compareGroup,
  }
  compareNamed(diff, naming, asMap(before['groups']), asMap(after['groups']), [...path, 'groups'])
}

function compareGroup(diff: Diff, subject: string, before: Map, after: Map, path: Path): void {
  compareFields(diff, `the group ${subject}`, before, after, path, ['criteria'])
  compareCriteria(
    diff,
    asListOf(before['criteria']) as readonly Criterion[],
    asListOf(after['criteria']) as readonly Criterion[],
    [...path, 'criteria'],
  )
}

const byId = (items: readonly { readonly id: string }[]): Map =>
  Object.fromEntries(items.map((item) => [item.id, { ...item, id: undefined }]))

function compareCriteria(diff: Diff, before: readonly Criterion[], after: readonly Criterion[], path: Path): void {
  const pairs = paired(byId(before), byId(after))
  for (const pair of pairs) {
    const earlier = before.find((each) => each.id === pair.before)
    const later = after.find((each) => each.id === pair.after)
    if (later === undefined) {
      const at = before.findIndex((each) => each.id === pair.before)
      tell(
        diff,
        'removed',
        [...path, at],
        `the criterion ${nameOf(earlier!)} was removed (it gave ${criterionInWords(diff.before, earlier!)})`,
      )
      continue
    }
    const place = [...path, after.indexOf(later)]
    if (earlier === undefined)
      tell(diff, 'added', place, `the criterion ${nameOf(later)} is new: ${criterionInWords(diff.after, later)}`)
    else compareCriterion(diff, earlier, later, place)
  }
  tellMoves(
    diff,
    pairs,
    before.map((each) => each.id),
    after.map((each) => each.id),
    path,
    (id) => `the criterion ${spaced(id)}`,
  )
}

const nameOf = (criterion: Criterion): string => criterion.label ?? spaced(criterion.id)

function compareCriterion(diff: Diff, before: Criterion, after: Criterion, path: Path): void {
  const subject = `the criterion ${nameOf(after)}`
  if (before.id !== after.id) tell(diff, 'changed', path, `${subject} is now called ${after.id} (was ${before.id})`)
  const told = ['id']
  if ('table' in before && 'table' in after && before.table === after.table) {
    if (compareTable(diff, subject, before, after, path)) told.push('bins', 'values', 'otherwise')
  }
  compareFields(diff, subject, before, after, path, told)
}

type Table = Extract<Criterion, { table: string }>

/** Row by row where the rows are the same ranges or values; false where they are not. */
function compareTable(diff: Diff, subject: string, before: Table, after: Table, path: Path): boolean {
  const rows = (definition: Definition, table: Table) =>
    new Map(tableRows(definition, table).map(({ value, points }) => [value, points]))
  const [earlier, later] = [rows(diff.before, before), rows(diff.after, after)]
  const distinct =
    earlier.size === tableRows(diff.before, before).length && later.size === tableRows(diff.after, after).length
  const written = distinct && sameRanges(before, after)
  if (!written) return false
  for (const [value, points] of later) {
    const was = earlier.get(value)
    if (was === undefined) tell(diff, 'added', path, `${subject} now gives ${pointsWords(points)} for ${value}`)
    else if (was !== points)
      tell(diff, 'changed', path, `${subject} now gives ${pointsWords(points)} for ${value} (was ${numberWords(was)})`)
  }
  for (const [value, was] of earlier) {
    if (!later.has(value)) tell(diff, 'removed', path, `${subject} no longer lists ${value} (was ${numberWords(was)})`)
  }
  return true
}

/** Rows tell everything only where both tables write their ranges in the same way. */
function sameRanges(before: Table, after: Table): boolean {
  const ranges = ({ bins }: Table) => bins?.map((bin) => ({ ...bin, points: 0 }))
  return same(ranges(before), ranges(after)) && (before.values === undefined) === (after.values === undefined)
}

// --- Categories and stages -------------------------------------------------------------------------------------------

function compareCategory(diff: Diff, subject: string, before: Map, after: Map, path: Path): void {
  const category = String(path[1])
  const [earlier, later] = [levelsOf(before['levels']), levelsOf(after['levels'])]
  const bothListed = earlier !== undefined && later !== undefined
  compareFields(diff, `the category ${subject}`, before, after, path, bothListed ? ['levels'] : [])
  if (!bothListed) return
  const pairs = paired(Object.fromEntries(earlier), Object.fromEntries(later))
  const [was, is] = [Object.fromEntries(earlier), Object.fromEntries(later)]
  for (const pair of pairs) {
    const at = (pair.after === undefined ? earlier : later).findIndex(([name]) => name === (pair.after ?? pair.before))
    const naming: Naming = {
      words: (definition, name) => levelWords(definition, category, name),
      noun: `${subject} level`,
      inside: (inner, level, one, two, place) => compareLevel(inner, level, one, two, place),
      summary: (definition, level) =>
        level['when'] === undefined ? '' : conditionInWords(definition, level['when'] as Condition),
    }
    compareOne(diff, naming, pair, was, is, [...path, 'levels', at])
  }
  tellMoves(
    diff,
    pairs,
    earlier.map(([name]) => name),
    later.map(([name]) => name),
    [...path, 'levels'],
    (name) => `the level ${levelWords(diff.after, category, name)} of ${subject}`,
  )
}

/** Names and contents of levels in order; undefined for a matrix. */
function levelsOf(levels: unknown): readonly (readonly [string, unknown])[] | undefined {
  return Array.isArray(levels) ? levels.flatMap((entry) => Object.entries(asMap(entry))) : undefined
}

/** `hot now begins at engagement 65 (was 60)` */
function compareLevel(diff: Diff, subject: string, before: Map, after: Map, path: Path): void {
  const told: string[] = []
  for (const [key, verb] of [
    ['when', 'begins'],
    ['stays_while', 'ends below'],
  ] as const) {
    const [was, is] = [threshold(before[key]), threshold(after[key])]
    if (was === undefined || is === undefined || was.score !== is.score || was.points === is.points) continue
    const at = verb === 'begins' ? 'begins at ' : 'ends below '
    tell(
      diff,
      'changed',
      [...path, key],
      `${subject} now ${at}${scoreWords(diff.after, is.score)} ${numberWords(is.points)} (was ${numberWords(was.points)})`,
    )
    told.push(key)
  }
  compareFields(diff, `the level ${subject}`, before, after, path, told)
}

/** A condition that says no more than `{ score, at_least }`. */
function threshold(condition: unknown): { readonly score: string; readonly points: number } | undefined {
  if (!isMap(condition) || Object.keys(condition).length !== 2) return undefined
  const { score, at_least } = condition
  return typeof score === 'string' && typeof at_least === 'number' ? { score, points: at_least } : undefined
}

type StageOf = NonNullable<Definition['stages']>[number]

function compareStages(diff: Diff): void {
  const [before, after] = [diff.before.stages ?? [], diff.after.stages ?? []]
  const pairs = paired(byId(before), byId(after))
  for (const pair of pairs) {
    const earlier = before.find((each) => each.id === pair.before)
    const later = after.find((each) => each.id === pair.after)
    if (later === undefined) {
      tell(
        diff,
        'removed',
        ['stages', before.indexOf(earlier!)],
        `the stage ${stageWords(diff.before, pair.before!)} was removed`,
      )
      continue
    }
    const path = ['stages', after.indexOf(later)]
    const subject = `the stage ${stageWords(diff.after, later.id)}`
    if (earlier === undefined) {
      tell(diff, 'added', path, `${subject} is new`)
      continue
    }
    if (earlier.id !== later.id) {
      const was = stageWords(diff.before, earlier.id)
      tell(diff, 'changed', path, `the stage ${was} is now called ${later.id} (was ${earlier.id})`)
    }
    compareFields(diff, subject, earlier, later, path, ['id'])
  }
  const ids = (stages: readonly StageOf[]) => stages.map((each) => each.id)
  tellMoves(diff, pairs, ids(before), ids(after), ['stages'], (id) => `the stage ${stageWords(diff.after, id)}`)
}

function compareExamples(diff: Diff): void {
  const [before, after] = [diff.before.examples ?? [], diff.after.examples ?? []]
  const distinct = [before, after].every((list) => new Set(list.map((each) => each.name)).size === list.length)
  if (!distinct) return compareValues(diff, 'the examples', before, after, ['examples'])
  const named = (list: typeof before): Map =>
    Object.fromEntries(list.map((each) => [each.name, { ...each, name: undefined }]))
  const pairs = paired(named(before), named(after))
  for (const pair of pairs) {
    const later = after.findIndex((each) => each.name === pair.after)
    if (pair.after === undefined) {
      tell(
        diff,
        'removed',
        ['examples', before.findIndex((each) => each.name === pair.before)],
        `the example “${pair.before}” was removed`,
      )
    } else if (pair.before === undefined) tell(diff, 'added', ['examples', later], `the example “${pair.after}” is new`)
    else {
      if (pair.before !== pair.after)
        tell(diff, 'changed', ['examples', later], `the example “${pair.before}” is now called “${pair.after}”`)
      const earlier = before.find((each) => each.name === pair.before)
      compareFields(
        diff,
        `the example “${pair.after}”`,
        earlier as unknown as Map,
        after[later],
        ['examples', later],
        ['name'],
      )
    }
  }
  const names = (list: typeof before) => list.map((each) => each.name)
  tellMoves(diff, pairs, names(before), names(after), ['examples'], (name) => `the example “${name}”`)
}

/** Those that are in both lists but stand in another order, told once for each that was taken out of the line. */
function tellMoves(
  diff: Diff,
  pairs: readonly Pairing[],
  before: readonly string[],
  after: readonly string[],
  path: Path,
  subject: (name: string) => string,
): void {
  const earlierName = new Map(
    pairs.flatMap((pair) => (pair.after !== undefined && pair.before !== undefined ? [[pair.after, pair.before]] : [])),
  )
  const kept = after.filter((name) => earlierName.has(name))
  const positions = kept.map((name) => before.indexOf(earlierName.get(name)!))
  const still = longestRising(positions)
  kept.forEach((name, at) => {
    if (still.has(at)) return
    const next = after[after.indexOf(name) + 1]
    const where = next === undefined ? 'at the end' : `before ${spaced(next)}`
    tell(diff, 'moved', [...path, after.indexOf(name)], `${subject(name)} now stands ${where}`)
  })
}

/** Places of a longest rising run among the numbers: what can be said not to have moved. */
function longestRising(numbers: readonly number[]): ReadonlySet<number> {
  const best = numbers.map(() => 1)
  const from = numbers.map(() => -1)
  numbers.forEach((value, at) => {
    for (let earlier = 0; earlier < at; earlier++) {
      if (numbers[earlier] < value && best[earlier] + 1 > best[at]) {
        best[at] = best[earlier] + 1
        from[at] = earlier
      }
    }
  })
  const run = new Set<number>()
  for (let at = best.indexOf(Math.max(...best)); at >= 0; at = from[at]!) run.add(at)
  return run
}

// --- Worth -----------------------------------------------------------------------------------------------------------

const WORTH_WORDS = {
  currency: 'the currency',
  win: 'the chance of a win',
  amount: 'the amount of a win',
  repeats: 'how often a customer buys',
  cost: 'the cost of working a lead',
} as const satisfies { readonly [key in keyof Value]: string }

function compareWorth(diff: Diff): void {
  const [before, after] = [diff.before.value, diff.after.value]
  if (before === undefined || after === undefined) {
    const words =
      before === undefined ? after && wholeWorthWords(diff.after, after) : wholeWorthWords(diff.before, before)
    const [kind, verb] = before === undefined ? (['added', 'is new'] as const) : (['removed', 'was removed'] as const)
    return tell(diff, kind, ['value'], `what a lead is worth ${verb}: ${words}`)
  }
  for (const key of ['currency', 'win', 'amount', 'repeats', 'cost'] as const) {
    if (same(before[key], after[key])) continue
    if (key === 'win') compareChances(diff, before.win, after.win)
    else
      compareWords(
        diff,
        WORTH_WORDS[key],
        [worthWords(diff.before, key, before), worthWords(diff.after, key, after)],
        ['value', key],
      )
  }
}

const wholeWorthWords = (definition: Definition, value: Value): string =>
  [
    `${WORTH_WORDS.win} ${chancesWords(definition, value.win)}`,
    `${WORTH_WORDS.amount} ${amountWords(definition, value)}`,
    ...(['repeats', 'cost'] as const).flatMap((key) =>
      value[key] === undefined ? [] : [`${WORTH_WORDS[key]} ${worthWords(definition, key, value)}`],
    ),
  ].join('; ')

/** What is said now, and what was said before. */
function compareWords(
  diff: Diff,
  subject: string,
  [was, is]: readonly [string | undefined, string | undefined],
  path: Path,
): void {
  if (is === undefined) tell(diff, 'removed', path, `${subject} was removed (was ${was})`)
  else if (was === undefined) tell(diff, 'added', path, `${subject} is new: ${is}`)
  else tell(diff, 'changed', path, `${subject} is now ${is} (was ${was})`)
}

function worthWords(definition: Definition, key: Exclude<keyof Value, 'win'>, value: Value): string | undefined {
  if (key === 'amount') return amountWords(definition, value)
  const found = value[key]
  if (found === undefined) return undefined
  return key === 'repeats'
    ? `${numberWords(Number(found))} times`
    : key === 'cost'
      ? moneyWords(Number(found), value)
      : String(found)
}

const moneyWords = (amount: number, { currency = '' }: Value): string => `${numberWords(amount)} ${currency}`.trim()

function amountWords(definition: Definition, value: Value): string {
  const { amount } = value
  if (typeof amount === 'number') return moneyWords(amount, value)
  const otherwise = amount.otherwise === undefined ? '' : `, else ${moneyWords(amount.otherwise, value)}`
  if ('attribute' in amount) return `what ${attributeWords(definition, amount.attribute)} says${otherwise}`
  const { otherwise: _, ...table } = amount
  const rows = tableRows(definition, table).map((row) => `${row.value}: ${moneyWords(row.points, value)}`)
  return shortened(`by ${attributeWords(definition, amount.table)} (${rows.join(', ')}${otherwise})`)
}

type Win = Value['win']

function compareChances(diff: Diff, before: Win, after: Win): void {
  const path = ['value', 'win']
  const isAlike = 'category' in before && 'category' in after && before.category === after.category
  if (!isAlike)
    return compareWords(
      diff,
      WORTH_WORDS.win,
      [chancesWords(diff.before, before), chancesWords(diff.after, after)],
      path,
    )
  for (const level of new Set([...Object.keys(after.levels), ...Object.keys(before.levels)])) {
    const [was, is] = [before.levels[level], after.levels[level]]
    if (same(was, is)) continue
    const subject = `${WORTH_WORDS.win} at ${levelWords(diff.after, after.category, level)}`
    compareWords(diff, subject, [was && chanceWords(was), is && chanceWords(is)], [...path, 'levels', level])
  }
}

function chancesWords(definition: Definition, win: Win): string {
  if ('category' in win) {
    const rows = Object.entries(win.levels).map(
      ([level, each]) => `${levelWords(definition, win.category, level)}: ${chanceWords(each)}`,
    )
    return shortened(`by ${categoryWords(definition, win.category)} (${rows.join(', ')})`)
  }
  const ranges = binRows(
    win.bins.map((bin) => ({ ...bin, points: 0 })),
    '',
  )
  const rows = ranges.map(({ value }, at) => `${value}: ${chanceWords(win.bins[at])}`)
  return shortened(`by ${scoreWords(definition, win.score)} (${rows.join(', ')})`)
}

const percent = (share: number): string => `${numberWords(Math.round(share * 1e6) / 1e4)} %`

function chanceWords({ probability, low, high, leads }: Chance): string {
  const sure = [
    ...(low === undefined && high === undefined ? [] : [`${percent(low ?? 0)} to ${percent(high ?? 1)}`]),
    ...(leads === undefined ? [] : [`of ${leads} leads`]),
  ]
  return `${percent(probability)}${sure.length === 0 ? '' : ` (${sure.join(', ')})`}`
}

interface Chance {
  readonly probability: number
  readonly low?: number
  readonly high?: number
  readonly leads?: number
}

// --- Anything --------------------------------------------------------------------------------------------------------

/** Field by field; a field that changed gets one sentence, or one for each part that changed inside. */
function compareFields(
  diff: Diff,
  subject: string,
  before: Map,
  after: Map,
  path: Path,
  except: readonly string[] = [],
): void {
  for (const key of new Set([...Object.keys(after), ...Object.keys(before)])) {
    if (except.includes(key) || same(before[key], after[key])) continue
    compareField(diff, subject, key, before[key], after[key], [...path, key])
  }
}

function compareField(diff: Diff, subject: string, key: string, before: unknown, after: unknown, path: Path): void {
  if (key === 'points' && typeof before === 'number' && typeof after === 'number') {
    tell(diff, 'changed', path, `${subject} now gives ${pointsWords(after)} (was ${numberWords(before)})`)
    return
  }
  if (isConditionKey(key) && (before === undefined || isMap(before)) && (after === undefined || isMap(after))) {
    compareCondition(diff, subject, key, before as Condition | undefined, after as Condition | undefined, path)
    return
  }
  compareValues(diff, `${FIELD_WORDS[key] ?? spaced(key)} of ${subject}`, before, after, path)
}

const isConditionKey = (key: string): boolean => ['when', 'enter', 'needs', 'stays_while'].includes(key)

const FIELD_WORDS: { readonly [key: string]: string } = {
  of: 'the values',
  sla: 'the time limit',
  by: 'the decision',
  enter: 'the way in',
  when: 'the condition',
  stays_while: 'the condition to stay',
  for_at_least: 'the time before',
  stays_at_least: 'the shortest stay',
  decay: 'the decay',
  bins: 'the table of ranges',
  values: 'the table of values',
  levels: 'the list of levels',
  steps: 'the list of steps',
  reasons: 'the list of reasons',
  facts: 'the list of facts',
  matrix: 'the matrix',
  range: 'the range',
  cap: 'the cap',
  floor: 'the floor',
  weight: 'the weight',
  label: 'the label',
  description: 'the description',
  unknown: 'the points while unknown',
  otherwise: 'the points otherwise',
  count: 'the frequency limit',
  within: 'the window',
}

function compareCondition(
  diff: Diff,
  subject: string,
  key: string,
  before: Condition | undefined,
  after: Condition | undefined,
  path: Path,
): void {
  const what = `${FIELD_WORDS[key] ?? spaced(key)} of ${subject}`
  if (after === undefined)
    tell(diff, 'removed', path, `${what} was removed (was: ${conditionInWords(diff.before, before!)})`)
  else if (before === undefined) tell(diff, 'added', path, `${what} is new: ${conditionInWords(diff.after, after)}`)
  else
    tell(
      diff,
      'changed',
      path,
      `${what} is now: ${conditionInWords(diff.after, after)} (was: ${conditionInWords(diff.before, before)})`,
    )
}

/** Any two values that differ: scalars side by side, maps key by key, lists as a whole. */
function compareValues(diff: Diff, subject: string, before: unknown, after: unknown, path: Path): void {
  if (isMap(before) && isMap(after) && !isDecay(path)) {
    for (const key of new Set([...Object.keys(after), ...Object.keys(before)])) {
      if (!same(before[key], after[key]))
        compareValues(diff, `${subject}, ${spaced(key)}`, before[key], after[key], [...path, key])
    }
  } else if (after === undefined)
    tell(diff, 'removed', path, `${subject} was removed (was ${valueWords(diff.before, before, path)})`)
  else if (before === undefined) tell(diff, 'added', path, `${subject} is new: ${valueWords(diff.after, after, path)}`)
  else
    tell(
      diff,
      'changed',
      path,
      `${subject} is now ${valueWords(diff.after, after, path)} (was ${valueWords(diff.before, before, path)})`,
    )
}

const isDecay = (path: Path): boolean => path.at(-1) === 'decay'
const WORDS_MAX = 300

function valueWords(definition: Definition, value: unknown, path: Path): string {
  if (isDecay(path)) return decayInWords(value as Decay) ?? 'none'
  if (path.at(-1) === 'bins') return shortened(binsWords(definition, value))
  if (typeof value === 'number') return numberWords(value)
  if (typeof value === 'string') return /^\d+[smhdw]$/.test(value) ? durationWords(value) : `“${shortened(value)}”`
  if (Array.isArray(value) && value.every((each) => typeof each !== 'object')) {
    return shortened(
      joined(
        value.map((each) => valueWords(definition, each, [])),
        'and',
      ),
    )
  }
  return shortened(plainWords(definition, value))
}

/** Whatever it is, without brackets and quotes: `at least 20, points 5; below 10, points 1`. */
function plainWords(definition: Definition, value: unknown): string {
  if (Array.isArray(value)) return value.map((each) => plainWords(definition, each)).join('; ')
  if (!isMap(value)) return scalarWords(value)
  const parts = Object.entries(value).flatMap(([key, each]) => {
    if (each === undefined) return []
    if (isConditionKey(key) && isMap(each)) return [`${spaced(key)} ${conditionInWords(definition, each as Condition)}`]
    const words = plainWords(definition, each)
    return [`${spaced(key)} ${isMap(each) && words !== '' ? `(${words})` : words}`.trim()]
  })
  return parts.join(', ')
}

function scalarWords(value: unknown): string {
  if (typeof value === 'number') return numberWords(value)
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return typeof value === 'string' ? value : 'nothing'
}

function binsWords(definition: Definition, value: unknown): string {
  const bins = asListOf(value).filter((each): each is Bin => isMap(each))
  const rows = binRows(bins, '').map((row, at) => `${row.value}: ${numberWords(bins[at].points ?? 0)}`)
  return bins.every((bin) => typeof bin.points === 'number') ? rows.join(', ') : plainWords(definition, value)
}

const shortened = (text: string): string => (text.length > WORDS_MAX ? `${text.slice(0, WORDS_MAX - 1)}…` : text)
