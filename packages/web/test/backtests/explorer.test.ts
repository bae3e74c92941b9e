import { wilson } from '@winnow/engine'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { pointsOf, readThreshold, stepOf, thresholdFor } from '../../src/features/backtests/explorer.ts'
import { histogramOf } from '../../src/features/backtests/histogram.ts'
import { versionOf } from './result.ts'

const curve = versionOf('one', 1, 30).thresholds[0]!
const interval = (successes: number, count: number) => {
  const { rate: value, low, high } = wilson(successes, count)
  return { value, low, high, count }
}

test('a threshold is read from the arrays, with its interval', () => {
  const reading = readThreshold(curve, 50, { wins: 49, interval })
  expect(reading).toMatchObject({ at: 50, entered: curve.entered[50], perWeek: curve.perWeek[50] })
  expect(reading.winRate).toEqual(interval(curve.won[50]!, curve.followed[50]!))
  expect(reading.captured).toEqual(interval(curve.winsBefore[50]!, 49))
})

test('steps and points lead to one another, whatever the range of the score', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -200, max: 200 }),
      fc.integer({ min: 1, max: 1000 }),
      fc.nat(100),
      (low, width, step) => {
        const range = { low, high: low + width }
        expect(stepOf(range, pointsOf(range, step))).toBe(step)
      },
    ),
  )
})

test('points outside the range are its ends', () => {
  const range = { low: -20, high: 60 }
  expect([stepOf(range, -500), stepOf(range, 500)]).toEqual([0, 100])
})

test('the threshold that fits is the lowest that brings no more than there is room for', () => {
  const at = thresholdFor(curve, 30)!
  expect(curve.perWeek[at]).toBeLessThanOrEqual(30)
  expect(curve.perWeek[at - 1]).toBeGreaterThan(30)
  expect(thresholdFor(curve, -1)).toBeUndefined()
})

test('every day is in one bar of the histogram, in whole weeks', () => {
  expect(histogramOf([])).toEqual([])
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 900, noNaN: true }), { minLength: 1 }), (days) => {
      const bars = histogramOf(days)
      expect(bars.reduce((sum, { count }) => sum + count, 0)).toBe(days.length)
      for (const { from, to, count } of bars) {
        expect((to - from) % 7).toBe(0)
        expect(days.filter((day) => day >= from && day < to).length).toBe(count)
      }
      expect(bars.length).toBeLessThanOrEqual(24)
    }),
  )
})
