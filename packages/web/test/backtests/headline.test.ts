import type { Comparison } from '@winnow/engine'
import { expect, test } from 'vitest'
import { headlineOf, verdictOf } from '../../src/features/backtests/headline.ts'
import { about, result } from './result.ts'

type Differences = Comparison['differences']
const difference = about(0.1, 0.05)
const verdictWith = (...differences: Differences) =>
  verdictOf({ version: 'Version 2', against: 'Version 1', differences, migration: [] }).kind

test('the headline speaks of the last version, of what others come to, and of what sales can take', () => {
  const headline = headlineOf(result)!
  expect(headline.main).toMatchObject({ name: 'Version 2', perWeek: 31 })
  expect(headline.main.recall.value).toBeCloseTo(0.82)
  expect(headline.others).toMatchObject([{ name: 'Version 1', perWeek: 42 }])
  expect(headline.capacity).toBe(30)
  expect(headline.verdict).toMatchObject({ kind: 'better' })
})

test('without a capacity it says what came on average', () => {
  const [version] = result.versions
  const weeks = version!.weeks.slice(0, 2).map((week, at) => ({ ...week, handedOver: 10 + at }))
  const headline = headlineOf({ ...result, versions: [{ ...version!, gate: [], weeks }], comparisons: [] })!
  expect(headline).toMatchObject({ capacity: null, verdict: undefined, main: { perWeek: 10.5 } })
})

test('nothing is better before there is evidence', () => {
  expect(verdictWith({ figure: 'recall', difference, verdict: 'not enough evidence' })).toBe('unclear')
  expect(verdictWith({ figure: 'recall', difference, verdict: 'better' })).toBe('better')
  expect(verdictWith({ figure: 'precision', difference, verdict: 'worse' })).toBe('worse')
  expect(
    verdictWith(
      { figure: 'recall', difference, verdict: 'better' },
      { figure: 'precision', difference, verdict: 'worse' },
    ),
  ).toBe('mixed')
})

test('more leads, or fewer, is neither better nor worse', () => {
  expect(verdictWith({ figure: 'handedOver', difference, verdict: 'fewer' })).toBe('unclear')
})
