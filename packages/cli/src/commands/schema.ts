import { definitionJsonSchema } from '@winnow/engine'
import { mappingJsonSchema } from '@winnow/io'
import type { Command } from 'commander'
import { withSink } from '../sink.ts'
import { jsonText } from '../terminal.ts'

export function addSchema(program: Command): void {
  program
    .command('schema')
    .summary('the JSON Schema of definitions (or mappings), for editors')
    .description('Prints the JSON Schema, from which editors complete and check as you type.')
    .option('--mapping', 'the schema of mapping files instead')
    .option('-o, --out <file>', 'write to this file')
    .addHelpText('after', HELP)
    .action(async (flags: { mapping?: boolean; out?: string }) => {
      await withSink(flags.out, (sink) =>
        sink.write(jsonText(flags.mapping ? mappingJsonSchema() : definitionJsonSchema())),
      )
    })
}

const HELP = `
Examples:
  $ winnow schema --out definition.schema.json
  then, as the first line of a definition in an editor with the YAML language server:
    # yaml-language-server: $schema=definition.schema.json`
