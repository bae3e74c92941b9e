import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseDefinition } from '../../src/definition/parse.ts'
import { parseDefinitionText } from '../../src/definition/text.ts'
import { orderOfNodes } from '../../src/definition/dependencies.ts'
import { casesOf } from '../generators/share.ts'
import { mutated } from './mutations.ts'
import { whole } from './whole.ts'

test('a changed document is read or refused, never thrown at', () => {
  let read = 0
  fc.assert(
    fc.property(mutated(whole), (document) => {
      const parsed = parseDefinition(document)
      expect(parsed.ok).toBe(parsed.issues.every((issue) => issue.severity === 'warning'))
      if (!parsed.ok) return
      read += 1
      expect(parsed.definition).toEqual(document)
      orderOfNodes(parsed.definition)
    }),
    { numRuns: casesOf(500) },
  )
  expect(read).toBeGreaterThanOrEqual(casesOf(500) / 25)
})

test('a changed text is read or refused, never thrown at', () => {
  const text = JSON.stringify(whole(), null, 1).replaceAll('"', "'")
  const cut = fc.record({
    at: fc.nat(text.length),
    remove: fc.nat(3),
    put: fc.oneof(
      fc.string(),
      fc.constantFrom('[', '{', '\n', '\t', '- ', ': ', '&a ', '*a', '!x ', '"', '#', '|', '? '),
    ),
  })
  fc.assert(
    fc.property(fc.array(cut, { minLength: 1, maxLength: 3 }), (cuts) => {
      const changed = cuts.reduce((so, { at, remove, put }) => so.slice(0, at) + put + so.slice(at + remove), text)
      const parsed = parseDefinitionText(changed)
      for (const issue of parsed.issues)
        expect([issue.line, issue.column].every((each) => each !== undefined && each >= 1)).toBe(true)
    }),
    { numRuns: casesOf(60) },
  )
})

test('anything at all is read or refused', () => {
  fc.assert(
    fc.property(
      fc.anything({
        withBigInt: true,
        withDate: true,
        withMap: true,
        withSet: true,
        withNullPrototype: true,
        withSparseArray: true,
      }),
      (input) => {
        expect(parseDefinition(input).ok).toBe(false)
      },
    ),
    { numRuns: casesOf(500) },
  )
})
