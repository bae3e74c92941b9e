/** Without a mapping: a leads CSV whose columns are called like the attributes is understood as it is. */
import type { Definition } from '@winnow/engine'
import { InputError } from '../refusal.ts'
import { foldName, type Columns } from './columns.ts'
import { matchingColumn } from './leads.ts'
import type { LeadsMapping } from './language.ts'

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

function firstOf(names: readonly string[], columns: Columns): string | undefined {
  for (const name of names) {
    const found = columns.alike(name)
    if (found !== undefined) return found
  }
  return undefined
}
