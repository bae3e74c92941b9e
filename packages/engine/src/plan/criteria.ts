/** Criteria → cells holding micro-points. */
import type {
  Attribute,
  Bin,
  Criterion,
  Decay,
  EachCriterion,
  TableCriterion,
  WhenCriterion,
} from '../definition/language.ts'
import { DAY_MS, type Instant } from '../time.ts'
import { valueOf, type AttributePlan, type Builder } from './builder.ts'
import type { Test } from './cells.ts'
import { compileCondition } from './conditions.ts'
import { compileDecay } from './decay.ts'
import { TRUE, UNKNOWN } from './kleene.ts'
import { clamp, clampOf, micro, type Clamp } from './points.ts'
import type { AccountState, LeadState } from './state.ts'
import { compileEachSpec, eachValue, eachUntil, isSmooth, type EachSpec, type Tally } from './tally.ts'
import { fold, type KnownValue } from './value-tests.ts'

interface CriterionBase {
  readonly id: string
  readonly cell: number
  readonly bounds: Clamp
}

export interface WhenPlan extends CriterionBase {
  readonly kind: 'when'
  readonly criterion: WhenCriterion
  readonly test: Test
}

export interface EachPlan extends CriterionBase {
  readonly kind: 'each'
  readonly criterion: EachCriterion
  readonly spec: EachSpec
  readonly slot: number
  readonly isOfAccount: boolean
}

export interface TablePlan extends CriterionBase {
  readonly kind: 'table'
  readonly criterion: TableCriterion
  readonly attribute: AttributePlan
}

export type CriterionPlan = WhenPlan | EachPlan | TablePlan

/** @param outerDecays  those of the group and the score, nearest first */
export function compileCriterion(
  builder: Builder,
  criterion: Criterion,
  outerDecays: readonly (Decay | undefined)[],
): CriterionPlan {
  if ('each' in criterion) return compileEach(builder, criterion, outerDecays)
  if ('table' in criterion) return compileTable(builder, criterion)
  return compileWhen(builder, criterion)
}

function compileWhen(builder: Builder, criterion: WhenCriterion): WhenPlan {
  const test = compileCondition(builder, criterion.when)
  const bounds = clampOf(criterion)
  const points = {
    yes: clamp(micro(criterion.points), bounds),
    no: clamp(0, bounds),
    unknown: micro(criterion.unknown ?? 0),
  }
  const cell = builder.cells.add({
    reads: test.cells,
    isSum: true,
    compute: (lead, t, self) => {
      const result = test.holds(lead, t)
      lead.value[self] = result === TRUE ? points.yes : result === UNKNOWN ? points.unknown : points.no
      lead.until[self] = test.until(lead)
    },
  })
  return { kind: 'when', id: criterion.id, criterion, cell, bounds, test }
}

// --- each ------------------------------------------------------------------------------------------------------------

function compileEach(
  builder: Builder,
  criterion: EachCriterion,
  outerDecays: readonly (Decay | undefined)[],
): EachPlan {
  const spec = compileEachSpec(criterion, compileDecay(criterion.decay, ...outerDecays))
  const isOfAccount = criterion.by === 'account'
  if (isOfAccount) builder.looksAtAccount = true
  const { slot } = builder.feeds.tally({
    activities: criterion.each,
    where: criterion.where,
    scope: isOfAccount ? 'account' : 'lead',
    spec,
  })
  const bounds = clampOf(criterion)
  const unknown = micro(criterion.unknown ?? 0)
  const cell = builder.cells.add({
    sources: isOfAccount ? [`tally:${slot}`, 'account'] : [`tally:${slot}`],
    isTimed: spec.form === 'list' && !isSmooth(spec),
    compute: (lead, t, self) => {
      if (isOfAccount && lead.account === undefined) {
        lead.value[self] = unknown
        lead.until[self] = Infinity
        return
      }
      const tally = tallyOf(lead, { isOfAccount, slot })
      const value = eachValue(spec, bounds, tally, t)
      lead.value[self] = value
      lead.until[self] = eachUntil(spec, tally, value, t)
    },
  })
  return { kind: 'each', id: criterion.id, criterion, cell, bounds, spec, slot, isOfAccount }
}

/** Undefined while nothing has been tallied, or without the account whose tally it would be. */
export function tallyOf(
  lead: LeadState,
  { isOfAccount, slot }: { isOfAccount: boolean; slot: number },
): Tally | undefined {
  const holder: LeadState | AccountState | undefined = isOfAccount ? lead.account : lead
  return holder?.tallies[slot]
}

// --- table -----------------------------------------------------------------------------------------------------------

export interface Lookup {
  /** Points of a known value, not clamped. */
  readonly points: (value: KnownValue, t: Instant) => number
  /** Instant until which that holds. */
  readonly until: (value: KnownValue, t: Instant) => Instant
}

function compileTable(builder: Builder, criterion: TableCriterion): TablePlan {
  const attribute = builder.attributes.get(criterion.table)!
  const bounds = clampOf(criterion)
  const unknown = micro(criterion.unknown ?? 0)
  const lookup = lookupOf(criterion, attribute.attribute.type)
  const { slot, isOfAccount } = attribute
  const cell = builder.cells.add({
    sources: isOfAccount ? [`attribute:${slot}`, 'account'] : [`attribute:${slot}`],
    isTimed: attribute.attribute.type === 'date',
    compute: (lead, t, self) => {
      const value = valueOf(lead, attribute)
      lead.value[self] = value === undefined ? unknown : clamp(micro(lookup.points(value, t)), bounds)
      lead.until[self] = value === undefined ? Infinity : lookup.until(value, t)
    },
  })
  return { kind: 'table', id: criterion.id, criterion, cell, bounds, attribute }
}

/** How a table reads known values of a type: a table of points, or one of money. */
export function lookupOf(
  { bins, values = {}, otherwise = 0 }: Pick<TableCriterion, 'bins' | 'values' | 'otherwise'>,
  type: Attribute['type'],
): Lookup {
  return bins ? binLookup(bins, otherwise, type === 'date') : valueLookup(values, otherwise, type === 'text')
}

const forEver = () => Infinity

/** Points by value; of several values (`choices`) the sum. Text is looked up as it is compared everywhere. */
export function valueLookup(values: Readonly<Record<string, number>>, otherwise: number, isText: boolean): Lookup {
  const keyOf = isText ? fold : (key: string) => key
  const byValue = new Map(Object.entries(values).map(([value, points]) => [keyOf(value), points]))
  const pointsOf = (value: string | number | boolean) => byValue.get(keyOf(String(value))) ?? otherwise
  const pointsOfAll = (list: readonly string[]) => {
    const listed = list.filter((each) => byValue.has(each))
    return listed.length === 0 ? otherwise : listed.reduce((total, each) => total + byValue.get(each)!, 0)
  }
  return { points: (value) => (typeof value === 'object' ? pointsOfAll(value) : pointsOf(value)), until: forEver }
}

interface Interval {
  readonly from: number
  readonly below: number
  readonly points: number
}

export function intervalsOf(bins: readonly Bin[]): Interval[] {
  let end = -Infinity
  return bins.map(({ at_least: from = end, below = Infinity, points }) => {
    end = below
    return { from, below, points }
  })
}

function binLookup(bins: readonly Bin[], otherwise: number, isOfAge: boolean): Lookup {
  const intervals = intervalsOf(bins)
  const pointsAt = (amount: number) =>
    intervals.find(({ from, below }) => amount >= from && amount < below)?.points ?? otherwise
  if (!isOfAge) return { points: (value) => pointsAt(value as number), until: forEver }
  const edges = [...new Set(intervals.flatMap(({ from, below }) => [from, below]))].filter(Number.isFinite)
  return {
    points: (value, t) => pointsAt(ageInDays(value as number, t)),
    until: (value, t) =>
      Math.min(Infinity, ...edges.map((edge) => reaches(value as number, edge)).filter((at) => at > t)),
  }
}

const ageInDays = (date: Instant, t: Instant) => (t - date) / DAY_MS

/** First instant at which a date is so many days old. */
function reaches(date: Instant, days: number): Instant {
  let at = Math.floor(date + days * DAY_MS) - 1
  while (ageInDays(date, at) < days) at += 1
  return at
}
