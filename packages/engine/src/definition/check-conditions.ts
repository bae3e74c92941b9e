/** What conditions say about the rest of the document: names, types, windows and patterns. */
import { RE2JS } from 're2js'
import {
  checkComparison,
  checkDate,
  checkDistinct,
  checkDuration,
  checkLevel,
  fail,
  failUnknown,
  isDeclared,
  isWhole,
  type Checking,
} from './checking.ts'
import type { Path } from './issue.ts'
import type {
  ActivityTest,
  AnswersTest,
  Attribute,
  AttributeTest,
  CategoryTest,
  PropertyTests,
  StageTest,
  ValueTest,
} from './language.ts'
import { LIMITS } from './measure.ts'
import { asList, everyPart, kinded, type Part, type Place } from './walk.ts'

export function checkCondition(checking: Checking, place: Pick<Place, 'condition' | 'path'>): void {
  for (const part of everyPart(place)) checkPart(checking, part)
}

function checkPart(checking: Checking, part: Part): void {
  const { path } = part
  const one = kinded(part.condition)
  if (part.account && !INSIDE_ACCOUNT.has(one.kind)) refuseInsideAccount(checking, one.kind, path)
  switch (one.kind) {
    case 'of':
      return checkAtLeast(checking, one.test.at_least, one.test.of.length, path)
    case 'attribute':
      return checkAttributeTest(checking, one.test, part)
    case 'activity':
      return checkActivityTest(checking, one.test, path)
    case 'score':
      isDeclared(checking, 'score', one.test.score, [...path, 'score'])
      return checkComparison(checking, one.test, path)
    case 'category':
      return checkCategoryTest(checking, one.test, path)
    case 'persona':
      return checkNames(checking, 'persona', one.test.persona, [...path, 'persona'])
    case 'stage':
      return checkStageTest(checking, one.test, path)
    case 'answers':
      return checkAnswersTest(checking, one.test, path)
    case 'account':
      if (part.leads) fail(checking, 'nested_account', path, '`account` stands inside `leads`')
      return
    case 'leads':
      if (part.leads) fail(checking, 'nested_account', path, '`leads` stands inside `leads`')
      return checkComparison(checking, one.test.leads, [...path, 'leads'])
    case 'all':
    case 'any':
    case 'not':
      return
  }
}

const INSIDE_ACCOUNT: ReadonlySet<string> = new Set(['all', 'any', 'not', 'of', 'attribute', 'activity', 'leads'])

function refuseInsideAccount(checking: Checking, kind: string, path: Path): void {
  if (kind === 'account') fail(checking, 'nested_account', path, '`account` stands inside `account`')
  else {
    const hint = `ask it of the account’s leads: \`leads: { at_least: 1 }, when: { ${kind}: … }\``
    fail(checking, 'not_about_account', path, `an account has no \`${kind}\``, hint)
  }
}

function checkAtLeast(checking: Checking, atLeast: number, parts: number, path: Path): void {
  if (atLeast <= parts) return
  fail(checking, 'too_many_parts', [...path, 'at_least'], `${atLeast} of ${parts} can never be true`)
}

/** One name or a list of them, each declared. */
export function checkNames(
  checking: Checking,
  kind: 'activity' | 'persona' | 'stage',
  names: string | readonly string[],
  path: Path,
): void {
  if (typeof names === 'string') {
    isDeclared(checking, kind, names, path)
    return
  }
  names.forEach((name, at) => isDeclared(checking, kind, name, [...path, at]))
  checkDistinct(checking, names, path)
}

function checkCategoryTest(checking: Checking, test: CategoryTest, path: Path): void {
  checkDuration(checking, test.for_at_least, [...path, 'for_at_least'], 'allowed')
  if (!isDeclared(checking, 'category', test.category, [...path, 'category'])) return
  for (const key of ['is', 'is_not'] as const) {
    if (test[key] !== undefined) checkLevel(checking, test.category, test[key], [...path, key])
  }
  for (const key of ['in', 'not_in'] as const) {
    test[key]?.forEach((level, at) => checkLevel(checking, test.category, level, [...path, key, at]))
    checkDistinct(checking, test[key], [...path, key])
  }
}

function checkStageTest(checking: Checking, test: StageTest, path: Path): void {
  checkNames(checking, 'stage', test.stage, [...path, 'stage'])
  checkDuration(checking, test.for_at_least, [...path, 'for_at_least'], 'allowed')
  if (test.reached !== undefined && test.for_at_least !== undefined) {
    fail(checking, 'conflicting_keys', path, '`reached` looks at the past, `for_at_least` at the stage of now')
  }
}

function checkAnswersTest(checking: Checking, test: AnswersTest, path: Path): void {
  test.answers.forEach((topic, at) => isDeclared(checking, 'topic', topic, [...path, 'answers', at]))
  checkDistinct(checking, test.answers, [...path, 'answers'])
  checkAtLeast(checking, test.at_least, test.answers.length, path)
}

// --- Attributes ------------------------------------------------------------------------------------------------------

type Operator = Exclude<keyof AttributeTest, 'attribute'>
const EQUALITY = ['is', 'is_not', 'in', 'not_in', 'known', 'changed_within'] as const
const ORDER = ['at_least', 'at_most', 'above', 'below', 'between'] as const
/** Operators by type of attribute. A date is compared, never equal: it is an instant to the millisecond. */
const OPERATORS: { readonly [type in Attribute['type']]: readonly Operator[] } = {
  text: [...EQUALITY, 'contains', 'starts_with', 'ends_with', 'matches'],
  number: [...EQUALITY, ...ORDER],
  boolean: EQUALITY,
  choice: EQUALITY,
  choices: EQUALITY,
  date: ['known', 'changed_within', ...ORDER, 'older_than', 'newer_than', 'due_within'],
}

function checkAttributeTest(checking: Checking, test: AttributeTest, part: Part): void {
  const { path } = part
  checkDuration(checking, test.changed_within, [...path, 'changed_within'])
  checkDuration(checking, test.newer_than, [...path, 'newer_than'])
  checkDuration(checking, test.older_than, [...path, 'older_than'], 'allowed')
  checkDuration(checking, test.due_within, [...path, 'due_within'], 'allowed')
  checkPattern(checking, test.matches, [...path, 'matches'])
  if (!isDeclared(checking, 'attribute', test.attribute, [...path, 'attribute'])) return
  const attribute = checking.names.attributes.get(test.attribute)
  if (attribute === undefined) return
  if (part.account && attribute.about !== 'account') {
    const hint = 'add `about: account` to the attribute, or ask it of the leads: `leads: { at_least: 1 }, when: …`'
    fail(
      checking,
      'not_about_account',
      [...path, 'attribute'],
      `\`${test.attribute}\` is about a lead, not about the account`,
      hint,
    )
  }
  for (const operator of Object.keys(test) as (keyof AttributeTest)[]) {
    if (operator === 'attribute') continue
    const allowed = OPERATORS[attribute.type]
    if (allowed.includes(operator)) checkOperand(checking, test, operator, attribute, path)
    else {
      const message = `\`${operator}\` does not fit \`${test.attribute}\`, which is of type ${attribute.type}`
      fail(checking, 'operator_mismatch', [...path, operator], message, `${attribute.type} has ${allowed.join(', ')}`)
    }
  }
}

function checkOperand(
  checking: Checking,
  test: AttributeTest,
  operator: Operator,
  attribute: Attribute,
  path: Path,
): void {
  const place = [...path, operator]
  switch (operator) {
    case 'is':
    case 'is_not':
      return checkEqual(checking, test[operator]!, attribute, place)
    case 'in':
    case 'not_in':
      test[operator]!.forEach((each, at) => checkEqual(checking, each, attribute, [...place, at]))
      return checkDistinct(checking, test[operator], place)
    case 'at_least':
    case 'at_most':
    case 'above':
    case 'below':
      checkBound(checking, test[operator]!, attribute.type, place)
      return
    case 'between':
      return checkBetween(checking, test.between!, attribute.type, place)
    case 'contains':
    case 'starts_with':
    case 'ends_with':
    case 'matches':
    case 'known':
    case 'changed_within':
    case 'older_than':
    case 'newer_than':
    case 'due_within':
      return
  }
}

type Scalar = string | number | boolean

/** Whether a literal is a value of the attribute's type; says so if not. */
export function checkEqual(checking: Checking, literal: Scalar, attribute: Attribute, path: Path): void {
  const { type } = attribute
  if (type === 'choice' || type === 'choices') {
    if (typeof literal === 'string') checkChoice(checking, literal, attribute, path)
    else wrongOperand(checking, literal, type, path)
  } else if (typeof literal !== (type === 'text' ? 'string' : type)) wrongOperand(checking, literal, type, path)
}

export function checkChoice(checking: Checking, literal: string, attribute: Attribute, path: Path): void {
  const values = asList(attribute.of)
  // With a hole in the list, what was cut out may have been this very value.
  if (values.length < (attribute.of?.length ?? 1) || values.includes(literal)) return
  failUnknown(checking, 'unknown_choice', literal, path, `\`${literal}\` is not one of the attribute’s values`, values)
}

function wrongOperand(checking: Checking, literal: Scalar, type: Attribute['type'], path: Path): void {
  const shown = typeof literal === 'string' ? `text \`${literal}\`` : `\`${literal}\``
  const quotes =
    typeof literal === 'string' && (type === 'number' || type === 'boolean') ? 'write it without quotes' : undefined
  fail(checking, 'operand_mismatch', path, `${shown} can never equal an attribute of type ${type}`, quotes)
}

/** The end of a range as a number, or undefined after saying what is wrong with it. Without a type both kinds will do. */
function checkBound(
  checking: Checking,
  bound: string | number,
  type: Attribute['type'] | undefined,
  path: Path,
): number | undefined {
  if (type === 'number' && typeof bound === 'string') {
    fail(
      checking,
      'operand_mismatch',
      path,
      `\`${bound}\` is text; the attribute is a number`,
      'write it without quotes',
    )
    return undefined
  }
  if (type === 'date' && typeof bound === 'number') {
    fail(
      checking,
      'operand_mismatch',
      path,
      `${bound} is a number; the attribute is a date`,
      'write a date such as `2026-03-01`',
    )
    return undefined
  }
  return typeof bound === 'number' ? bound : checkDate(checking, bound, path)
}

function checkBetween(
  checking: Checking,
  between: readonly [string | number, string | number],
  type: Attribute['type'] | undefined,
  path: Path,
): void {
  const from = checkBound(checking, between[0], type, [...path, 0])
  const to = checkBound(checking, between[1], type, [...path, 1])
  if (typeof between[0] !== typeof between[1] && type === undefined) {
    fail(checking, 'operand_mismatch', path, 'one end is a number and the other a date')
  } else if (from !== undefined && to !== undefined && from > to) {
    fail(checking, 'not_ascending', path, `${between[0]} comes after ${between[1]}`)
  }
}

/** Compiles a pattern once per document, as long as all of them together stay small. */
function checkPattern(checking: Checking, pattern: string | undefined, path: Path): void {
  if (pattern === undefined) return
  const { patterns } = checking
  if (patterns.size > LIMITS.patternSizes) {
    fail(checking, 'pattern_too_large', path, 'the patterns of the definition are too large together')
    return
  }
  if (!patterns.known.has(pattern)) patterns.known.set(pattern, compileError(checking, pattern))
  const wrong = patterns.known.get(pattern)
  if (wrong === 'too large')
    fail(checking, 'pattern_too_large', path, `\`${pattern}\` compiles to more than ${LIMITS.patternSize} steps`)
  else if (wrong !== undefined) fail(checking, 'malformed_pattern', path, wrong)
}

function compileError(checking: Checking, pattern: string): string | undefined {
  try {
    const size = RE2JS.compile(pattern).programSize()
    checking.patterns.size += size
    return size > LIMITS.patternSize ? 'too large' : undefined
  } catch (error) {
    return error instanceof Error ? error.message.replace(/^error parsing regexp: /, '') : 'not a pattern'
  }
}

// --- Activities ------------------------------------------------------------------------------------------------------

const MEASURES = ['ever', 'never', 'count', 'sum', 'average', 'distinct_days', 'last', 'trend'] as const

function checkActivityTest(checking: Checking, test: ActivityTest, path: Path): void {
  checkNames(checking, 'activity', test.activity, [...path, 'activity'])
  checkWhere(checking, test.where, [...path, 'where'])
  checkDuration(checking, test.within, [...path, 'within'])
  const measures = MEASURES.filter((each) => test[each] !== undefined)
  if (measures.length > 1) {
    fail(checking, 'several_measures', path, `${measures.map((each) => `\`${each}\``).join(' and ')} stand in one test`)
  }
  for (const key of ['count', 'sum', 'average', 'distinct_days'] as const) {
    const comparison = test[key]
    if (comparison !== undefined) checkComparison(checking, comparison, [...path, key])
  }
  checkDuration(checking, test.last?.within, [...path, 'last', 'within'])
  checkDuration(checking, test.last?.longer_ago_than, [...path, 'last', 'longer_ago_than'], 'allowed')
  if (test.trend === undefined) return
  checkDuration(checking, test.trend.against, [...path, 'trend', 'against'])
  if (test.within === undefined && isWhole(checking, path))
    fail(checking, 'window_missing', path, '`trend` has no window to compare')
}

/** Property tests: the properties' types are not declared, so only what can never be right is refused. */
export function checkWhere(checking: Checking, where: PropertyTests | undefined, path: Path): void {
  for (const [property, test] of Object.entries(where ?? {})) {
    const place = [...path, property]
    if (isValueTest(test)) checkValueTest(checking, test, place)
    else if (typeof test === 'object') checkDistinct(checking, test, place)
  }
}

function isValueTest(test: PropertyTests[string]): test is ValueTest {
  return typeof test === 'object' && !Array.isArray(test)
}

function checkValueTest(checking: Checking, test: ValueTest, path: Path): void {
  checkPattern(checking, test.matches, [...path, 'matches'])
  for (const key of ['at_least', 'at_most', 'above', 'below'] as const) {
    if (test[key] !== undefined) checkBound(checking, test[key], undefined, [...path, key])
  }
  if (test.between !== undefined) checkBetween(checking, test.between, undefined, [...path, 'between'])
  for (const key of ['in', 'not_in'] as const) checkDistinct(checking, test[key], [...path, key])
}
