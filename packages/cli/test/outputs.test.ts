/** What the command writes, and what it never overwrites or leaves behind. */
import { copyFileSync, linkSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, expect, test } from 'vitest'
import { definitionFile, FACTS, factsFile, folder, ROOT, tellingWhenItHears, winnow, write } from './running.ts'

const AS_OF = ['--as-of', '2026-03-05']
const leads = write('outputs/leads.csv', 'id,created_at,job,size\n1,2026-03-01,boss,50\n2,2026-03-01,chief,7\n')

describe('an output that is an input is refused, and the input stays', () => {
  const own = write('outputs/own.jsonl', FACTS)
  const link = join(folder, 'outputs/link.jsonl')
  symlinkSync(own, link)
  const hard = join(folder, 'outputs/hard.jsonl')
  linkSync(own, hard)
  mkdirSync(join(folder, 'outputs/deep'))
  const definition = join(folder, 'outputs/definition.yaml')
  copyFileSync(definitionFile, definition)

  test.each([
    { name: 'the same path', args: ['import', own, '-d', definition, '--out', own] },
    { name: 'a relative path', args: ['import', own, '-d', definition, '--out', relative(ROOT, own)] },
    { name: 'by a detour', args: ['import', own, '-d', definition, '--out', `${folder}/outputs/deep/../own.jsonl`] },
    { name: 'a symbolic link', args: ['import', own, '-d', definition, '--out', link] },
    { name: 'its target', args: ['import', link, '-d', definition, '--out', own] },
    { name: 'a hard link', args: ['import', own, '-d', definition, '--out', hard] },
    { name: 'one of several', args: ['import', factsFile, own, '-d', definition, '--out', own] },
    { name: 'the definition', args: ['import', own, '-d', definition, '--out', definition] },
    { name: 'rejects', args: ['score', definition, own, '--rejects', own] },
    { name: 'score', args: ['score', definition, own, '--out', own, ...AS_OF] },
    { name: 'explain', args: ['explain', definition, own, '--lead', 'ada', '--out', own] },
    { name: 'replay', args: ['replay', definition, own, '--out', own] },
    { name: 'a ledger', args: ['replay', definition, own, '--transitions', own] },
    { name: 'render', args: ['render', definition, '--out', definition] },
  ])('$name', async ({ args }) => {
    const { code, stdout, stderr } = await winnow(args)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain('error output_is_input')
    expect(readFileSync(own, 'utf8')).toBe(FACTS)
    expect(readFileSync(definition)).toEqual(readFileSync(definitionFile))
    expect(readdirSync(join(folder, 'outputs')).filter((name) => name.endsWith('.part'))).toEqual([])
  })
})

describe('refused and left out are two things', () => {
  test('a row that is refused', async () => {
    const { code, stderr } = await winnow(['score', definitionFile, leads, ...AS_OF])
    expect(code).toBe(1)
    expect(stderr).toMatch(/leads\.csv:3 refused value_not_listed in job/)
    expect(stderr).toContain('1 row refused; see all of it with --rejects FILE')
  })

  test('a cell that is left out of a row that is read', async () => {
    const rejects = join(folder, 'outputs/left-out.csv')
    const args = [leads, ...AS_OF, '--bad-values', 'leave-out', '--rejects', rejects]
    const { code, stderr } = await winnow(['score', definitionFile, ...args])
    expect(code).toBe(1)
    expect(stderr).toMatch(/leads\.csv:3 left out value_not_listed in job/)
    expect(stderr).toMatch(/1 row read with cells left out; all of it is in .*left-out\.csv/)
    expect(readFileSync(rejects, 'utf8').split('\r\n')[1]).toMatch(/leads\.csv,3,left out,value_not_listed,job,/)
  })
})

describe('asked to end', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)('%s ends the waiting for input that does not come', async (signal) => {
    const out = join(folder, 'outputs/waiting.jsonl')
    const { code } = await winnow(['import', '-', '-d', definitionFile, '--out', out], {
      isOpen: true,
      env: tellingWhenItHears(signal),
      whileRunning: (child) => child.stderr!.once('data', () => child.kill(signal)),
    })
    expect(code).toBe(130)
    expect(readdirSync(join(folder, 'outputs')).filter((name) => name.startsWith('waiting'))).toEqual([])
  })
})

test('--version', async () => {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'packages/cli/package.json'), 'utf8')) as { version: string }
  expect(await winnow(['--version'])).toMatchObject({ code: 0, stdout: `${version}\n` })
})

test.each([
  { command: 'import', option: /--definition <file> .*\n?.*\(required\)/ },
  { command: 'explain', option: /--lead <id> +the lead to explain \(required\)/ },
])('help marks what must be given: $command', async ({ command, option }) => {
  const { stdout } = await winnow([command, '--help'])
  expect(stdout).toMatch(option)
  expect(stdout.match(/\(required\)/g)).toHaveLength(1)
})
