/** What could happen to a lead next, as facts: the moves that gaps are searched among. */
import type { Condition, Definition, NamedActivity, PropertyTests, ValueTest } from '../definition/language.ts'
import {
  accountId,
  type AccountAttributeFact,
  type ActivityFact,
  type AttributeFact,
  type FactValue,
} from '../facts.ts'
import { asList, criteriaOf, everyPart, placesOf } from '../definition/walk.ts'
import type { AttributePlan } from '../plan/builder.ts'
import type { Plan } from '../plan/compile.ts'
import type { LeadState } from '../plan/state.ts'
import { compileWhere, type Properties } from '../plan/value-tests.ts'
import { DAY_MS, formatInstant, type Instant } from '../time.ts'

export type Move =
  | {
      readonly kind: 'activity'
      readonly activity: string
      readonly type: string
      readonly properties: Properties
      readonly times: number
    }
  | { readonly kind: 'attribute'; readonly attribute: AttributePlan; readonly value: FactValue }

/** Facts of a move at one instant; `tag` keeps the ids of several moves apart. */
export function factsOf(
  move: Move,
  lead: LeadState,
  at: Instant,
  tag: string,
): (ActivityFact | AttributeFact | AccountAttributeFact)[] {
  if (move.kind === 'activity') {
    const { type, properties } = move
    return Array.from({ length: move.times }, (_, index) => ({
      kind: 'activity',
      id: `${tag}#${String(index).padStart(3, '0')}`,
      at,
      lead: lead.id,
      type,
      properties,
    }))
  }
  const { name, isOfAccount } = move.attribute
  const { value } = move
  if (!isOfAccount) return [{ kind: 'attribute', id: tag, at, lead: lead.id, name, value }]
  return [{ kind: 'account_attribute', id: tag, at, account: lead.account?.id ?? accountId(''), name, value }]
}

// --- Activities ------------------------------------------------------------------------------------------------------

/** One occurrence of every activity that the definition looks at, with properties that pass its filters. */
export function activityMoves({ definition }: Plan): Move[] {
  const moves = new Map<string, Move>()
  for (const { names, where } of askedActivities(definition)) {
    for (const activity of names) {
      const named = definition.activities?.[activity]
      const properties = named && witness({ ...named.where, ...where })
      if (!named || !properties || !passes(named, where, properties)) continue
      const move = { kind: 'activity', activity, type: rawTypeOf(named), properties, times: 1 } as const
      moves.set(JSON.stringify(move), move)
    }
  }
  return [...moves.values()]
}

const rawTypeOf = ({ from }: NamedActivity) => (typeof from === 'string' ? from : from[0])

const passes = (named: NamedActivity, where: PropertyTests | undefined, properties: Properties): boolean =>
  [compileWhere(named.where), compileWhere(where)].every((test) => test === undefined || test(properties))

interface Asked {
  readonly names: readonly string[]
  readonly where: PropertyTests | undefined
}

function askedActivities(definition: Definition): Asked[] {
  const asked: Asked[] = []
  for (const { criterion } of criteriaOf(definition)) {
    if ('each' in criterion && criterion.points > 0)
      asked.push({ names: asList(criterion.each), where: criterion.where })
  }
  for (const condition of conditionsOf(definition)) {
    if ('activity' in condition) asked.push({ names: asList(condition.activity), where: condition.where })
  }
  return asked
}

const conditionsOf = (definition: Definition): Condition[] =>
  placesOf(definition).flatMap((place) => [...everyPart(place)].map((part) => part.condition))

/** Properties that should pass the tests; the caller checks that they do. */
function witness(tests: PropertyTests): Properties {
  return Object.fromEntries(
    Object.entries(tests).flatMap(([name, test]) => {
      const value = witnessOf(test)
      return value === undefined ? [] : [[name, value]]
    }),
  )
}

function witnessOf(test: PropertyTests[string]): unknown {
  if (typeof test !== 'object') return test
  if (Array.isArray(test)) return test[0]
  const wanted = test as ValueTest
  if (wanted.known === false) return undefined
  if (wanted.is !== undefined) return wanted.is
  if (wanted.in) return wanted.in[0]
  const number =
    wanted.at_least ?? wanted.between?.[0] ?? wanted.at_most ?? next(wanted.above, 1) ?? next(wanted.below, -1)
  if (number !== undefined) return number
  const first = (texts: string | readonly string[] | undefined) =>
    typeof texts === 'string' ? texts : (texts?.[0] ?? '')
  const text = `${first(wanted.starts_with)}${first(wanted.contains)}${first(wanted.ends_with)}`
  return text || wanted.matches?.replaceAll(/[\^$\\]/g, '') || 'other'
}

const next = (bound: number | string | undefined, step: number) => (typeof bound === 'number' ? bound + step : bound)

// --- Attributes ------------------------------------------------------------------------------------------------------

const VALUES_MAX = 24

/** Values that could become known of attributes that nobody knows yet. */
export function attributeMoves(plan: Plan, lead: LeadState, asOf: Instant): Move[] {
  const moves: Move[] = []
  for (const attribute of plan.attributes.values()) {
    const { slot, isOfAccount, name } = attribute
    const holder = isOfAccount ? lead.account : lead
    if (holder === undefined || holder.values[slot] !== undefined) continue
    for (const value of valuesOf(plan.definition, name, asOf).slice(0, VALUES_MAX))
      moves.push({ kind: 'attribute', attribute, value })
  }
  return moves
}

/** Values at which the definition may decide differently. */
function valuesOf(definition: Definition, name: string, asOf: Instant): FactValue[] {
  const attribute = definition.attributes![name]
  switch (attribute.type) {
    case 'boolean':
      return [true, false]
    case 'choice':
      return [...(attribute.of ?? [])]
    case 'choices':
      return (attribute.of ?? []).map((each) => [each])
    case 'number':
      return [
        ...new Set(
          literalsOf(definition, name)
            .filter((each) => typeof each === 'number')
            .flatMap((edge) => [edge, edge + 1, edge - 1]),
        ),
      ]
    case 'date':
      return [0, -1, 1, -30, 30].map((days) => formatInstant(asOf + days * DAY_MS))
    case 'text':
      return [...new Set([...literalsOf(definition, name).filter((each) => typeof each === 'string'), 'known'])]
  }
}

function literalsOf(definition: Definition, name: string): (string | number | boolean)[] {
  const found: (string | number | boolean)[] = []
  const take = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(take)
    else if (typeof value === 'string' || typeof value === 'number') found.push(value)
  }
  for (const condition of conditionsOf(definition)) {
    if (!('attribute' in condition) || condition.attribute !== name) continue
    const { is, in: among, contains, starts_with, ends_with, at_least, at_most, above, below, between } = condition
    for (const each of [is, among, contains, starts_with, ends_with, at_least, at_most, above, below, between])
      take(each)
  }
  for (const { criterion } of criteriaOf(definition)) {
    if (!('table' in criterion) || criterion.table !== name) continue
    for (const bin of criterion.bins ?? []) take([bin.at_least, bin.below])
    take(Object.keys(criterion.values ?? {}))
  }
  return found
}
