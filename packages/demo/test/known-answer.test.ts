/** Where the truth is known, a backtest finds it. */
import { expect, test } from 'vitest'
import { backtestOfWorked, coveredFigures, coverageOf } from './worked.ts'

const SEEDS = 10
const results = Array.from({ length: SEEDS }, (_, index) => backtestOfWorked(index + 1, 300, 200))

test('a definition made of the truth is ahead of both versions', () => {
  for (const { versions } of results) {
    const [first, second, truth] = versions.map(
      ({ captured }) => captured.find(({ perWeek }) => perWeek === 3)?.wins.value ?? 0,
    )
    expect(truth).toBeGreaterThanOrEqual(Math.max(first!, second!))
  }
  // Against the first version, at one capacity for both and with intervals of both together.
  const verdicts = results.map(({ comparisons }) =>
    comparisons[1]!.differences.find(({ figure }) => figure === 'winsAtCapacity')!,
  )
  expect(verdicts.every(({ verdict }) => verdict !== 'worse')).toBe(true)
  expect(verdicts.filter(({ verdict }) => verdict === 'better').length).toBeGreaterThan(SEEDS / 2)
})

test('intervals hold what all companies come to together, nearly always', () => {
  for (const [name, { held, of }] of coverageOf(results.map(coveredFigures))) {
    expect([name, of]).toEqual([name, SEEDS])
    expect([name, held >= 0.7 * of]).toEqual([name, true]) // ten are few; the soak looks at two hundred
  }
})
