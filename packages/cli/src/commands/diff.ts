import { diffDefinitions } from '@winnow/engine'
import type { Command } from 'commander'
import { EXIT } from '../errors.ts'
import { requireDefinition } from '../files.ts'
import type { Run } from '../run.ts'
import { jsonText } from '../terminal.ts'

export function addDiff(program: Command, run: Run): void {
  program
    .command('diff')
    .summary('what changed between two definitions, in plain words')
    .description('Compares two definitions by what they mean: order, layout and comments do not matter.')
    .argument('<before>', 'YAML or JSON file')
    .argument('<after>', 'YAML or JSON file')
    .option('--exit-code', 'end with 1 when there are differences')
    .option('--json', 'print changes as JSON')
    .addHelpText('after', HELP)
    .action((before: string, after: string, flags: { json?: boolean; exitCode?: boolean }) => {
      const changes = diffDefinitions(requireDefinition(before), requireDefinition(after))
      if (flags.json) process.stdout.write(jsonText({ before, after, changes }))
      else
        process.stdout.write(
          changes.length === 0
            ? 'No differences in meaning.\n'
            : changes.map((change) => `• ${change.sentence}\n`).join(''),
        )
      run.end(changes.length > 0 && flags.exitCode ? EXIT.findings : EXIT.ok)
    })
}

const HELP = `
Examples:
  $ winnow diff live.yaml proposal.yaml
  $ git show main:definition.yaml > /tmp/before.yaml && winnow diff /tmp/before.yaml definition.yaml`
