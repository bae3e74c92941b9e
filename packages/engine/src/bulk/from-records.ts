/** Plain records → columns: leads as a CRM exports them, one object a lead, attributes by name. */
import type { Attribute, Definition } from '../definition/language.ts'
import type { FactValue } from '../facts.ts'
import { understand } from '../plan/value-tests.ts'
import { Dictionary, ownMemory, type Allocate, type AttributeColumn, type Columns } from './columns.ts'

export type LeadRecord = Readonly<Record<string, FactValue | undefined>>

/**
 * @param records  attributes of a lead and of its account by the definition's names; what is missing, or what the
 * attribute's type does not understand, is unknown
 */
export function columnsFromRecords(
  definition: Definition,
  records: readonly LeadRecord[],
  allocate: Allocate = ownMemory,
): Columns {
  const attributes = new Map(
    Object.entries(definition.attributes ?? {}).map(([name, attribute]) => [
      name,
      columnOf(name, attribute, records, allocate),
    ]),
  )
  return { count: records.length, attributes }
}

function columnOf(
  name: string,
  attribute: Attribute,
  records: readonly LeadRecord[],
  allocate: Allocate,
): AttributeColumn {
  if (attribute.type === 'number' || attribute.type === 'date') return numbersOf(name, attribute, records, allocate)
  const dictionary = new Dictionary()
  // What a value is understood as is looked up, not worked out again, for every row that holds it.
  const codeOfRaw = new Map<unknown, number>()
  const codes = new Uint32Array(allocate(records.length * 4))
  for (let row = 0; row < records.length; row++) {
    const raw = records[row][name]
    let code = codeOfRaw.get(raw)
    if (code === undefined) {
      code = dictionary.codeOf(raw === undefined ? undefined : understand(attribute, raw))
      if (typeof raw !== 'object') codeOfRaw.set(raw, code)
    }
    codes[row] = code
  }
  return { kind: 'codes', codes, dictionary: dictionary.values }
}

function numbersOf(
  name: string,
  attribute: Attribute,
  records: readonly LeadRecord[],
  allocate: Allocate,
): AttributeColumn {
  const values = new Float64Array(allocate(records.length * 8))
  for (let row = 0; row < records.length; row++) {
    const raw = records[row][name]
    const value = raw === undefined ? undefined : understand(attribute, raw)
    values[row] = typeof value === 'number' ? value : Number.NaN
  }
  return { kind: 'numbers', values }
}
