/** Facts → columns: what is known of every lead at one instant, and everything that it has done by then. */
import { eachCondition, eachCriterion, asList } from '../definition/walk.ts'
import type { Attribute, Definition, PropertyTests } from '../definition/language.ts'
import type { AccountId, ActivityFact, Fact, FactValue, LeadId } from '../facts.ts'
import { readProperty, sameValue, understand, type KnownValue } from '../plan/value-tests.ts'
import { inOrder } from '../replay/in-order.ts'
import type { Instant } from '../time.ts'
import {
  clusterActivities,
  codedColumn,
  numberColumn,
  ownMemory,
  propertyColumn,
  type ActivityColumns,
  type Allocate,
  type AttributeColumn,
  type Columns,
} from './columns.ts'

export interface FactColumns extends Columns {
  /** The lead of each row, in order of their first facts. */
  readonly leads: readonly LeadId[]
}

/** @param facts  in any order; of several with one id the first given counts; those after `asOf` are left out */
export function columnsFromFacts(
  definition: Definition,
  facts: Iterable<Fact>,
  { asOf, allocate = ownMemory }: { asOf: Instant; allocate?: Allocate },
): FactColumns {
  const gathered = gather(definition, inOrder(facts, asOf))
  const leads = [...gathered.rows.keys()]
  const account = leads.map((lead) => gathered.account.get(lead))
  const known = (name: string, { about }: Attribute) =>
    about === 'account'
      ? account.map((id) => (id === undefined ? undefined : gathered.ofAccounts.get(id)?.get(name)))
      : leads.map((lead) => gathered.ofLeads.get(lead)?.get(name))
  const attributes = new Map(
    Object.entries(definition.attributes ?? {}).map(([name, attribute]) => [
      name,
      attributeColumn(attribute, known(name, attribute), allocate),
    ]),
  )
  const hasAccount = new Uint8Array(allocate(leads.length))
  account.forEach((id, row) => (hasAccount[row] = id === undefined ? 0 : 1))
  const activities = activityColumns(definition, gathered, allocate)
  return { leads, count: leads.length, attributes, hasAccount, activities }
}

interface Known {
  readonly value: KnownValue | undefined
  readonly changedAt: Instant
}

interface Gathered {
  readonly rows: Map<LeadId, number>
  readonly account: Map<LeadId, AccountId | undefined>
  readonly ofLeads: Map<LeadId, Map<string, Known>>
  readonly ofAccounts: Map<AccountId, Map<string, Known>>
  readonly activities: ActivityFact[]
}

function gather(definition: Definition, facts: readonly Fact[]): Gathered {
  const { attributes = {} } = definition
  const gathered: Gathered = {
    rows: new Map(),
    account: new Map(),
    ofLeads: new Map(),
    ofAccounts: new Map(),
    activities: [],
  }
  const { rows, account, ofLeads, ofAccounts, activities } = gathered
  for (const fact of facts) {
    if (fact.kind === 'account_attribute') learn(attributes, ofAccounts, fact.account, fact)
    else {
      if (!rows.has(fact.lead)) rows.set(fact.lead, rows.size)
      if (fact.kind === 'attribute') learn(attributes, ofLeads, fact.lead, fact)
      else if (fact.kind === 'link') account.set(fact.lead, fact.account ?? undefined)
      else if (fact.kind === 'activity') activities.push(fact)
    }
  }
  return gathered
}

function learn<Id>(
  attributes: NonNullable<Definition['attributes']>,
  holders: Map<Id, Map<string, Known>>,
  id: Id,
  { name, value, at, kind }: { kind: Fact['kind']; name: string; value: FactValue; at: Instant },
): void {
  if (!Object.hasOwn(attributes, name)) return
  if ((attributes[name].about === 'account') !== (kind === 'account_attribute')) return
  const holder = holders.get(id) ?? new Map<string, Known>()
  holders.set(id, holder)
  const understood = understand(attributes[name], value)
  if (!sameValue(holder.get(name)?.value, understood)) holder.set(name, { value: understood, changedAt: at })
}

function attributeColumn(
  { type }: Attribute,
  known: readonly (Known | undefined)[],
  allocate: Allocate,
): AttributeColumn {
  const count = known.length
  const values = known.map((each) => each?.value)
  const column =
    type === 'number' || type === 'date' ? numberColumn(values, count, allocate) : codedColumn(values, count, allocate)
  const changedAt = new Float64Array(allocate(count * 8))
  known.forEach((each, row) => (changedAt[row] = each?.changedAt ?? -Infinity))
  return { ...column, changedAt }
}

function activityColumns(definition: Definition, { rows, activities }: Gathered, allocate: Allocate): ActivityColumns {
  const raw = rawTypesOf(definition)
  const seen = activities.filter(({ type }) => raw.has(type))
  const types = [...raw]
  const codes = new Map(types.map((type, code) => [type, code]))
  return clusterActivities(
    {
      lead: Uint32Array.from(seen, ({ lead }) => rows.get(lead)!),
      at: Float64Array.from(seen, ({ at }) => at),
      type: Uint16Array.from(seen, ({ type }) => codes.get(type)!),
      types,
      properties: new Map(
        [...propertiesOf(definition)].map((name) => [
          name,
          propertyColumn(seen.map(({ properties }) => readProperty(properties, name))),
        ]),
      ),
    },
    rows.size,
    allocate,
  )
}

/** Raw event types that the definition's activities are read from. */
export function rawTypesOf({ activities = {} }: Definition): Set<string> {
  return new Set(Object.values(activities).flatMap(({ from }) => asList(from)))
}

/** Properties that any test or sum of the definition looks at, as the definition names them. */
export function propertiesOf(definition: Definition): Set<string> {
  const found = new Set<string>()
  const addTests = (where: PropertyTests | undefined) => Object.keys(where ?? {}).forEach((name) => found.add(name))
  Object.values(definition.activities ?? {}).forEach(({ where }) => addTests(where))
  eachCriterion(definition, (criterion) => {
    if ('each' in criterion) addTests(criterion.where)
  })
  eachCondition(definition, (condition) => {
    if (!('activity' in condition)) return
    addTests(condition.where)
    for (const measure of [condition.sum, condition.average]) if (measure) found.add(measure.of)
  })
  return found
}
