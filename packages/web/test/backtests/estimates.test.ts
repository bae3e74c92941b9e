import { expect, test } from 'vitest'
import { createFormats } from '../../src/app/format.ts'
import { estimateWords } from '../../src/features/backtests/estimates.ts'
import { periodBefore } from '../../src/features/backtests/period.ts'

const says = estimateWords(createFormats('en-GB', 'UTC'), 'to')
const nothing = { value: null, low: null, high: null, count: 0 }
const of = (value: number, low: number, high: number) => ({ value, low, high, count: 50 })

test.each([
  ['a rate', says.rate(of(0.823, 0.741, 0.882)), '82% (74–88)'],
  ['a rate under a tenth, with a decimal', says.rate(of(0.012, 0.004, 0.031)), '1.2% (0.4–3.1)'],
  ['a rate of nobody', says.rate(nothing), '–'],
  ['an amount', says.amount(of(31, 27.2, 35.8)), '31 (27–36)'],
  ['an amount that may be less than none', says.amount(of(1, -2, 4)), '1 (−2 to 4)'],
  ['a gain in points of a hundred', says.ratePoints(of(0.19, 0.11, 0.27)), '+19 (+11 to +27)'],
  ['a loss', says.ratePoints(of(-0.04, -0.09, 0.012)), '−4 (−9 to +1.2)'],
  ['no difference', says.signed(of(0, -1, 1)), '0 (−1 to +1)'],
])('%s', (_, said, expected) => {
  expect(said).toBe(expected)
})

test.each([
  ['quarter', '2026-05-31T15:00:00Z', '2026-02-28T00:00:00.000Z'],
  ['half', '2026-06-16T09:00:00Z', '2025-12-16T00:00:00.000Z'],
  ['year', '2028-02-29T00:00:00Z', '2027-02-28T00:00:00.000Z'],
] as const)('a %s before %s begins on %s', (period, now, from) => {
  expect(periodBefore(Date.parse(now), period)).toEqual({ from, to: `${now.slice(0, 10)}T00:00:00.000Z` })
})
