import {
  accountId,
  leadId,
  type ActivityFact,
  type DecisionFact,
  type Definition,
  type Fact,
  type FactValue,
  type Instant,
} from '@winnow/engine'
import { InputError } from '../refusal.ts'
import { readId, readProperty, readTime, readValue, readWhere, readWords, type Cells, type Read } from './cells.ts'
import type { Columns } from './columns.ts'
import type { LeadsMapping, PropertySpec } from './language.ts'
import { RowSlip, rowHash, type RowFacts, type RowReader } from './rows.ts'

type Base = { readonly id: string; readonly at: Instant }
type Maker = (
  slip: RowSlip,
  row: { readonly lead: string; readonly account: string | undefined; readonly hash: string; readonly at: Instant },
) => Fact | undefined

export interface LeadsOptions {
  /** When the things became known, where no column says so. */
  readonly at?: Instant | undefined
}

/** One row is one lead: its facts are those that were known at `created_at`. */
export function compileLeads(
  mapping: LeadsMapping,
  definition: Definition,
  columns: Columns,
  options: LeadsOptions,
): RowReader {
  const unknown = mapping.unknown ?? []
  const id = readId(columns, mapping.id, unknown)
  const createdAt = readCreatedAt(mapping, columns, options)
  const account = mapping.account === undefined ? undefined : readId(columns, mapping.account, unknown)
  const attributes = attributeReads(mapping, definition, columns)
  const makers: Maker[] = [
    ...attributes.map((each) => attributeMaker(each, mapping.empty === 'forget')),
    ...(mapping.activities ?? []).map((spec, at) => activityMaker(spec, at, columns, unknown)),
    ...(mapping.decisions ?? []).map((spec, at) => decisionMaker(spec, at, columns, unknown)),
  ]
  const seen = mapping.created_at === undefined || isFixed(mapping.created_at) ? 'lead_listed' : 'lead_created'
  const used = columns.usedIndexes()

  const read = (cells: Cells): RowFacts => {
    const slip = new RowSlip(cells)
    const lead = slip.require(id, 'the id of the lead')
    const at = slip.require(createdAt, 'the time at which the lead was created')
    const accountName = account && slip.maybe(account)
    const hash = rowHash('lead', [lead ?? '', String(at)])
    const row = { lead: lead ?? '', account: accountName, hash, at: at ?? 0 }
    const facts: Fact[] = [
      { kind: 'activity', ...base(row, 'row'), lead: leadId(row.lead), type: seen, properties: {} },
    ]
    if (accountName !== undefined)
      facts.push({ kind: 'link', ...base(row, 'account'), lead: leadId(row.lead), account: accountId(accountName) })
    for (const make of makers) {
      const fact = make(slip, row)
      if (fact) facts.push(fact)
    }
    return {
      key: row.lead, // a list names a lead once, at whatever time
      body: JSON.stringify(used.map((index) => cells[index])),
      facts: slip.isVoid ? [] : facts,
      faults: slip.faults,
    }
  }
  const knowsAccounts = Object.values(definition.attributes ?? {}).some(({ about }) => about === 'account')
  return {
    isRowWhole: account === undefined || !knowsAccounts,
    unused: columns.unused(),
    attributes: Object.fromEntries(attributes.map(({ name, value }) => [name, value.column])),
    read,
  }
}

const base = ({ hash, at }: { hash: string; at: Instant }, part: string): Base => ({ id: `${hash}.${part}`, at })
const isFixed = (spec: NonNullable<LeadsMapping['created_at']>) => typeof spec !== 'string' && 'fixed' in spec

function readCreatedAt(mapping: LeadsMapping, columns: Columns, { at }: LeadsOptions): Read<Instant> {
  if (mapping.created_at !== undefined) return readTime(columns, mapping.created_at)
  if (at === undefined) throw new InputError('created_at_missing', 'nothing says when the leads were created')
  return { column: '', read: () => at }
}

interface AttributeRead {
  readonly name: string
  readonly about: 'lead' | 'account'
  readonly value: Read<FactValue>
}

function attributeReads(mapping: LeadsMapping, definition: Definition, columns: Columns): AttributeRead[] {
  const known = definition.attributes ?? {}
  const named = mapping.attributes ?? {}
  const reads = Object.entries(named).map(([name, spec]): AttributeRead => {
    const attribute = known[name]!
    return { name, about: attribute.about ?? 'lead', value: readValue(columns, attribute, spec, mapping.unknown ?? []) }
  })
  if (mapping.others !== 'match') return reads
  for (const [name, attribute] of Object.entries(known)) {
    if (Object.hasOwn(named, name) || (attribute.about === 'account' && mapping.account === undefined)) continue
    const column = matchingColumn(name, attribute.label, columns)
    if (column === undefined) continue
    reads.push({
      name,
      about: attribute.about ?? 'lead',
      value: readValue(columns, attribute, column, mapping.unknown ?? []),
    })
  }
  return reads
}

/** The column called like the attribute, or else like its label. */
export function matchingColumn(name: string, label: string | undefined, columns: Columns): string | undefined {
  const names = label === undefined ? [name] : [name, label]
  return names.map((each) => columns.alike(each)).find((column) => column !== undefined)
}

function attributeMaker({ name, about, value }: AttributeRead, isForgetting: boolean): Maker {
  return (slip, row) => {
    const faultsBefore = slip.faults.length
    const found = slip.maybe(value)
    if (found === undefined && (!isForgetting || slip.faults.length > faultsBefore)) return undefined
    const known = { name, value: found ?? null }
    if (about === 'lead') return { kind: 'attribute', ...base(row, name), lead: leadId(row.lead), ...known }
    return row.account === undefined
      ? undefined
      : { kind: 'account_attribute', ...base(row, name), account: accountId(row.account), ...known }
  }
}

function activityMaker(
  spec: NonNullable<LeadsMapping['activities']>[number],
  index: number,
  columns: Columns,
  unknown: readonly string[],
): Maker {
  const time = readTime(columns, spec.at)
  const fits = readWhere(columns, spec.where)
  const properties = propertyReads(spec.properties, columns, unknown)
  return (slip, row): ActivityFact | undefined => {
    const at = fits(slip.cells) ? slip.maybe(time) : undefined
    if (at === undefined) return undefined
    return {
      kind: 'activity',
      id: `${row.hash}.activity${index}`,
      at,
      lead: leadId(row.lead),
      type: spec.activity,
      properties: readProperties(slip, properties),
    }
  }
}

export type PropertyReads = readonly (readonly [string, Read<FactValue>])[]

export const propertyReads = (
  specs: Readonly<Record<string, PropertySpec>> | undefined,
  columns: Columns,
  unknown: readonly string[],
): PropertyReads =>
  Object.entries(specs ?? {}).map(([name, spec]) => [name, readProperty(columns, spec, unknown)] as const)

export function readProperties(slip: RowSlip, reads: PropertyReads): Record<string, unknown> {
  const properties: Record<string, unknown> = {}
  for (const [name, read] of reads) {
    const value = slip.maybe(read)
    if (value !== undefined) properties[name] = value
  }
  return properties
}

type DecisionSpec = Pick<NonNullable<LeadsMapping['decisions']>[number], 'decision' | 'reason' | 'amount' | 'by'>

/** Everything of a decision but whose and when it is. */
export function decisionReader(spec: DecisionSpec, columns: Columns, unknown: readonly string[]) {
  const reason = spec.reason && readWords(columns, spec.reason)
  const by = spec.by && readWords(columns, spec.by)
  const amount = spec.amount === undefined ? undefined : readValue(columns, { type: 'number' }, spec.amount, unknown)
  return (slip: RowSlip): Omit<DecisionFact, 'id' | 'at' | 'lead'> => {
    const read = {
      reason: reason && slip.maybe(reason),
      by: by && slip.maybe(by),
      amount: amount && slip.maybe(amount),
    }
    return {
      kind: 'decision',
      decision: spec.decision,
      ...(read.by === undefined ? {} : { by: read.by }),
      ...(read.reason === undefined ? {} : { reason: read.reason }),
      ...(typeof read.amount === 'number' ? { amount: read.amount } : {}),
    }
  }
}

function decisionMaker(
  spec: NonNullable<LeadsMapping['decisions']>[number],
  index: number,
  columns: Columns,
  unknown: readonly string[],
): Maker {
  const time = spec.at && readTime(columns, spec.at)
  const fits = readWhere(columns, spec.where)
  const decide = decisionReader(spec, columns, unknown)
  return (slip, row) => {
    if (!fits(slip.cells)) return undefined
    const at = time ? slip.maybe(time) : row.at
    return at === undefined
      ? undefined
      : { ...decide(slip), id: `${row.hash}.decision${index}`, at, lead: leadId(row.lead) }
  }
}
