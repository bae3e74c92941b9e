/**
 * What is wrong with input, as data. A *refusal* is about one row or line: the rest goes on, and the refusals come back
 * as a file. An `InputError` is about the whole input: nothing of it can be used.
 */
export const REFUSAL_HINTS = {
  // rows of a CSV file
  row_ragged: 'A delimiter is missing, or one too many is not quoted: put cells that contain it in double quotes.',
  row_too_long: 'One row may have 1 MiB. Is a line end missing?',
  quote_unclosed: 'A quoted cell begins on this line and never ends. Close it, or double the quote inside it.',
  quote_malformed:
    'After the closing quote only a delimiter or the end of the line may follow; double a quote inside a cell.',
  encoding_mixed: 'The line mixes UTF-8 with another encoding. Save the file as UTF-8, or name it with --encoding.',
  row_conflict: 'The first row counts. Remove the wrong one, or give them different times.',
  activity_forgotten:
    'Send only what happened later: activities of that time are kept no longer, and none is taken in.',
  // cells
  value_missing: 'This column must be filled in.',
  value_malformed: 'Correct the cell, or describe how it is written in the mapping (`format`, `decimal`, `values` …).',
  value_ambiguous: 'Say in the mapping how it is written, for example `format: DD/MM/YYYY`.',
  value_not_listed: 'List it in the definition (`of`), or translate it in the mapping (`values`).',
  number_unsafe: 'Above 9,007,199,254,740,991 a number is not exact. Is it an id? Then make the attribute a text.',
  date_impossible: 'There is no such day or time.',
  zone_missing: 'Say in the mapping which time zone it is in, for example `zone: Europe/Amsterdam`.',
  // lines of JSON
  line_too_long: 'One line may have 1 MiB.',
  json_malformed: 'Each line is one JSON object.',
  json_too_deep: 'At most 32 levels of nesting are read.',
  json_key_duplicate: 'A key may appear once in an object.',
  json_key_forbidden: '`__proto__`, `constructor` and `prototype` are never keys.',
  json_key_too_long: 'A key may have 200 characters.',
  json_number_unsafe: 'Numbers must be finite, and whole ones at most 9,007,199,254,740,991. Write ids as text.',
  text_malformed: 'The text holds half a surrogate pair, or bytes that are not UTF-8.',
  text_nul: 'The character U+0000 is not text.',
  fact_malformed: 'docs/facts.md shows every kind of fact.',
  fact_conflict: 'A fact with this id has been read before, with another content; the first counts.',
} as const
export type RefusalCode = keyof typeof REFUSAL_HINTS

export interface Refusal {
  /** 1-based line of the file: where the row begins, or where its faulty quote opens. */
  readonly line: number
  readonly code: RefusalCode
  /** Column of the cell, or path inside the JSON. */
  readonly place?: string
  readonly reason: string
  /** The row as it was read. */
  readonly row: string
}

export const INPUT_HINTS = {
  input_not_found: 'Check the path; `-` reads standard input.',
  input_unreadable: 'Check the permissions of the file.',
  input_gzip_damaged: 'The compressed file is cut short or damaged: copy it again.',
  input_empty: 'A CSV file begins with a line of column names; a fact log has one JSON object a line.',
  input_binary: 'It looks like a spreadsheet or an archive. Export it as CSV (UTF-8).',
  input_is_definition: 'The definition comes first, then leads or facts: `winnow score definition.yaml leads.csv`.',
  header_malformed: 'The first line names the columns.',
  columns_too_many: 'At most 500 columns are read. Is the delimiter right (--delimiter)?',
  column_unknown: 'The mapping names a column that the file does not have.',
  column_ambiguous: 'Two columns have this name. Rename one of them in the file.',
  lead_id_missing: 'Name the column in a mapping: `leads: { id: … }`.',
  created_at_missing:
    'Give the day of the export with --at, or name a column in a mapping: `leads: { created_at: … }`.',
  mapping_missing: 'No column is called like an attribute. Describe the columns in a mapping file: docs/import.md.',
  file_not_mapped: 'Add a part with a fitting `file:` to the mapping.',
  input_cancelled: 'Nothing was written.',
} as const
export type InputErrorCode = keyof typeof INPUT_HINTS

export class InputError extends Error {
  readonly code: InputErrorCode
  /** File, and the place in it. */
  readonly at: string | undefined
  readonly hint: string

  constructor(
    code: InputErrorCode,
    message: string,
    options: { at?: string | undefined; hint?: string | undefined } = {},
  ) {
    super(message)
    this.name = 'InputError'
    this.code = code
    this.at = options.at
    this.hint = options.hint ?? INPUT_HINTS[code]
  }
}
