import { lintDefinition, type Issue } from '@winnow/engine'
import type { Command } from 'commander'
import { EXIT } from '../errors.ts'
import { readDefinition } from '../files.ts'
import { formatIssues } from '../issues.ts'
import type { Run } from '../run.ts'
import { jsonText, paint } from '../terminal.ts'

interface Flags {
  readonly json?: boolean
  readonly strict?: boolean
}

interface Checked {
  readonly file: string
  readonly text: string
  readonly name: string | undefined
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
    .option('--json', 'print issues as JSON')
    .addHelpText('after', HELP)
    .action((files: string[], flags: Flags) => {
      const checked = files.map(checkFile)
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
  $ winnow check --json definition.yaml | jq '.files[0].issues[] | .message'

Ends with 0 when there is no error, 1 when there is (or, with --strict, a warning).`

function checkFile(file: string): Checked {
  const { text, parsed } = readDefinition(file)
  if (!parsed.ok) return { file, text, name: undefined, issues: parsed.issues }
  const lint = lintDefinition(parsed.definition).map((issue) => ({
    ...issue,
    ...parsed.source.locate(issue.path, issue.about),
  }))
  return { file, text, name: parsed.definition.name, issues: [...parsed.issues, ...lint] }
}

const countOf = (issues: readonly Issue[], severity: Issue['severity']) =>
  issues.filter((issue) => issue.severity === severity).length

function asJson(checked: readonly Checked[]): string {
  const issues = checked.flatMap((each) => each.issues)
  return jsonText({
    files: checked.map(({ file, name, issues }) => ({
      file,
      name: name ?? null,
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

function verdict({ file, name, issues }: Checked): string {
  const [errors, warnings] = [countOf(issues, 'error'), countOf(issues, 'warning')]
  const counts = [plural(errors, 'error'), plural(warnings, 'warning')].join(', ')
  if (errors > 0) return paint('red', `✗ ${file}: ${counts}`)
  return paint(
    'green',
    `✓ ${file}: “${name ?? ''}” can be used${warnings > 0 ? `; ${plural(warnings, 'warning')}` : ''}`,
  )
}

const plural = (count: number, word: string) => `${count} ${word}${count === 1 ? '' : 's'}`
