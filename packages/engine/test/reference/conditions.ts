/** What is true of a lead at an instant (semantics, sections 3, 4, 7 and 8). */
import type {
  ActivityTest,
  AnswersTest,
  CategoryTest,
  Condition,
  Definition,
  LeadsTest,
  StageTest,
} from '../../src/definition/language.ts'
import type { ActivityFact, LeadId } from '../../src/facts.ts'
import { DAY_MS, type Instant } from '../../src/time.ts'
import { all, any, atLeast, not, type Truth } from './kleene.ts'
import type { Known } from './known.ts'
import { holds, micro, ms } from './numbers.ts'
import { propertyOf, testAttribute } from './values.ts'

export interface LevelNow {
  readonly level: string
  readonly since: Instant
}

export interface StageSeen {
  readonly id: string
  readonly since: Instant
  /** Every stage that the lead has been in. */
  readonly reached: readonly string[]
}

/** All that a condition can look at. */
export interface Scene {
  readonly definition: Definition
  readonly known: Known
  readonly at: Instant
  readonly level: (lead: LeadId, category: string) => LevelNow
  readonly stage: (lead: LeadId) => StageSeen
  /** See `Moment`. */
  readonly nudge: number
  /** A score in whole millionths. */
  readonly score: (lead: LeadId, name: string) => number
}

/** Of whom a test is asked: of the lead, or of its account as a whole. */
interface Whose {
  readonly lead: LeadId
  readonly isAccount: boolean
}

export function evaluate(condition: Condition, lead: LeadId, scene: Scene): Truth {
  return ask(condition, { lead, isAccount: false }, scene)
}

function ask(condition: Condition, whose: Whose, scene: Scene): Truth {
  const askAll = (parts: readonly Condition[]) => parts.map((part) => ask(part, whose, scene))
  const { lead } = whose
  if ('all' in condition) return all(askAll(condition.all))
  if ('any' in condition) return any(askAll(condition.any))
  if ('not' in condition) return not(ask(condition.not, whose, scene))
  if ('of' in condition) return atLeast(condition.at_least, askAll(condition.of))
  if ('attribute' in condition) {
    const attribute = scene.definition.attributes![condition.attribute]
    return testAttribute(attribute, condition, scene.known.attribute(condition.attribute, lead), scene.at)
  }
  if ('activity' in condition) return testActivity(condition, whose, scene)
  if ('score' in condition) return holds(condition, scene.score(lead, condition.score), micro)
  if ('category' in condition) return testCategory(condition, scene.level(lead, condition.category), scene.at)
  if ('persona' in condition) return any(listOf(condition.persona).map((name) => personaOf(name, lead, scene)))
  if ('stage' in condition) return testStage(condition, scene.stage(lead), scene.at)
  if ('answers' in condition) return testAnswers(condition, lead, scene)
  if ('account' in condition) {
    if (scene.known.accountOf(lead) === undefined) return undefined
    return ask(condition.account, { lead, isAccount: true }, scene)
  }
  return countLeads(condition, lead, scene)
}

export const listOf = (oneOrMore: string | readonly string[]): readonly string[] =>
  typeof oneOrMore === 'string' ? [oneOrMore] : oneOrMore

export function personaOf(name: string, lead: LeadId, scene: Scene): Truth {
  return evaluate(scene.definition.personas![name].when, lead, scene)
}

function testCategory(test: CategoryTest, now: LevelNow, at: Instant): boolean {
  return (
    (test.is === undefined || now.level === test.is) &&
    (test.in === undefined || test.in.includes(now.level)) &&
    (test.is_not === undefined || now.level !== test.is_not) &&
    (test.not_in === undefined || !test.not_in.includes(now.level)) &&
    (test.for_at_least === undefined || at - now.since >= ms(test.for_at_least))
  )
}

function testStage(test: StageTest, now: StageSeen, at: Instant): boolean {
  const stages = listOf(test.stage)
  if (test.reached) return stages.some((stage) => now.reached.includes(stage))
  return stages.includes(now.id) && (test.for_at_least === undefined || at - now.since >= ms(test.for_at_least))
}

function testAnswers(test: AnswersTest, lead: LeadId, scene: Scene): boolean {
  const attributes = Object.entries(scene.definition.attributes ?? {})
  const isAnswered = (topic: string) =>
    attributes.some(
      ([name, attribute]) => attribute.answers === topic && scene.known.attribute(name, lead).value !== undefined,
    )
  return test.answers.filter(isAnswered).length >= test.at_least
}

/** Unknown ones may be true or false, so the count is one of a range. */
function countLeads(test: LeadsTest, lead: LeadId, scene: Scene): Truth {
  const account = scene.known.accountOf(lead)
  if (account === undefined) return undefined
  const answers = scene.known.leadsOf(account).map((each) => evaluate(test.when, each, scene))
  const isTrue = answers.filter((each) => each === true).length
  const isUnknown = answers.filter((each) => each === undefined).length
  const outcomes: boolean[] = []
  for (let count = isTrue; count <= isTrue + isUnknown; count++) outcomes.push(holds(test.leads, count))
  if (outcomes.every(Boolean)) return true
  return outcomes.some(Boolean) ? undefined : false
}

// --- Activities ------------------------------------------------------------------------------------------------------

function testActivity(test: ActivityTest, whose: Whose, scene: Scene): Truth {
  const { at, known } = scene
  const leads = whose.isAccount ? known.circleOf(whose.lead) : [whose.lead]
  const everything = known.occurrences(test, { names: test.activity, where: test.where }, leads)
  const from = test.within === undefined ? -Infinity : at - ms(test.within)
  const covered = everything.filter((each) => from < each.at)
  if (test.never) return covered.length === 0
  if (test.count) return holds(test.count, covered.length)
  if (test.sum) return holds(test.sum, total(amountsOf(test.sum.of, covered)), micro)
  if (test.average) return testAverage(test.average, amountsOf(test.average.of, covered))
  if (test.distinct_days) {
    return holds(test.distinct_days, new Set(covered.map((each) => Math.floor(each.at / DAY_MS))).size)
  }
  if (test.last) return testLast(test.last, covered.at(-1), at)
  if (test.trend) {
    const against = ms(test.trend.against)
    const earlier = everything.filter((each) => from - against < each.at && each.at <= from)
    return testTrend(test.trend, { recent: covered.length, earlier: earlier.length, within: ms(test.within!), against })
  }
  return covered.length > 0
}

/** The numeric values of a property, each in millionths. */
function amountsOf(property: string, occurrences: readonly ActivityFact[]): readonly number[] {
  return occurrences
    .map((each) => propertyOf(each.properties, property))
    .filter((value): value is number => typeof value === 'number' && Math.abs(value) <= 1e9)
    .map(micro)
}

const total = (amounts: readonly number[]): number => amounts.reduce((sum, each) => sum + each, 0)

function testAverage(test: NonNullable<ActivityTest['average']>, amounts: readonly number[]): Truth {
  if (amounts.length === 0) return undefined
  return holds(test, Math.floor(total(amounts) / amounts.length + 0.5), micro)
}

function testLast(test: NonNullable<ActivityTest['last']>, latest: ActivityFact | undefined, at: Instant): boolean {
  if (latest === undefined) return false
  const age = at - latest.at
  return (
    (test.within === undefined || age < ms(test.within)) &&
    (test.longer_ago_than === undefined || age >= ms(test.longer_ago_than))
  )
}

function testTrend(
  test: NonNullable<ActivityTest['trend']>,
  counts: { readonly recent: number; readonly earlier: number; readonly within: number; readonly against: number },
): boolean {
  const { recent, earlier, within, against } = counts
  const { at_least, at_most } = test
  return (
    (at_least === undefined || (recent > 0 && recent * against >= at_least * earlier * within)) &&
    (at_most === undefined || (earlier > 0 && recent * against <= at_most * earlier * within))
  )
}
