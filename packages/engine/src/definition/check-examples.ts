/** Examples are the definition's own tests: their facts and expectations must speak of things that exist. */
import { readInstant, type Instant } from '../time.ts'
import {
  checkDate,
  checkDuration,
  checkLevel,
  fail,
  isDeclared,
  isWhole,
  suggestion,
  type Checking,
} from './checking.ts'
import { rawTypesOf } from './check-terms.ts'
import type { Path } from './issue.ts'
import type { Attribute, Example, ExampleFact } from './language.ts'
import { eachEntry } from './walk.ts'

export function checkExamples(checking: Checking): void {
  const seen = new Set<string>()
  const rawTypes = rawTypesOf(checking.definition.activities)
  checking.definition.examples?.forEach((example, at) => {
    const path = ['examples', at]
    if (seen.has(example.name))
      fail(checking, 'duplicate_example', [...path, 'name'], `\`${example.name}\` stands here twice`)
    seen.add(example.name)
    const asOf = checkDate(checking, example.as_of, [...path, 'as_of'])
    example.facts.forEach((fact, index) => {
      const place = [...path, 'facts', index]
      checkWhen(checking, fact, asOf, place)
      checkFact(checking, fact, rawTypes, place)
    })
    checkExpectation(checking, example, [...path, 'expect'])
  })
}

function checkWhen(checking: Checking, fact: ExampleFact, asOf: Instant | undefined, path: Path): void {
  checkDuration(checking, fact.ago, [...path, 'ago'], 'allowed')
  if (fact.at === undefined) return
  if (fact.ago !== undefined) fail(checking, 'conflicting_keys', path, '`at` and `ago` both say when')
  const instant = checkDate(checking, fact.at, [...path, 'at'])
  if (asOf === undefined || instant === undefined || instant <= asOf) return
  fail(checking, 'example_order', [...path, 'at'], `${fact.at} lies after \`as_of\``)
}

function checkFact(checking: Checking, fact: ExampleFact, rawTypes: ReadonlySet<string>, path: Path): void {
  if ('attributes' in fact) {
    eachEntry(fact.attributes, (value, name) => {
      const place = [...path, 'attributes', name]
      if (!isDeclared(checking, 'attribute', name, place)) return
      const attribute = checking.names.attributes.get(name)
      if (attribute === undefined || isUnderstood(value, attribute)) return
      fail(
        checking,
        'example_value',
        place,
        `\`${String(value)}\` is no value of an attribute of type ${attribute.type}`,
      )
    })
  } else if ('forget' in fact) {
    fact.forget.forEach((name, at) => isDeclared(checking, 'attribute', name, [...path, 'forget', at]))
  } else if ('activity' in fact) {
    if (rawTypes.has(fact.activity)) return
    const message = `no activity is read from \`${fact.activity}\``
    fail(checking, 'example_event', [...path, 'activity'], message, suggestion(fact.activity, rawTypes))
  } else if ('decision' in fact) checkDecision(checking, fact, path)
}

/** Whether the engine takes the value as known (semantics, section 3). */
function isUnderstood(value: string | number | boolean | readonly string[], attribute: Attribute): boolean {
  const listed = (each: unknown) =>
    typeof each === 'string' && (attribute.of === undefined || attribute.of.includes(each))
  switch (attribute.type) {
    case 'text':
      return typeof value === 'string'
    case 'number':
      return typeof value === 'number'
    case 'boolean':
      return typeof value === 'boolean'
    case 'choice':
      return listed(value)
    case 'choices':
      return typeof value === 'object' && (value.length === 0 || value.some(listed))
    case 'date':
      return typeof value === 'string' && readInstant(value) !== undefined
  }
}

type DecisionFact = Extract<ExampleFact, { decision: string }>

function checkDecision(checking: Checking, fact: DecisionFact, path: Path): void {
  if (fact.decision === 'override') return checkOverride(checking, fact, path)
  for (const key of ['category', 'level', 'until', 'stage'] as const) {
    if (fact[key] !== undefined) fail(checking, 'misplaced', [...path, key], `only an override has \`${key}\``)
  }
  if (fact.amount !== undefined && fact.decision !== 'win') {
    fail(checking, 'misplaced', [...path, 'amount'], 'only a win has an `amount`')
  }
}

function checkOverride(checking: Checking, fact: DecisionFact, path: Path): void {
  const { category, level, stage, until, amount } = fact
  if (amount !== undefined) fail(checking, 'misplaced', [...path, 'amount'], 'only a win has an `amount`')
  if (stage !== undefined) {
    isDeclared(checking, 'stage', stage, [...path, 'stage'])
    if (category !== undefined) fail(checking, 'conflicting_keys', path, 'an override forces a level or a stage')
    else if (level !== undefined || until !== undefined) {
      fail(
        checking,
        'misplaced',
        [...path, level === undefined ? 'until' : 'level'],
        'an override of a stage has neither `level` nor `until`',
      )
    }
    return
  }
  if ((category === undefined || level === undefined) && isWhole(checking, path)) {
    fail(checking, 'missing', path, 'an override names `category` and `level`, or `stage`')
  }
  if (
    category !== undefined &&
    isDeclared(checking, 'category', category, [...path, 'category']) &&
    level !== undefined
  ) {
    checkLevel(checking, category, level, [...path, 'level'])
  }
  if (until !== undefined) checkDate(checking, until, [...path, 'until'])
}

function checkExpectation(checking: Checking, { expect }: Example, path: Path): void {
  for (const score of Object.keys(expect.scores ?? {})) isDeclared(checking, 'score', score, [...path, 'scores', score])
  for (const id of Object.keys(expect.points ?? {})) isDeclared(checking, 'criterion', id, [...path, 'points', id])
  eachEntry(expect.levels, (level, category) => {
    const place = [...path, 'levels', category]
    if (isDeclared(checking, 'category', category, place)) checkLevel(checking, category, level, place)
  })
  if (expect.stage !== undefined) isDeclared(checking, 'stage', expect.stage, [...path, 'stage'])
  expect.personas?.forEach((persona, at) => isDeclared(checking, 'persona', persona, [...path, 'personas', at]))
  if (expect.value !== undefined && checking.definition.value === undefined && isWhole(checking, ['value']))
    fail(
      checking,
      'misplaced',
      [...path, 'value'],
      'the definition does not say what a lead is worth: it has no `value`',
    )
}
