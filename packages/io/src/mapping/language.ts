/**
 * The mapping file: how the columns of CSV files become facts. Types, checks and messages come from the shapes, as for
 * definitions. docs/import.md explains it with examples.
 */
import { DECISIONS, shapes, type TypeOf } from '@winnow/engine'

const { byKind, field, jsonSchemaOf, keyed, list, literal, object, optional, record, scalar, text } = shapes

const column = () => text({ max: 500 })
const columnName = field(
  column(),
  'Name of the column; case, blanks, `_` and `-` do not matter where no name fits exactly.',
)
const ZONE = /^(Z|[+-]\d{2}:\d{2}|[A-Za-z]+(?:[/_+-][A-Za-z0-9]+)*)$/
const zone = optional(
  text({ pattern: ZONE, says: 'a time zone such as `Europe/Amsterdam`, `+01:00` or `UTC`', max: 60 }),
  'Zone of times that name none.',
)
const format = optional(
  byKind('a format or a list of formats', { text: text({ max: 60 }), list: list(text({ max: 60 }), { max: 10 }) }),
  'How dates are written, such as `DD/MM/YYYY HH:mm`; or `iso`, `excel`, `unix`, `unix_ms` (ISO 8601 if silent); or several.',
)
const unknown = optional(list(text({ max: 200 }), { min: 0 }), 'Cells that mean that nobody knows, besides empty ones.')

// --- Cells -----------------------------------------------------------------------------------------------------------

const cellFields = {
  values: optional(
    record(scalar(), { key: /^[\s\S]{1,500}$/, says: 'the text of a cell', min: 1 }),
    'What the file says → what the definition says.',
  ),
  unknown,
  decimal: optional(literal('.', ','), 'Sign before the fraction of numbers (`.` if silent, or `,` where `.` groups).'),
  thousands: optional(literal(',', '.', ' ', "'", '_'), 'Sign between groups of three digits (none if silent).'),
  format,
  zone,
  separator: optional(text({ max: 5 }), 'Sign between several choices in one cell (`;` if silent).'),
} as const

const cell = byKind('a column or a map', {
  text: column(),
  map: keyed('a column with how to read it, or a fixed value', {
    column: object({ column: columnName, ...cellFields }),
    fixed: object({ fixed: field(scalar(), 'The same value for every row.') }),
  }),
})
export type CellSpec = TypeOf<typeof cell>

const property = byKind('a column or a map', {
  text: column(),
  map: keyed('a column with how to read it, or a fixed value', {
    column: object({
      column: columnName,
      type: optional(literal('text', 'number', 'boolean', 'date'), 'What the property holds (text if silent).'),
      ...cellFields,
    }),
    fixed: object({ fixed: field(scalar(), 'The same value for every row.') }),
  }),
})
export type PropertySpec = TypeOf<typeof property>

const time = byKind('a column or a map', {
  text: column(),
  map: keyed('a column with how to read it, or a fixed instant', {
    column: object({ column: columnName, format, zone }),
    fixed: object({ fixed: field(text({ max: 40 }), 'The same ISO 8601 instant for every row.') }),
  }),
})
export type TimeSpec = TypeOf<typeof time>

const prefix = optional(text({ max: 60 }), 'Put in front, where ids of several sources could be equal.')
const lowerCase = optional(literal(true), 'Upper and lower case mean the same, as in e-mail addresses.')
const id = byKind('a column, a list of columns or a map', {
  text: column(),
  list: list(column(), { max: 10 }),
  map: keyed('a column, columns or row numbers', {
    column: object({ column: columnName, lower_case: lowerCase, prefix }),
    columns: object({
      columns: field(list(column(), { max: 10 }), 'Together they tell one from another.'),
      lower_case: lowerCase,
      prefix,
    }),
    row_number: object({ row_number: field(literal(true), 'The file has no ids: rows are numbered from 1.'), prefix }),
  }),
})
export type IdSpec = TypeOf<typeof id>

const words = byKind('a column or a map', {
  text: column(),
  map: keyed('a column, or fixed text', {
    column: object({ column: columnName }),
    fixed: object({ fixed: field(text({ max: 2000 }), 'The same text for every row.') }),
  }),
})
export type WordsSpec = TypeOf<typeof words>

const where = record(byKind('text or a list of texts', { text: text(), list: list(text()) }), {
  key: /^[\s\S]{1,500}$/,
  says: 'a column name',
  min: 1,
})
export type WhereSpec = TypeOf<typeof where>

// --- Facts -----------------------------------------------------------------------------------------------------------

const attributes = record(cell, { min: 1 })
const properties = optional(record(property, { key: /^.{1,200}$/s, says: 'a property name' }), 'Property → column.')
const onlyWhere = optional(where, 'Only rows whose cells are exactly these texts.')
const DECISION_NAMES = DECISIONS.filter((each) => each !== 'override')
const decisionFields = {
  decision: field(literal(...DECISION_NAMES), 'What a person decided.'),
  reason: optional(words, 'Why.'),
  amount: optional(cell, 'Money of a win.'),
  by: optional(words, 'Who decided.'),
} as const

const leadDecision = object({
  ...decisionFields,
  where: onlyWhere,
  at: optional(time, 'When (`created_at` if silent); no decision where the cell is empty.'),
})
const leadActivity = object({
  activity: field(text({ max: 200 }), 'The raw event type.'),
  at: field(time, 'When; no activity where the cell is empty.'),
  where: onlyWhere,
  properties,
})

const badValues = optional(
  literal('refuse_row', 'leave_out'),
  'Cells that cannot be read: the row is refused (if silent), or the cell is left out. Either way it is reported.',
)
const account = optional(id, 'The company that the lead belongs to; none where the cell is empty.')

const leads = object({
  id: field(id, 'What tells one lead from another.'),
  created_at: optional(time, 'When these things became known.'),
  account,
  attributes: optional(attributes, 'Attribute of the definition → column.'),
  others: optional(
    literal('match', 'ignore'),
    '`match`: attributes not named here are read from columns of the same name or label.',
  ),
  activities: optional(list(leadActivity, { max: 100 }), 'Columns that tell of an activity.'),
  decisions: optional(list(leadDecision, { max: 100 }), 'Columns that tell of a decision.'),
  unknown,
  empty: optional(literal('ignore', 'forget'), '`forget`: an empty cell means that the value is no longer known.'),
  bad_values: badValues,
})
export type LeadsMapping = TypeOf<typeof leads>

const rule = keyed('a rule', {
  activity: object({
    activity: field(text({ max: 200 }), 'The row is an activity of this raw type.'),
    where: onlyWhere,
    properties,
  }),
  decision: object({ ...decisionFields, where: onlyWhere }),
  attributes: object({ attributes: field(attributes, 'The row tells these attributes.'), where: onlyWhere }),
  account: object({ account: field(id, 'The lead belongs to this account from now on.'), where: onlyWhere }),
  skip: object({ skip: field(literal(true), 'The row means nothing here.'), where: onlyWhere }),
})
export type EventRule = TypeOf<typeof rule>

const events = object({
  lead: field(id, 'Whose row it is.'),
  at: field(time, 'When it happened.'),
  id: optional(id, 'What tells one event from another (all cells that are read, if silent).'),
  type: optional(words, 'The raw event type of rows that become activities.'),
  properties,
  facts: optional(list(rule, { max: 500 }), 'Every rule that fits a row gives its facts.'),
  otherwise: optional(
    literal('activity', 'skip'),
    'Rows that fit no rule: an activity of their type (if silent), or nothing.',
  ),
  unknown,
  bad_values: badValues,
})
export type EventsMapping = TypeOf<typeof events>

const fileFields = {
  file: optional(text({ max: 200 }), 'Name of the file, `*` for any characters; silent: every file.'),
  delimiter: optional(literal(',', ';', '\t', '|'), 'Told from the file if silent.'),
  encoding: optional(literal('utf-8', 'utf-16le', 'utf-16be', 'windows-1252'), 'Told from the file if silent.'),
} as const

const file = keyed('a file', {
  leads: object({ ...fileFields, leads: field(leads, 'One row is one lead.') }),
  events: object({ ...fileFields, events: field(events, 'One row is one thing that happened.') }),
})
export type FileMapping = TypeOf<typeof file>

export const mappingShape = object({
  winnow_mapping: field(literal(1), 'Version of this language.'),
  description: optional(text({ max: 10_000 }), 'What the files are.'),
  files: field(list(file, { max: 100 }), 'The first that fits the name of a file describes it.'),
})
export type Mapping = TypeOf<typeof mappingShape>

/** The JSON Schema of a mapping file, for editors. */
export const mappingJsonSchema = () =>
  jsonSchemaOf(mappingShape, {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Winnow mapping',
    description: 'How the columns of CSV files become facts.',
  })
