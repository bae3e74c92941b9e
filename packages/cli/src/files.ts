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

export function readDefinition(file: string): DefinitionFile {
  const text = readText(file)
  return { file, text, parsed: parseDefinitionText(text) }
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
