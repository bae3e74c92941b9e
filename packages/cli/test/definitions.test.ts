import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { DEFINITION, definitionFile, folder, winnow, write } from './running.ts'

const broken = write('broken.yaml', DEFINITION.replace('score: interest, at_least: 40', 'score: intrest, at_least: 40'))

describe('check', () => {
  test('a good definition ends with 0', async () => {
    const { code, stdout, stderr } = await winnow(['check', definitionFile])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain('✓')
    expect(stdout).toContain('“Test shop” can be used')
  })

  test('an error is shown with file, line, column, frame, caret and hint', async () => {
    const { code, stdout } = await winnow(['check', broken])
    expect(code).toBe(1)
    const line = DEFINITION.split('\n').findIndex((each) => each.includes('- hot:')) + 1
    expect(stdout).toMatch(new RegExp(`broken\\.yaml:${line}:\\d+ error unknown_score: .*intrest`))
    expect(stdout).toMatch(new RegExp(`> ${line} \\|       - hot: .*intrest`))
    expect(stdout).toMatch(/^ +\| +\^$/m)
    expect(stdout).toContain('did you mean `interest`?')
    expect(stdout).toMatch(/✗ .*broken\.yaml: 1 error/)
  })

  test('--json has every issue with its place', async () => {
    const { code, json } = await winnow(['check', '--json', definitionFile, broken])
    expect(code).toBe(1)
    expect(json()).toMatchObject({
      errors: 1,
      files: [
        { file: definitionFile, name: 'Test shop', ok: true },
        {
          file: broken,
          name: null,
          ok: false,
          issues: [
            {
              severity: 'error',
              code: 'unknown_score',
              line: expect.any(Number),
              column: expect.any(Number),
              path: expect.any(Array),
              message: expect.any(String),
              hint: expect.any(String),
            },
          ],
        },
      ],
    })
  })

  test('warnings are findings with --strict only', async () => {
    const odd = write('odd.yaml', DEFINITION.replace('personas:', '  unused: { from: nothing }\npersonas:'))
    expect((await winnow(['check', odd])).code).toBe(0)
    const { code, stdout } = await winnow(['check', '--strict', odd])
    expect(code).toBe(1)
    expect(stdout).toContain('warning')
  })

  test('a mapping is checked beside its definition', async () => {
    const good = write(
      'good-mapping.yaml',
      'winnow_mapping: 1\nfiles:\n  - leads: { id: id, attributes: { role: Job } }\n',
    )
    const bad = write(
      'bad-mapping.yaml',
      'winnow_mapping: 1\nfiles:\n  - leads: { id: id, attributes: { rol: Job } }\n',
    )
    const fine = await winnow(['check', definitionFile, '--mapping', good])
    expect(fine.code).toBe(0)
    expect(fine.stdout).toContain('good-mapping.yaml: this mapping to “Test shop” can be used')
    const { code, stdout } = await winnow(['check', definitionFile, '--mapping', bad])
    expect(code).toBe(1)
    expect(stdout).toMatch(/bad-mapping\.yaml:3:\d+ error unknown_name: .*rol/)
    expect(stdout).toContain('did you mean `role`?')
    expect((await winnow(['check', broken, '--mapping', good])).stdout).toContain('not checked')
  })

  test('standard input is read', async () => {
    const { code, stdout } = await winnow(['check', '-'], { input: 'winnow: 2\n' })
    expect(code).toBe(1)
    expect(stdout).toContain('-:1:')
  })

  test('what would act on the terminal is shown, not sent', async () => {
    const nasty = write('nasty.yaml', `${DEFINITION}\u001B[31mx: "\u202Eevil"\n`)
    const { stdout } = await winnow(['check', nasty])
    expect(stdout).not.toContain('\u001B')
    expect(stdout).not.toContain('\u202E')
  })

  test('a file that is not there ends with 3 and says what to do', async () => {
    const { code, stderr } = await winnow(['check', join(folder, 'none.yaml')])
    expect(code).toBe(3)
    expect(stderr).toMatch(/error definition_unreadable: .*none\.yaml/)
    expect(stderr).toContain('hint')
  })
})

describe('test', () => {
  test('examples that hold end with 0', async () => {
    const { code, stdout } = await winnow(['test', definitionFile])
    expect(code).toBe(0)
    expect(stdout).toContain('✓ A boss who asks for a demo')
    expect(stdout).toContain('1 of 1 examples hold')
  })

  test('one that does not ends with 1 and shows both sides', async () => {
    const failing = write(
      'failing.yaml',
      DEFINITION.replace('interest: 50 }, stage: mql', 'interest: 51 }, stage: customer'),
    )
    const { code, stdout } = await winnow(['test', failing])
    expect(code).toBe(1)
    expect(stdout).toContain('scores.interest: expected 51, found 50')
    expect(stdout).toContain('stage: expected customer, found mql')
    expect((await winnow(['test', '--json', failing])).json()).toMatchObject({
      files: [
        {
          passed: 0,
          failed: 1,
          examples: [
            {
              ok: false,
              mismatches: [{ what: 'scores.interest', expected: 51, actual: 50 }, { what: 'stage' }],
              problems: [],
            },
          ],
        },
      ],
    })
  })

  test('a definition that cannot be used ends with 3 and shows why', async () => {
    const { code, stdout, stderr } = await winnow(['test', broken])
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' })
    expect(stderr).toContain('unknown_score')
    expect(stderr).toContain('definition_rejected')
  })
})

describe('diff', () => {
  const after = write('after.yaml', DEFINITION.replace('points: 50', 'points: 55').replaceAll('boss', 'chief'))

  test('says in plain words what changed', async () => {
    const { code, stdout } = await winnow(['diff', definitionFile, after])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^• .*55/m)
    expect((await winnow(['diff', '--exit-code', definitionFile, after])).code).toBe(1)
  })

  test('--json has path and sentence of each change', async () => {
    const { json } = await winnow(['diff', '--json', definitionFile, after])
    const { changes } = json() as { changes: { path: unknown[]; sentence: string; kind: string }[] }
    expect(changes.length).toBeGreaterThanOrEqual(2)
    for (const change of changes)
      expect(change).toMatchObject({ kind: expect.any(String), path: expect.any(Array), sentence: expect.any(String) })
  })

  test('layout and comments are no difference', async () => {
    const { code, stdout } = await winnow([
      'diff',
      '--exit-code',
      definitionFile,
      write('same.yaml', `# again\n${DEFINITION}`),
    ])
    expect(code).toBe(0)
    expect(stdout).toBe('No differences in meaning.\n')
  })
})

describe('render', () => {
  test('a document in Markdown or HTML', async () => {
    const markdown = await winnow(['render', definitionFile])
    expect(markdown.code).toBe(0)
    expect(markdown.stdout).toMatch(/^# .*Test shop/)
    const out = join(folder, 'definition.html')
    expect((await winnow(['render', definitionFile, '--format', 'html', '--out', out])).code).toBe(0)
    expect(readFileSync(out, 'utf8')).toMatch(/<h1[^>]*>.*Test shop/)
  })
})

describe('schema', () => {
  test('prints the schema of definitions and of mappings', async () => {
    const definition = (await winnow(['schema'])).json() as Record<string, unknown>
    const mapping = (await winnow(['schema', '--mapping'])).json() as Record<string, unknown>
    expect(Object.keys(definition['properties'] as object)).toEqual(
      expect.arrayContaining(['winnow', 'scores', 'stages']),
    )
    expect(Object.keys(mapping['properties'] as object)).toEqual(['winnow_mapping', 'description', 'files'])
  })

  test('writes to a file', async () => {
    const out = join(folder, 'schema.json')
    expect((await winnow(['schema', '--out', out])).code).toBe(0)
    expect(JSON.parse(readFileSync(out, 'utf8'))).toHaveProperty('properties')
  })
})

describe('usage', () => {
  test.each([
    { name: 'no command', args: [] },
    { name: 'unknown command', args: ['scroe'], says: 'Did you mean score?' },
    { name: 'unknown option', args: ['check', '--stict', 'x'], says: 'Did you mean --strict?' },
    { name: 'missing argument', args: ['check'] },
    { name: 'missing option', args: ['explain', 'd', 'x'], says: '--lead' },
    { name: 'a choice that is none', args: ['score', 'd', 'x', '--format', 'xml'], says: 'table, csv, json' },
    { name: 'a count that is none', args: ['score', 'd', 'x', '--top', '-1'], says: 'whole number' },
  ])('$name ends with 2', async ({ args, says = '' }) => {
    const { code, stdout, stderr } = await winnow(args)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(says)
    expect(stderr).not.toContain('    at ')
  })

  test('help teaches, for every command, and ends with 0', async () => {
    const { code, stdout } = await winnow(['--help'])
    expect(code).toBe(0)
    for (const command of [
      'sample',
      'check',
      'test',
      'diff',
      'render',
      'schema',
      'import',
      'score',
      'explain',
      'replay',
      'bench',
    ]) {
      expect(stdout).toMatch(new RegExp(`^ {2}${command} `, 'm'))
      const help = await winnow([command, '--help'])
      expect(help.code).toBe(0)
      if (command !== 'sample' && command !== 'bench') expect(help.stdout).toContain('Examples:')
    }
  })
})

describe('sample and bench', () => {
  test('the sample company’s leads, whom to call first and why, and what changes soon', async () => {
    const { code, stdout, stderr } = await winnow(['sample'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^Whom to call first — “B2B software, inbound”, a made-up company’s agreement \(\d+ leads, /)
    expect(stdout).toMatch(/^ *# +lead +stage +quality +temperature/m)
    expect(stdout.match(/^ {0,2}\d+ {2}\S+@\S+/gm)).toHaveLength(10)
    expect(stdout).toMatch(/^ +.* \(\+[\d.]+\)/m)
    expect(stdout).toContain('What changes soon, if nobody does anything')
    expect(stdout).toMatch(/ in \d+ (d|h|min)/)
  })

  test('the command that it goes on with works', async () => {
    const { stdout } = await winnow(['sample'])
    const first = /^ {0,2}1 {2}(\S+@\S+)/m.exec(stdout)![1]!
    const [, args] = /npx winnow (explain .*)/.exec(stdout)!
    const told = await winnow(args!.split(' '))
    expect(told.code).toBe(0)
    expect(told.stdout).toMatch(new RegExp(`^${first} `))
  })

  test('bench hands over, and so does its exit code', async () => {
    const { code } = await winnow(['bench', 'no-such-bench'])
    expect(code).not.toBe(0)
  })
})
