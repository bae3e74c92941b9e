import { renderHtml, renderMarkdown } from '@winnow/engine'
import { Option, type Command } from 'commander'
import { requireDefinition } from '../files.ts'
import { refuseOverwriting, withSink } from '../sink.ts'

export function addRender(program: Command): void {
  program
    .command('render')
    .summary('a definition as a document that a new colleague can read')
    .description('Writes the definition as a document in plain words: for the wiki, for the meeting, for the wall.')
    .argument('<definition>', 'YAML or JSON file')
    .addOption(new Option('-f, --format <format>', 'of the document').choices(['markdown', 'html']).default('markdown'))
    .option('-o, --out <file>', 'write to this file')
    .addHelpText('after', HELP)
    .action(async (file: string, flags: { format: 'markdown' | 'html'; out?: string }) => {
      const definition = requireDefinition(file)
      refuseOverwriting([flags.out], [file])
      const document = flags.format === 'html' ? renderHtml(definition) : renderMarkdown(definition)
      await withSink(flags.out, (sink) => sink.write(document))
    })
}

const HELP = `
Examples:
  $ winnow render definition.yaml --out docs/our-leads.md
  $ winnow render definition.yaml --format html --out our-leads.html`
