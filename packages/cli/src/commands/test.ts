import { testDefinition, type ExampleResult, type Mismatch } from '@winnow/engine'
import type { Command } from 'commander'
import { EXIT } from '../errors.ts'
import { requireDefinition } from '../files.ts'
import type { Run } from '../run.ts'
import { jsonText, paint } from '../terminal.ts'

export function addTest(program: Command, run: Run): void {
  program
    .command('test')
    .summary('run the examples that a definition carries')
    .description(
      'A definition carries its own tests: `examples`, each a lead with facts and what must come out. They are run with\nthe very engine that scores real leads.',
    )
    .argument('<definition...>', 'YAML or JSON files')
    .option('--json', 'print results as JSON')
    .addHelpText('after', HELP)
    .action((files: string[], flags: { json?: boolean }) => {
      const tested = files.map((file) => {
        const definition = requireDefinition(file)
        return { file, name: definition.name, examples: testDefinition(definition) }
      })
      process.stdout.write(flags.json ? asJson(tested) : tested.map(asText).join('\n'))
      run.end(tested.every(({ examples }) => examples.every(({ ok }) => ok)) ? EXIT.ok : EXIT.findings)
    })
}

const HELP = `
A score is compared exactly where a whole number is expected, otherwise to as many decimals as are written.

Examples:
  $ winnow test definition.yaml
  $ winnow test --json definition.yaml | jq '.files[0].failed'

Ends with 0 when every example holds, 1 when one does not, 3 when a definition cannot be used.`

interface Tested {
  readonly file: string
  readonly name: string
  readonly examples: readonly ExampleResult[]
}

function asJson(tested: readonly Tested[]): string {
  return jsonText({
    files: tested.map(({ file, name, examples }) => ({
      file,
      name,
      passed: examples.filter(({ ok }) => ok).length,
      failed: examples.filter(({ ok }) => !ok).length,
      examples: examples.map(({ name, ok, mismatches, problems }) => ({ name, ok, mismatches, problems })),
    })),
  })
}

function asText({ file, examples }: Tested): string {
  const failed = examples.filter(({ ok }) => !ok).length
  const lines = examples.map(exampleText)
  const sum = `${file}: ${examples.length - failed} of ${examples.length} examples hold`
  return `${lines.join('')}${failed > 0 ? paint('red', `✗ ${sum}`) : paint('green', `✓ ${sum}`)}\n`
}

function exampleText({ name, ok, mismatches, problems }: ExampleResult): string {
  if (ok) return `${paint('green', '✓')} ${name}\n`
  const details = [...mismatches.map(mismatchText), ...problems]
  return `${paint('red', '✗')} ${name}\n${details.map((each) => `    ${each}\n`).join('')}`
}

const mismatchText = ({ what, expected, actual }: Mismatch) =>
  `${what}: expected ${paint('green', valueText(expected))}, found ${paint('red', valueText(actual))}`

const valueText = (value: Mismatch['expected']) => (typeof value === 'object' ? `[${value.join(', ')}]` : String(value))
