import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SeenIndex } from '../src/dedupe.ts'

test('it answers as a map from keys to bodies and lines would', () => {
  const key = fc.string({ maxLength: 3 })
  fc.assert(
    fc.property(fc.array(fc.tuple(key, fc.constantFrom('x', 'y', '')), { maxLength: 300 }), (adds) => {
      const index = new SeenIndex()
      const known = new Map<string, { body: string; line: number }>()
      adds.forEach(([each, body], at) => {
        const before = known.get(each)
        const expected = before === undefined ? 'new' : before.body === body ? 'same' : before.line
        expect(index.add(each, body, at + 1)).toBe(expected)
        if (before === undefined) known.set(each, { body, line: at + 1 })
      })
    }),
    { numRuns: 500 },
  )
})

test('a million keys that look alike are told apart', () => {
  const index = new SeenIndex()
  for (let at = 1; at <= 1_000_000; at++) if (index.add(`lead-${at}`, 'x', at) !== 'new') throw new Error(`key ${at}`)
  expect(index.add('lead-1', 'x', 9)).toBe('same')
  expect(index.add('lead-1000000', 'y', 9)).toBe(1_000_000)
})
