import { accountId, leadId, type Definition, type Fact, type Instant } from '@winnow/engine'
import { readId, readTime, readValue, readWhere, readWords, type Cells, type RowTest } from './cells.ts'
import type { Columns } from './columns.ts'
import type { EventRule, EventsMapping } from './language.ts'
import { decisionReader, propertyReads, readProperties } from './leads.ts'
import { RowSlip, rowHash, type RowFacts, type RowReader } from './rows.ts'

interface EventRow {
  readonly lead: string
  readonly at: Instant
  readonly hash: string
}

interface CompiledRule {
  readonly fits: RowTest
  /** `undefined` for rows that mean nothing. */
  readonly make: ((slip: RowSlip, row: EventRow) => readonly Fact[]) | undefined
}

/** One row is one thing that happened; rules say which rows tell more than an activity. */
export function compileEvents(mapping: EventsMapping, definition: Definition, columns: Columns): RowReader {
  const unknown = mapping.unknown ?? []
  const id = readId(columns, mapping.lead, unknown)
  const time = readTime(columns, mapping.at)
  const eventId = mapping.id === undefined ? undefined : readId(columns, mapping.id, [])
  const rules = (mapping.facts ?? []).map((rule, at) => compileRule(rule, at, mapping, definition, columns))
  const otherwise = mapping.otherwise === 'skip' ? undefined : activityRule(mapping, columns)
  const used = columns.usedIndexes()

  const read = (cells: Cells): RowFacts => {
    const slip = new RowSlip(cells)
    const lead = slip.require(id, 'the id of the lead')
    const at = slip.require(time, 'the time of the event')
    const body = JSON.stringify(used.map((index) => cells[index]))
    const named = eventId && slip.require(eventId, 'the id of the event')
    const hash = rowHash('event', named === undefined ? [lead ?? '', String(at), body] : [named])
    const facts = slip.isVoid ? [] : factsOf(slip, { lead: lead!, at: at!, hash }, rules, otherwise)
    return { key: hash, body, facts: slip.isVoid ? [] : facts, faults: slip.faults }
  }
  return { isRowWhole: false, unused: columns.unused(), attributes: {}, read }
}

type Make = NonNullable<CompiledRule['make']>

function factsOf(
  slip: RowSlip,
  row: EventRow,
  rules: readonly CompiledRule[],
  otherwise: Make | undefined,
): readonly Fact[] {
  const fitting = rules.filter((rule) => rule.fits(slip.cells))
  if (fitting.length === 0) return otherwise?.(slip, row) ?? []
  return fitting.flatMap((rule) => rule.make?.(slip, row) ?? [])
}

function activityRule(mapping: EventsMapping, columns: Columns): Make {
  const type = readWords(columns, mapping.type!) // INVARIANT: parseMappingText asks for it
  const properties = propertyReads(mapping.properties, columns, mapping.unknown ?? [])
  return (slip, { lead, at, hash }) => {
    const name = slip.require(type, 'the type of the event')
    if (name === undefined) return []
    return [
      { kind: 'activity', id: hash, at, lead: leadId(lead), type: name, properties: readProperties(slip, properties) },
    ]
  }
}

function compileRule(
  rule: EventRule,
  index: number,
  mapping: EventsMapping,
  definition: Definition,
  columns: Columns,
): CompiledRule {
  const make = compileMake(rule, index, mapping, definition, columns)
  return { fits: readWhere(columns, rule.where), make }
}

function compileMake(
  rule: EventRule,
  index: number,
  mapping: EventsMapping,
  definition: Definition,
  columns: Columns,
): CompiledRule['make'] {
  const unknown = mapping.unknown ?? []
  if ('activity' in rule) {
    const properties = propertyReads(rule.properties ?? mapping.properties, columns, unknown)
    return (slip, { lead, at, hash }) => [
      {
        kind: 'activity',
        id: `${hash}.${index}`,
        at,
        lead: leadId(lead),
        type: rule.activity,
        properties: readProperties(slip, properties),
      },
    ]
  }
  if ('decision' in rule) {
    const decide = decisionReader(rule, columns, unknown)
    return (slip, { lead, at, hash }) => [{ ...decide(slip), id: `${hash}.${index}`, at, lead: leadId(lead) }]
  }
  if ('attributes' in rule) return attributesMake(rule, definition, columns, unknown)
  if ('account' in rule) {
    const account = readId(columns, rule.account, unknown)
    return (slip, { lead, at, hash }) => {
      const name = slip.maybe(account)
      return name === undefined
        ? []
        : [{ kind: 'link', id: `${hash}.${index}`, at, lead: leadId(lead), account: accountId(name) }]
    }
  }
  return undefined
}

function attributesMake(
  rule: Extract<EventRule, { attributes: unknown }>,
  definition: Definition,
  columns: Columns,
  unknown: readonly string[],
): Make {
  const reads = Object.entries(rule.attributes).map(
    ([name, spec]) => [name, readValue(columns, definition.attributes![name]!, spec, unknown)] as const,
  )
  return (slip, { lead, at, hash }) =>
    reads.flatMap(([name, read]): Fact[] => {
      const value = slip.maybe(read)
      return value === undefined
        ? []
        : [{ kind: 'attribute', id: `${hash}.${name}`, at, lead: leadId(lead), name, value }]
    })
}
