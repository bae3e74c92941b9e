import { lintDefinition, type Definition, type Issue } from '@winnow/engine'
import { parseMappingText } from '@winnow/io'
import type { Command } from 'commander'
import { EXIT } from '../errors.ts'
import { readDefinition, readText } from '../files.ts'
import { formatIssues } from '../issues.ts'
import type { Run } from '../run.ts'
import { jsonText, paint } from '../terminal.ts'

interface Flags {
  readonly json?: boolean
  readonly strict?: boolean
  readonly mapping?: string
}

interface Checked {
  readonly file: string
  readonly text: string
  /** `undefined` where it has errors, and of a mapping. */
  readonly definition: Definition | undefined
  /** What can be used; `undefined` where nothing can. */
  readonly says: string | undefined
  readonly issues: readonly Issue[]
}

export function addCheck(program: Command, run: Run): void {
  program
    .command('check')
    .summary('find mistakes in definitions, with line and hint')
    .description(
      'Reads definitions and lists everything wrong with them (errors: they cannot run) and everything odd (warnings:\nlevels that nobody can reach, criteria that never matter, attributes that nothing uses …).',
    )
    .argument('<definition...>', 'YAML or JSON files; `-` reads standard input')
    .option('--strict', 'warnings count as findings too')
    .option('-m, --mapping <file>', 'check this mapping file too, against the first definition')
    .option('--json', 'print issues as JSON')
    .addHelpText('after', HELP)
    .action((files: string[], flags: Flags) => {
      const checked = files.map(checkFile)
      if (flags.mapping !== undefined) checked.push(checkMapping(flags.mapping, checked[0]!))
      process.stdout.write(flags.json ? asJson(checked) : asText(checked))
      const issues = checked.flatMap((each) => each.issues)
      const isFine = issues.every(({ severity }) => severity === 'warning' && !flags.strict)
      run.end(isFine ? EXIT.ok : EXIT.findings)
    })
}

const HELP = `
Examples:
  $ winnow check definition.yaml
  $ winnow check --strict examples/*.yaml      also for continuous integration
  $ winnow check definition.yaml --mapping mapping.yaml
  $ winnow check --json definition.yaml | jq '.files[0].issues[] | .message'

Ends with 0 when there is no error, 1 when there is (or, with --strict, a warning).`

function checkFile(file: string): Checked {
  const { text, parsed } = readDefinition(file)
  if (!parsed.ok) return { file, text, definition: undefined, says: undefined, issues: parsed.issues }
  const lint = lintDefinition(parsed.definition).map((issue) => ({
    ...issue,
    ...parsed.source.locate(issue.path, issue.about),
  }))
  const { definition } = parsed
  return { file, text, definition, says: `“${definition.name}”`, issues: [...parsed.issues, ...lint] }
}

/** A mapping speaks of the definition's attributes: without a definition that can be used it is not looked at. */
function checkMapping(file: string, { definition }: Checked): Checked {
  const text = readText(file)
  const parsed = definition && parseMappingText(text, definition)
  const says = parsed?.ok ? `this mapping to “${definition!.name}”` : undefined
  return { file, text, definition: undefined, says, issues: parsed === undefined || parsed.ok ? [] : parsed.issues }
}

const countOf = (issues: readonly Issue[], severity: Issue['severity']) =>
  issues.filter((issue) => issue.severity === severity).length

function asJson(checked: readonly Checked[]): string {
  const issues = checked.flatMap((each) => each.issues)
  return jsonText({
    files: checked.map(({ file, definition, issues }) => ({
      file,
      name: definition?.name ?? null,
      ok: countOf(issues, 'error') === 0,
      issues,
    })),
    errors: countOf(issues, 'error'),
    warnings: countOf(issues, 'warning'),
  })
}

function asText(checked: readonly Checked[]): string {
  return checked.map((each) => `${formatIssues(each, process.stdout)}${verdict(each)}\n`).join('\n')
}

function verdict({ file, says, issues }: Checked): string {
  const [errors, warnings] = [countOf(issues, 'error'), countOf(issues, 'warning')]
  const counts = [plural(errors, 'error'), plural(warnings, 'warning')].join(', ')
  if (errors > 0) return paint('red', `✗ ${file}: ${counts}`)
  if (says === undefined) return paint('yellow', `? ${file}: not checked, as the definition cannot be used`)
  return paint('green', `✓ ${file}: ${says} can be used${warnings > 0 ? `; ${plural(warnings, 'warning')}` : ''}`)
}

const plural = (count: number, word: string) => `${count} ${word}${count === 1 ? '' : 's'}`
