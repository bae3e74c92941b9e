import { expect, test } from 'vitest'
import { withBound } from '../../src/features/backtests/bound.ts'

const TEXT = `winnow: 1
categories:
  temperature: # by what they did
    levels:
      - hot: { when: { score: interest, at_least: 50 }, stays_while: { score: interest, at_least: 38 } }
      - warm:
          when:
            all: [{ score: interest, at_least: 32 }, { score: fit, at_least: 20 }] # both
      - cold: {}
stages:
  - { id: lead }
  - { id: mql, enter: { any: [{ score: fit, at_least: 70 }, { category: temperature, is: hot }] } }
`
const bound = { score: 'interest', category: 'temperature', level: 'hot', from: 50, to: 61 }

test('one number changes, and not a letter besides', () => {
  expect(withBound(TEXT, bound)).toBe(TEXT.replace('at_least: 50', 'at_least: 61'))
})

test('a bound within other conditions is found', () => {
  expect(withBound(TEXT, { ...bound, level: 'warm', from: 32, to: 30 })).toBe(
    TEXT.replace('at_least: 32', 'at_least: 30'),
  )
})

test('a stage that tests a score itself has its bound there', () => {
  expect(withBound(TEXT, { score: 'fit', category: 'stage', level: 'mql', from: 70, to: 64 })).toBe(
    TEXT.replace('at_least: 70', 'at_least: 64'),
  )
})

test('who comes in with fewer points than stay is not out again at once', () => {
  expect(withBound(TEXT, { ...bound, to: 30 })).toBe(
    TEXT.replace('at_least: 50', 'at_least: 30').replace('at_least: 38', 'at_least: 30'),
  )
})

test.each([
  { name: 'a level', change: { level: 'boiling' } },
  { name: 'a category', change: { category: 'weather' } },
  { name: 'a score', change: { score: 'fit' } },
])('$name that the text does not have has no bound', ({ change }) => {
  expect(withBound(TEXT, { ...bound, ...change })).toBeUndefined()
})
