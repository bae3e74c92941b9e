/** The files of a sample company: what its CRM exports, and everything that happened. */
import { parseDefinitionText, type Definition, type FactValue } from '@winnow/engine'
import { b2bSoftware } from './b2b-software.ts'
import { industrialManufacturer } from './industrial-manufacturer.ts'
import { toJsonLines } from './log.ts'
import { onlineSchool } from './online-school.ts'
import { tell, type Story, type Told } from './story.ts'

export const STORIES = {
  'b2b-software': b2bSoftware,
  'online-school': onlineSchool,
  'industrial-manufacturer': industrialManufacturer,
} as const satisfies Record<string, Story>

export function sampleFiles(name: keyof typeof STORIES, definitionText: string): Readonly<Record<string, string>> {
  const parsed = parseDefinitionText(definitionText)
  if (!parsed.ok) throw new Error(`the definition of ${name} has errors`)
  const told = tell(STORIES[name], parsed.definition)
  return { 'leads.csv': leadsCsv(told, parsed.definition), 'facts.jsonl': toJsonLines(told.facts) }
}

const PERSON_COLUMNS = ['email', 'first_name', 'last_name', 'company', 'company_domain', 'created_at']

/** One row a lead with everything known on the day of the export; columns are called like the attributes. */
function leadsCsv({ companies, facts }: Told, definition: Definition): string {
  const attributes = Object.entries(definition.attributes ?? {})
  const known = new Map<string, FactValue>()
  for (const fact of [...facts].sort((a, b) => a.at - b.at)) {
    if (fact.kind === 'attribute') known.set(`${fact.lead} ${fact.name}`, fact.value)
    if (fact.kind === 'account_attribute') known.set(`${fact.account} ${fact.name}`, fact.value)
  }
  const exported = new Set(facts.flatMap((fact) => ('lead' in fact ? [fact.lead as string] : [])))
  const rows = companies.flatMap((company) =>
    company.people
      .filter(({ lead }) => exported.has(lead))
      .map((person) => [
        person.lead,
        person.firstName,
        person.lastName,
        company.name,
        company.domain ?? '',
        new Date(person.createdAt).toISOString().replace('.000Z', 'Z'),
        ...attributes.map(([name, { about }]) =>
          cellOf(known.get(`${about === 'account' ? company.domain : person.lead} ${name}`)),
        ),
      ]),
  )
  const header = [...PERSON_COLUMNS, ...attributes.map(([name]) => name)]
  return `${[header, ...rows].map((row) => row.join(',')).join('\n')}\n`
}

function cellOf(value: FactValue | undefined): string {
  if (value === undefined || value === null) return ''
  return Array.isArray(value) ? value.join(';') : String(value)
}
