/** What each column of a file becomes, and the mapping that says so to the server. */
import type { Reply } from '../../app/api.ts'

export type Job = Reply<'imports', 'getImport'>
export type Preview = Reply<'imports', 'previewImport'>
export type Column = Preview['columns'][number]

/** What a column is for: nothing, a part of the row, or `attribute:…`. */
export type Use =
  | 'nothing'
  | 'id'
  | 'created_at'
  | 'account'
  | 'lead'
  | 'at'
  | 'type'
  | 'event_id'
  | 'property'
  | `attribute:${string}`

export interface ColumnChoice {
  readonly use: Use
  /** How dates are written: `DD/MM/YYYY`. */
  readonly format?: string
  /** The sign before the fraction of numbers, where it is a comma. */
  readonly decimal?: ','
  /** What the file says, and what the definition says for it. */
  readonly values?: Readonly<Record<string, string | boolean>>
}

export interface Choices {
  readonly rows: 'leads' | 'events'
  readonly columns: Readonly<Record<string, ColumnChoice>>
  /** Of rows that no column says a type of. */
  readonly eventType: string
  /** The day on which a list without dates was true. */
  readonly day: string
  readonly leavesOut: boolean
  /** Where times are to be read that do not say it. */
  readonly zone?: string
  readonly delimiter?: string
  readonly encoding?: string
}

/** Uses that only one column can have. */
export const SINGLE: readonly Use[] = ['id', 'created_at', 'account', 'lead', 'at', 'type', 'event_id']

export const choiceOf = (choices: Choices, column: string): ColumnChoice =>
  choices.columns[column] ?? { use: 'nothing' }

export const columnWith = ({ columns }: Choices, use: Use): string | undefined =>
  Object.entries(columns).find(([, choice]) => choice.use === use)?.[0]

/** As the server suggests it. An id that is an e-mail address is an attribute, too. */
export function suggested(preview: Preview, day: string): Choices {
  const columns = preview.columns.map(({ name, role, suggests }): [string, ColumnChoice] => [
    name,
    { use: role ?? (suggests === null ? 'nothing' : `attribute:${suggests}`) },
  ])
  return {
    rows: preview.kind === 'events' ? 'events' : 'leads',
    columns: Object.fromEntries(columns),
    eventType: '',
    day,
    leavesOut: false,
  }
}

/** Another use takes itself away from the column that had it, where there can be only one. */
export function choose(choices: Choices, column: string, choice: ColumnChoice): Choices {
  const isSingle = SINGLE.includes(choice.use) || choice.use.startsWith('attribute:')
  const others = Object.entries(choices.columns).map(([name, each]): [string, ColumnChoice] => [
    name,
    isSingle && each.use === choice.use && name !== column ? { use: 'nothing' } : each,
  ])
  return { ...choices, columns: { ...Object.fromEntries(others), [column]: choice } }
}

/** The same columns for the other kind of rows. */
export function turned(choices: Choices, rows: Choices['rows']): Choices {
  const pairs: readonly (readonly [Use, Use])[] = [
    ['id', 'lead'],
    ['created_at', 'at'],
  ]
  const turn = (use: Use): Use => {
    for (const [ofLeads, ofEvents] of pairs) {
      if (rows === 'events' && use === ofLeads) return ofEvents
      if (rows === 'leads' && use === ofEvents) return ofLeads
    }
    if (rows === 'events') return use === 'nothing' ? 'nothing' : 'property'
    return use.startsWith('attribute:') ? use : 'nothing'
  }
  const columns = Object.entries(choices.columns).map(([name, choice]) => [name, { use: turn(choice.use) }])
  return { ...choices, rows, columns: Object.fromEntries(columns) }
}

/** What is still missing before anything can be read. */
export function missing(choices: Choices): 'id' | 'at' | 'type' | undefined {
  if (choices.rows === 'leads') return columnWith(choices, 'id') === undefined ? 'id' : undefined
  if (columnWith(choices, 'lead') === undefined) return 'id'
  if (columnWith(choices, 'at') === undefined) return 'at'
  return columnWith(choices, 'type') === undefined && choices.eventType.trim() === '' ? 'type' : undefined
}

/** A column as the mapping writes it: its name, or a map where it is read in its own way. */
function written(column: string, { format, decimal, values = {} }: ColumnChoice, zone?: string): object | string {
  const how = {
    ...(format !== undefined && { format }),
    ...(decimal !== undefined && { decimal }),
    ...(Object.keys(values).length > 0 && { values }),
    ...(zone !== undefined && { zone }),
  }
  return Object.keys(how).length === 0 ? column : { column, ...how }
}

const idOf = (column: string, columns: readonly Column[]) => {
  const isAddress = columns.find(({ name }) => name === column)?.looksLike === 'email'
  return { column, ...(isAddress && { lower_case: true }) }
}

/** The mapping's text. JSON is YAML too. */
export function mappingOf(choices: Choices, columns: readonly Column[]): string {
  const part =
    choices.rows === 'leads' ? { leads: leadsPart(choices, columns) } : { events: eventsPart(choices, columns) }
  return JSON.stringify({ winnow_mapping: 1, files: [part] })
}

function leadsPart(choices: Choices, columns: readonly Column[]) {
  const id = columnWith(choices, 'id')!
  const createdAt = columnWith(choices, 'created_at')
  const account = columnWith(choices, 'account')
  const entries = Object.entries(choices.columns).flatMap(([name, choice]): [string, object | string][] =>
    choice.use.startsWith('attribute:') ? [[choice.use.slice('attribute:'.length), written(name, choice)]] : [],
  )
  const isAddress = columns.find(({ name }) => name === id)?.looksLike === 'email'
  const attributes = new Map([...(isAddress ? ([['email', id]] as const) : []), ...entries])
  return {
    id: idOf(id, columns),
    ...(createdAt !== undefined && { created_at: written(createdAt, choiceOf(choices, createdAt), choices.zone) }),
    ...(account !== undefined && { account }),
    ...(attributes.size > 0 && { attributes: Object.fromEntries(attributes) }),
  }
}

function eventsPart(choices: Choices, columns: readonly Column[]) {
  const lead = columnWith(choices, 'lead')!
  const at = columnWith(choices, 'at')!
  const type = columnWith(choices, 'type')
  const id = columnWith(choices, 'event_id')
  const properties = columns.filter(({ name }) => choiceOf(choices, name).use === 'property')
  return {
    lead: idOf(lead, columns),
    at: written(at, choiceOf(choices, at), choices.zone),
    ...(id !== undefined && { id }),
    type: type ?? { fixed: choices.eventType.trim() },
    ...(properties.length > 0 && {
      properties: Object.fromEntries(
        properties.map(({ name, looksLike }) => [
          name,
          looksLike === 'number' ? { column: name, type: 'number' } : name,
        ]),
      ),
    }),
  }
}

type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252'

/** How a file is to be read, as the server takes it. */
export const readingOf = (choices: Choices, columns: readonly Column[], isMapped: boolean) => ({
  ...(isMapped && missing(choices) === undefined && { mapping: mappingOf(choices, columns) }),
  ...(choices.delimiter !== undefined && { delimiter: choices.delimiter }),
  ...(choices.encoding !== undefined && { encoding: choices.encoding as Encoding }),
  ...(choices.day !== '' && { at: `${choices.day}T00:00:00Z` }),
  badValues: choices.leavesOut ? ('leave_out' as const) : ('refuse_row' as const),
})
