/** Definitions and mappings from disk, with everything wrong in them shown as a compiler shows it. */
import { parseDefinitionText, type Definition, type Issue, type ParsedText } from '@winnow/engine'
import { parseMappingText, type Mapping } from '@winnow/io'
import { readFileSync } from 'node:fs'
import { CliError } from './errors.ts'
import { formatIssues } from './issues.ts'

export interface DefinitionFile {
  readonly file: string
  readonly text: string
  readonly parsed: ParsedText
}

export function readText(path: string): string {
  try {
    return readFileSync(path === '-' ? 0 : path, 'utf8')
  } catch (error) {
    throw new CliError('definition_unreadable', `\`${path}\` cannot be read: ${(error as Error).message}`)
  }
}

/** @throws CliError where the file is no attempt at a definition at all: one line says more than a list of issues */
export function readDefinition(file: string): DefinitionFile {
  const text = readText(file)
  const other = otherKind(text)
  if (other !== undefined)
    throw new CliError('definition_is_facts', `${file} is ${other}, and a definition is expected here`)
  if (/^\uFEFF?(\s|#[^\n]*(\n|$)|---)*$/.test(text)) throw new CliError('definition_empty', `${file} is empty`)
  return { file, text, parsed: parseDefinitionText(text) }
}

/** What a text is that begins like no definition: facts, a table, a mapping, or no text at all. */
function otherKind(text: string): string | undefined {
  if (/^\u001F[\uFFFD\u008B]|^PK\u0003\u0004|\0/.test(text.slice(0, 4096)))
    return 'no text (a packed file or a workbook?)'
  const lines = text
    .replace(/^\uFEFF/, '')
    .trimStart()
    .split(/\r\n|\n|\r/, 2)
  const first = lines[0] ?? ''
  if ((/^\[?\s*\{.*"(kind|lead)"\s*:/.test(first) && !/"winnow"\s*:/.test(first)) || /^\[\s*(\{|$)/.test(first))
    return 'a log of facts'
  if (/^winnow_mapping\s*:/m.test(text)) return 'a mapping'
  const cells = /^[^:{}#]*([,;\t|])[^:{}#]*$/.exec(first)
  return cells && lines[1]?.includes(cells[1]!) ? 'a table' : undefined
}

/** A definition that can be run; otherwise its errors are shown and the command ends. */
export function requireDefinition(file: string): Definition {
  const { text, parsed } = readDefinition(file)
  if (parsed.ok) return parsed.definition
  showErrors(file, text, parsed.issues)
  throw new CliError('definition_rejected', `${file} has ${countOf(parsed.issues)}`)
}

export function requireMapping(file: string | undefined, definition: Definition): Mapping | undefined {
  if (file === undefined) return undefined
  const text = readText(file)
  const parsed = parseMappingText(text, definition)
  if (parsed.ok) return parsed.mapping
  showErrors(file, text, parsed.issues)
  throw new CliError('mapping_rejected', `${file} has ${countOf(parsed.issues)}`)
}

function showErrors(file: string, text: string, issues: readonly Issue[]): void {
  const errors = issues.filter(({ severity }) => severity === 'error')
  process.stderr.write(formatIssues({ file, text, issues: errors }, process.stderr))
}

const countOf = (issues: readonly Issue[]) => {
  const errors = issues.filter(({ severity }) => severity === 'error').length
  return `${errors} ${errors === 1 ? 'error' : 'errors'}`
}
