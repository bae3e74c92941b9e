import fc from 'fast-check'
import { expect, test } from 'vitest'
import { lintDefinition } from '../../src/definition/lint.ts'
import { parseDefinition } from '../../src/definition/parse.ts'
import { renderHtml, renderMarkdown } from '../../src/definition/render.ts'
import { compileDefinition } from '../../src/plan/compile.ts'
import { caseOf } from '../generators/cases.ts'
import { casesOf } from '../generators/share.ts'
import { mutated } from './mutations.ts'
import { whole } from './whole.ts'

/** What the parser lets through, everything behind it must take. */
test('a definition that is parsed can be compiled, linted and rendered', () => {
  let parsed = 0
  const documents = fc.oneof(
    mutated(whole),
    fc.nat(10_000).chain((seed) => mutated(() => structuredClone(caseOf(seed).definition))),
  )
  fc.assert(
    fc.property(documents, (document) => {
      const result = parseDefinition(document)
      if (!result.ok) return
      parsed += 1
      compileDefinition(result.definition)
      lintDefinition(result.definition)
      expect(renderHtml(result.definition)).not.toContain('[object Object]')
      expect(renderMarkdown(result.definition)).not.toMatch(/\[object Object\]|undefined|NaN/)
    }),
    { numRuns: casesOf(800) },
  )
  expect(parsed).toBeGreaterThanOrEqual(casesOf(800) / 27)
})
