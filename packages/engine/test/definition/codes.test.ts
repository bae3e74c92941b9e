import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { ISSUES } from '../../src/definition/codes.ts'
import { lintDefinition } from '../../src/definition/lint.ts'
import { parseDefinition } from '../../src/definition/parse.ts'
import { parseDefinitionText } from '../../src/definition/text.ts'
import { HINTS } from '../../src/errors.ts'
import { issueCases } from './issue-cases.ts'
import { lintCases } from './lint-cases.ts'
import { textCases } from './text-cases.ts'

const page = readFileSync(new URL('../../../../docs/errors.md', import.meta.url), 'utf8')
const [issuesPart = '', rest = ''] = page.split('## Errors that are thrown')
const [errorsPart = ''] = rest.split('\n## ') // the codes of the command and of its input follow
const codesIn = (part: string) => [...part.matchAll(/^\| `([a-z_]+)` \|/gm)].map((match) => match[1])

describe('docs/errors.md', () => {
  test('explains every code of an issue once, and no other', () => {
    expect(codesIn(issuesPart).sort()).toEqual(Object.keys(ISSUES).sort())
  })

  test('explains every code of an error once, and no other', () => {
    expect(codesIn(errorsPart).sort()).toEqual(Object.keys(HINTS).sort())
  })

  test('calls warnings what are warnings', () => {
    for (const section of issuesPart.split('\n## ').slice(1)) {
      const severity = section.split('\n')[0].includes('warnings') ? 'warning' : 'error'
      for (const code of codesIn(section))
        expect([code, ISSUES[code as keyof typeof ISSUES][0]]).toEqual([code, severity])
    }
  })
})

test('every code of an issue is found by some case of these tests', () => {
  const issues = [
    ...issueCases.flatMap(({ document }) => parseDefinition(document).issues),
    ...textCases.flatMap(({ text }) => parseDefinitionText(text).issues),
    ...lintCases.flatMap(({ definition }) => lintDefinition(definition)),
    ...parseDefinitionText('x'.repeat(1_048_577)).issues,
    ...parseDefinitionText('['.repeat(1_000)).issues,
    ...parseDefinition({ winnow: 1, name: 'x', description: 'x'.repeat(2_000_001) }).issues,
    ...parseDefinition(Object.fromEntries(Array.from({ length: 1_001 }, (_, at) => [`k${at}`, 1]))).issues,
  ]
  expect([...new Set(issues.map((issue) => issue.code))].sort()).toEqual(Object.keys(ISSUES).sort())
})
