/** Fifty criteria on the attributes of a plain lead record, written once as data for all contestants. */
import { parseDefinition, type Definition } from '@winnow/engine'
import { Random } from '../random.ts'

export type Value = string | number | boolean
export type LeadRecord = Readonly<Record<string, Value>>

/** One test of one attribute, and its points. */
export interface Rule {
  readonly id: string
  readonly attribute: string
  readonly operator: 'in' | 'at_least' | 'between' | 'contains' | 'is'
  readonly operand: Value | readonly Value[]
  readonly points: number
}

export const TEXTS: Readonly<Record<string, readonly string[]>> = {
  job_level: ['executive', 'director', 'manager', 'individual', 'student'],
  department: ['finance', 'operations', 'it', 'marketing', 'sales', 'hr'],
  country: ['DE', 'AT', 'CH', 'NL', 'FR', 'US', 'GB', 'PL'],
  industry: ['software', 'manufacturing', 'retail', 'health', 'public', 'logistics'],
  source: ['website', 'paid_search', 'webinar', 'event', 'partner', 'outbound'],
  crm: ['none', 'hubspot', 'salesforce', 'odoo'],
}
const TITLES = [
  'Head of Finance',
  'Chief Financial Officer',
  'Accountant',
  'Operations Manager',
  'IT Director',
  'Student Assistant',
  'Sales Lead',
  'VP Finance',
]
/** Upper ends. */
export const NUMBERS: Readonly<Record<string, number>> = {
  employees: 2000,
  revenue: 500,
  visits: 40,
  downloads: 8,
  mails_clicked: 12,
  days_since_visit: 120,
  seats: 300,
}
export const FLAGS = ['free_mail', 'newsletter', 'trial'] as const

function rules(): Rule[] {
  const list: Rule[] = []
  const add = (attribute: string, operator: Rule['operator'], operand: Rule['operand'], points: number) =>
    list.push({ id: `rule_${list.length + 1}`, attribute, operator, operand, points })
  for (const [attribute, values] of Object.entries(TEXTS)) {
    add(attribute, 'in', values.slice(0, 2), 7)
    add(attribute, 'in', [values[2]!, values.at(-1)!], 3)
    add(attribute, 'is', values[1]!, 2)
  }
  for (const part of ['finance', 'chief', 'head', 'student'])
    add('job_title', 'contains', part, part === 'student' ? -20 : 4)
  for (const [attribute, most] of Object.entries(NUMBERS)) {
    add(attribute, 'at_least', Math.round(most * 0.2), 3)
    add(attribute, 'at_least', Math.round(most * 0.6), 4)
    add(attribute, 'between', [Math.round(most * 0.1), Math.round(most * 0.4)], 2)
  }
  for (const flag of FLAGS) add(flag, 'is', true, flag === 'free_mail' ? -10 : 5)
  for (const flag of FLAGS.slice(1)) add(flag, 'is', false, -1)
  add('employees', 'between', [50, 250], 6)
  add('visits', 'at_least', 1, 1)
  return list
}

export const RULES: readonly Rule[] = rules()

export function definition(): Definition {
  const attributes = Object.fromEntries([
    ...Object.entries(TEXTS).map(([name, of]) => [name, { type: 'choice', of }]),
    ...Object.keys(NUMBERS).map((name) => [name, { type: 'number' }]),
    ...FLAGS.map((name) => [name, { type: 'boolean' }]),
    ['job_title', { type: 'text' }],
  ])
  const criteria = RULES.map(({ id, attribute, operator, operand, points }) => ({
    id,
    when: { attribute, [operator]: operand },
    points,
  }))
  const parsed = parseDefinition({
    winnow: 1,
    name: 'Fifty rules',
    attributes,
    scores: { fit: { range: [-100, 1000], groups: { all: { criteria } } } },
  })
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues))
  return parsed.definition
}

/** Every attribute is known in every record: the peers have no unknown. */
export function drawRecords(count: number): LeadRecord[] {
  const random = new Random(3)
  return Array.from({ length: count }, () => {
    const record: Record<string, Value> = { job_title: random.pick(TITLES) }
    for (const [name, values] of Object.entries(TEXTS)) record[name] = random.pick(values)
    for (const [name, most] of Object.entries(NUMBERS)) record[name] = random.below(most)
    for (const name of FLAGS) record[name] = random.chance(0.3)
    return record
  })
}
