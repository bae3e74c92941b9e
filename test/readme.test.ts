/** The README's example is run, not believed. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')
const readme = readFileSync(join(root, 'README.md'), 'utf8')

/** The block that follows a file's or a command's name in backticks. */
function blockAfter(title: string): string {
  const from = readme.indexOf(`\`${title}\`:`)
  expect(from, `\`${title}\` in the README`).toBeGreaterThanOrEqual(0)
  return /```\w+\n([\s\S]*?)```/.exec(readme.slice(from))![1]!
}

describe('the README', () => {
  let folder = ''
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'winnow-readme-'))
  })
  afterAll(() => {
    rmSync(folder, { recursive: true })
  })

  test('shows what the command prints', () => {
    const command = /`npx (winnow explain [^`]+)`:/.exec(readme)![1]!
    for (const file of ['definition.yaml', 'facts.jsonl']) writeFileSync(join(folder, file), blockAfter(file))
    const [, ...words] = command.split(' ')
    const printed = execFileSync(process.execPath, [join(root, 'packages/cli/src/main.ts'), ...words], {
      cwd: folder,
      encoding: 'utf8',
    })
    expect(printed.trim()).toBe(blockAfter(`npx ${command}`).trim())
  })

  const pages = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'docs/quality.md']
  test.each(pages)('%s links only to what is there', (page) => {
    const links = [...readFileSync(join(root, page), 'utf8').matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(
      (each) => each[1]!,
    )
    const missing = links.filter((link) => !existsSync(join(dirname(join(root, page)), link)))
    expect(missing).toEqual([])
  })
})
