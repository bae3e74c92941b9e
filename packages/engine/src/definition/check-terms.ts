/** The rules of everything else: attributes, activities, value, capacity, review. */
import { checkWhere } from './check-conditions.ts'
import { checkLookup } from './check-scores.ts'
import { checkDistinct, checkLevel, fail, isDeclared, isWhole, type Checking } from './checking.ts'
import type { Path } from './issue.ts'
import type { Attribute, NamedActivity, Value } from './language.ts'
import { asList, eachEntry } from './walk.ts'

export function checkAttributes(checking: Checking): void {
  eachEntry<Attribute>(checking.definition.attributes, (attribute, name) => {
    const path = ['attributes', name]
    const listed = attribute.type === 'choice' || attribute.type === 'choices'
    if (listed && attribute.of === undefined && isWhole(checking, path))
      fail(checking, 'values_missing', path, `a ${attribute.type} without values`)
    if (!listed && attribute.of !== undefined) {
      fail(checking, 'values_misplaced', [...path, 'of'], `an attribute of type ${attribute.type} lists no values`)
    }
    checkDistinct(checking, attribute.of, [...path, 'of'])
    if (attribute.unit !== undefined && attribute.type !== 'number') {
      fail(checking, 'misplaced', [...path, 'unit'], `only numbers have a unit, and this is of type ${attribute.type}`)
    }
  })
}

export function checkActivities(checking: Checking): void {
  eachEntry<NamedActivity>(checking.definition.activities, (activity, name) => {
    const path = ['activities', name]
    if (typeof activity.from === 'object') checkDistinct(checking, activity.from, [...path, 'from'])
    checkWhere(checking, activity.where, [...path, 'where'])
  })
}

export function checkValue(checking: Checking): void {
  const { value } = checking.definition
  if (value === undefined) return
  if ('score' in value.win) checkScoreCalibration(checking, value.win)
  else checkCategoryCalibration(checking, value.win)
  checkAmount(checking, value.amount)
}

type Calibration = Value['win']
type Probability = { readonly probability: number; readonly low?: number; readonly high?: number }

function checkScoreCalibration(checking: Checking, win: Extract<Calibration, { score: string }>): void {
  const path = ['value', 'win']
  isDeclared(checking, 'score', win.score, [...path, 'score'])
  if (!isWhole(checking, [...path, 'bins'])) return
  let reached = -Infinity
  win.bins.forEach((bin, at) => {
    const place = [...path, 'bins', at]
    const last = at === win.bins.length - 1
    checkProbability(checking, bin, place)
    if (bin.below === undefined && !last) fail(checking, 'bins_unbounded', place, 'only the last bin may lack `below`')
    if (bin.below !== undefined && last)
      fail(checking, 'bins_unbounded', [...place, 'below'], 'the last bin takes the rest: it has no `below`')
    if (bin.below !== undefined && bin.below <= reached) {
      fail(
        checking,
        'bins_overlap',
        [...place, 'below'],
        `${bin.below} is not above ${reached}, where the bin before ends`,
      )
    }
    reached = Math.max(reached, bin.below ?? reached)
  })
}

function checkCategoryCalibration(checking: Checking, win: Extract<Calibration, { category: string }>): void {
  const path = ['value', 'win']
  const known = isDeclared(checking, 'category', win.category, [...path, 'category'])
  eachEntry<Probability>(win.levels, (probability, level) => {
    const place = [...path, 'levels', level]
    if (known) checkLevel(checking, win.category, level, place)
    checkProbability(checking, probability, place)
  })
}

function checkProbability(checking: Checking, { probability, low = 0, high = 1 }: Probability, path: Path): void {
  if (low <= probability && probability <= high) return
  fail(checking, 'calibration', path, `${probability} does not lie between ${low} and ${high}`)
}

function checkAmount(checking: Checking, amount: Value['amount']): void {
  if (typeof amount === 'number') return
  const path = ['value', 'amount']
  if ('table' in amount) {
    checkLookup(checking, amount, path)
    amount.bins?.forEach((bin, at) => checkMoney(checking, bin.points, [...path, 'bins', at, 'points']))
    eachEntry(amount.values, (money, value) => checkMoney(checking, money, [...path, 'values', value]))
  } else if (isDeclared(checking, 'attribute', amount.attribute, [...path, 'attribute'])) {
    const type = checking.names.attributes.get(amount.attribute)?.type
    if (type === undefined || type === 'number') return
    fail(
      checking,
      'operand_mismatch',
      [...path, 'attribute'],
      `\`${amount.attribute}\` is of type ${type}, not a number`,
    )
  }
}

function checkMoney(checking: Checking, money: number, path: Path): void {
  if (money < 0) fail(checking, 'out_of_range', path, `${money} is too small: at least 0`)
}

export function checkCapacity(checking: Checking): void {
  eachEntry<{ readonly [key: string]: number }>(checking.definition.capacity, (limits, team) => {
    for (const key of Object.keys(limits)) {
      const stage = key.replace(/_per_(day|week|month)$/, '')
      isDeclared(checking, 'stage', stage, ['capacity', team, key])
    }
  })
}

export function checkReview(checking: Checking): void {
  const every = checking.definition.review?.every
  if (every !== undefined && Number.parseInt(every, 10) === 0) {
    fail(checking, 'duration_zero', ['review', 'every'], `\`${every}\` has no length`, 'write for instance `3 months`')
  }
}

/** The raw event types that activities are read from. */
export function rawTypesOf(activities: { readonly [name: string]: NamedActivity } | undefined): ReadonlySet<string> {
  return new Set(Object.values(activities ?? {}).flatMap((activity) => asList(activity.from)))
}
