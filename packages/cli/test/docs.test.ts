/** What the documents say of the command holds. */
import { parseDefinitionText } from '@winnow/engine'
import { INPUT_HINTS, parseMappingText, REFUSAL_HINTS } from '@winnow/io'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { CLI_HINTS, CliError, EXIT, tell, type CliErrorCode } from '../src/errors.ts'
import { ROOT, winnow, write } from './running.ts'

const read = (file: string) => readFileSync(join(ROOT, file), 'utf8')
const importDoc = read('docs/import.md')
const cliDoc = read('docs/cli.md')
const blocks = (text: string, language: string) =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(([, block]) => block!)
const definitionPath = join(ROOT, 'examples/b2b-software/definition.yaml')

/** Codes in the first column of the tables after a heading. */
const codesIn = (text: string) => [...text.matchAll(/^\| `([a-z0-9_]+)` \|/gm)].map(([, code]) => code!)

describe('docs/import.md', () => {
  const mappings = blocks(importDoc, 'yaml')
  test('has mappings', () => expect(mappings.length).toBeGreaterThanOrEqual(3))
  test.each(mappings.map((text, at) => [at + 1, text] as const))('mapping %i fits the sample definition', (_, text) => {
    const parsed = parseDefinitionText(readFileSync(definitionPath, 'utf8'))
    if (!parsed.ok) throw new Error('the sample definition has errors')
    expect(parseMappingText(text, parsed.definition)).toMatchObject({ ok: true })
  })

  test('its list of leads is understood without a mapping', async () => {
    const list = write('docs/leads.csv', blocks(importDoc, 'csv')[0]!)
    const { code, json } = await winnow([
      'import',
      list,
      '-d',
      definitionPath,
      '--out',
      join(list, '../facts.jsonl'),
      '--json',
    ])
    expect(code).toBe(0)
    expect(json()).toMatchObject({
      problems: 0,
      files: [{ rows: 2, unusedColumns: ['Fax'], attributes: { job_level: 'Seniority', employees: 'Employees' } }],
    })
  })
})

describe('docs/errors.md', () => {
  const sections = read('docs/errors.md').split('\n## ')
  const section = (title: string) => sections.find((each) => each.startsWith(`${title}\n`))!

  test.each([
    { title: 'Errors of the command', codes: CLI_HINTS },
    { title: 'Input: whole files', codes: INPUT_HINTS },
    { title: 'Input: rows and lines', codes: REFUSAL_HINTS },
  ])('“$title” has every code there is, once, and no other', ({ title, codes }) => {
    expect(codesIn(section(title)).toSorted()).toEqual(Object.keys(codes).toSorted())
  })

  test('says the exit code of each error of the command', () => {
    const listed = [...section('Errors of the command').matchAll(/^\| `([a-z_]+)` \| (\d+) \|/gm)]
    expect(listed.map(([, code, exit]) => [code, Number(exit)])).toEqual(
      listed.map(([, code]) => [code, tell(new CliError(code as CliErrorCode, '')).exit]),
    )
  })
})

describe('docs/cli.md', () => {
  test('lists every exit code', () => {
    const table = cliDoc.slice(cliDoc.indexOf('**Exit codes.**'))
    const listed = [...table.matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code))
    expect(listed).toEqual(Object.values(EXIT).toSorted((a, b) => a - b))
  })

  test('has every command, and every option that its help has', async () => {
    const { stdout } = await winnow(['help'])
    const commands = [...stdout.slice(stdout.indexOf('Commands:')).matchAll(/^ {2}([a-z]+) /gm)]
      .map(([, name]) => name!)
      .filter((name) => name !== 'help')
    expect(commands).toEqual(
      codesIn(cliDoc.replaceAll(/\[(`[a-z]+`)\]\([^)]*\)/g, '$1')).filter((code) => commands.includes(code)),
    )
    for (const command of commands) {
      const help = (await winnow([command, '--help'])).stdout
      const options = [...help.matchAll(/^ {2}(?:-[a-z], )?(--[a-z-]+)/gm)]
        .map(([, option]) => option!)
        .filter((option) => option !== '--help')
      const missing = options.filter((option) => !cliDoc.includes(option))
      expect({ command, missing }).toEqual({ command, missing: [] })
    }
  })

  test('its example of an error is what is printed', async () => {
    const shown = blocks(cliDoc, 'text')[0]!
    const { stderr } = await winnow(['score', definitionPath, 'leads.csv', '--as-of', '2026-03-01'])
    expect(stderr).toBe(shown)
  })
})

test('every error says what to do', () => {
  for (const hint of Object.values({ ...CLI_HINTS, ...INPUT_HINTS, ...REFUSAL_HINTS }))
    expect(hint).toMatch(/^.{10,}[.?]$/s)
})
