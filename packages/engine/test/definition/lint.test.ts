import { expect, test } from 'vitest'
import { formatPath } from '../../src/definition/issue.ts'
import { lintDefinition } from '../../src/definition/lint.ts'
import { parseDefinition } from '../../src/definition/parse.ts'
import { clean, lintCases, quietCases } from './lint-cases.ts'
import type { Definition } from '../../src/definition/language.ts'

const found = (definition: Definition) =>
  lintDefinition(definition).map((issue) => `${issue.code} at ${formatPath(issue.path)}`)

test('nothing is wrong with the clean definition', () => {
  expect(parseDefinition(clean())).toMatchObject({ ok: true, issues: [] })
  expect(found(clean())).toEqual([])
})

test.each(lintCases)('$code: $name', ({ code, path, message, definition }) => {
  expect(parseDefinition(definition)).toMatchObject({ ok: true, issues: [] })
  expect(found(definition)).toContain(`${code} at ${path}`)
  const issues = lintDefinition(definition)
  for (const issue of issues) expect(issue).toMatchObject({ severity: 'warning', hint: expect.stringMatching(/\S/) })
  const there = issues.find((issue) => issue.code === code && formatPath(issue.path) === path)
  if (message !== undefined) expect(there?.message).toBe(message)
})

test.each(quietCases)('quiet: $name', ({ definition }) => {
  expect(parseDefinition(definition)).toMatchObject({ ok: true, issues: [] })
  expect(found(definition)).toEqual([])
})
