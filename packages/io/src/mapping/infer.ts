/** Without a mapping: a leads CSV whose columns are called like the attributes is understood as it is. */
import type { Definition } from '@winnow/engine'
import { InputError } from '../refusal.ts'
import { Columns, foldName } from './columns.ts'
import { matchingColumn } from './leads.ts'
import type { LeadsMapping, Mapping } from './language.ts'

const ID_NAMES = ['lead_id', 'lead', 'id', 'contact_id', 'person_id', 'record_id', 'email', 'e_mail', 'email_address']
const CREATED_NAMES = [
  'created_at',
  'created',
  'created_date',
  'create_date',
  'date_created',
  'creation_date',
  'created_on',
]
const ACCOUNT_NAMES = [
  'account_id',
  'account',
  'company_id',
  'company_domain',
  'company',
  'account_name',
  'company_name',
  'domain',
]

/** @throws InputError when there is no id, or nothing to be learned from the file */
export function inferLeads(definition: Definition, columns: Columns, file: string | undefined): LeadsMapping {
  const id = firstOf(ID_NAMES, columns)
  if (id === undefined) throw new InputError('lead_id_missing', 'no column looks like the id of a lead', { at: file })
  const attributes = Object.entries(definition.attributes ?? {})
  const isMatched = attributes.some(([name, { label }]) => matchingColumn(name, label, columns) !== undefined)
  if (!isMatched) {
    throw new InputError(
      'mapping_missing',
      `none of the columns is called like one of the ${attributes.length} attributes`,
      { at: file },
    )
  }
  const createdAt = firstOf(CREATED_NAMES, columns)
  const account = firstOf(ACCOUNT_NAMES, columns)
  return {
    id: { column: id, ...(foldName(id).includes('mail') ? { lower_case: true as const } : {}) },
    ...(createdAt === undefined ? {} : { created_at: createdAt }),
    ...(account === undefined ? {} : { account }),
    others: 'match',
  }
}

/** What a list of leads with these columns could be mapped to, to begin with. */
export interface Suggestion {
  /** Attribute by the column that is called like it. */
  readonly attributes: ReadonlyMap<string, string>
  /** A whole mapping of the file; undefined where no column looks like an id, or two could be meant. */
  readonly mapping: Mapping | undefined
}

export function suggestMapping(definition: Definition, header: readonly string[]): Suggestion {
  const attributes = new Map<string, string>()
  try {
    const columns = new Columns(header, undefined)
    for (const [name, { label }] of Object.entries(definition.attributes ?? {})) {
      const column = matchingColumn(name, label, columns)
      if (column !== undefined) attributes.set(column, name)
    }
    const { others: _others, ...leads } = inferLeads(definition, columns, undefined)
    const named = Object.fromEntries([...attributes].map(([column, name]) => [name, column]))
    return { attributes, mapping: { winnow_mapping: 1, files: [{ leads: { ...leads, attributes: named } }] } }
  } catch (error) {
    if (error instanceof InputError) return { attributes, mapping: undefined }
    throw error
  }
}

function firstOf(names: readonly string[], columns: Columns): string | undefined {
  for (const name of names) {
    const found = columns.alike(name)
    if (found !== undefined) return found
  }
  return undefined
}
