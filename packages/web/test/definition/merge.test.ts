import fc from 'fast-check'
import { expect, test } from 'vitest'
import { joinHunks, mergeTexts } from '../../src/features/definition/edit/merge.ts'

const BASE = 'a\nb\nc\nd\ne'

test('changes in different places need no decision', () => {
  const hunks = mergeTexts(BASE, 'a\nB\nc\nd\ne', 'a\nb\nc\nd\nE\nf')
  expect(hunks.some(({ kind }) => kind === 'conflict')).toBe(false)
  expect(joinHunks(hunks, [])).toBe('a\nB\nc\nd\nE\nf')
})

test('changes in one place are to be decided', () => {
  const hunks = mergeTexts(BASE, 'a\nmine\nc\nd\ne', 'a\ntheirs\nc\nd\ne')
  expect(hunks.filter(({ kind }) => kind === 'conflict')).toHaveLength(1)
  expect(joinHunks(hunks, ['yours'])).toBe('a\nmine\nc\nd\ne')
  expect(joinHunks(hunks, ['theirs'])).toBe('a\ntheirs\nc\nd\ne')
  expect(joinHunks(hunks, ['both'])).toBe('a\ntheirs\nmine\nc\nd\ne')
})

const text = fc.array(fc.constantFrom('a', 'b', 'c', 'd', ''), { maxLength: 12 }).map((lines) => lines.join('\n'))

test('whoever changed nothing gets what the other wrote; all of either can be chosen', () => {
  fc.assert(
    fc.property(text, text, text, (base, yours, theirs) => {
      expect(joinHunks(mergeTexts(base, yours, base), [])).toBe(yours)
      expect(joinHunks(mergeTexts(base, base, theirs), [])).toBe(theirs)
      expect(joinHunks(mergeTexts(base, yours, yours), [])).toBe(yours)
      const hunks = mergeTexts(base, yours, theirs)
      const all = joinHunks(
        hunks,
        hunks.map(() => 'both'),
      )
      for (const line of yours.split('\n')) if (!base.includes(line)) expect(all).toContain(line)
    }),
  )
})
