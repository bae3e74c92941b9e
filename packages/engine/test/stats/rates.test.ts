import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { deviationsAround, differenceOfRates, medianOf, perUnit, wilson } from '../../src/index.ts'

test.each([
  [0.5, 0.674_489_750_196_08],
  [0.9, 1.644_853_626_951_47],
  [0.95, 1.959_963_984_540_05],
  [0.99, 2.575_829_303_548_9],
  [0.999, 3.290_526_731_491_9],
])('%d of a normal distribution lies within ±%d deviations', (confidence, deviations) => {
  expect(deviationsAround(confidence)).toBeCloseTo(deviations, 10)
})

describe('wilson', () => {
  // Newcombe 1998, "Two-sided confidence intervals for the single proportion", table I, method 3.
  test.each([
    { successes: 81, trials: 263, low: 0.2553, high: 0.3662 },
    { successes: 15, trials: 148, low: 0.0624, high: 0.1605 },
    { successes: 0, trials: 20, low: 0, high: 0.1611 },
    { successes: 1, trials: 29, low: 0.0061, high: 0.1718 },
  ])('$successes of $trials', ({ successes, trials, low, high }) => {
    const rate = wilson(successes, trials)
    expect(rate.rate).toBe(successes / trials)
    expect(rate.low).toBeCloseTo(low, 4)
    expect(rate.high).toBeCloseTo(high, 4)
  })

  test('nothing counted says nothing', () => {
    expect(wilson(0, 0)).toEqual({ rate: null, low: 0, high: 1 })
  })

  test('all of them reach 1 exactly, none 0 exactly', () => {
    expect(wilson(7, 7).high).toBe(1)
    expect(wilson(0, 7).low).toBe(0)
  })

  test('the interval holds the rate, lies in 0 to 1, and mirrors', () => {
    fc.assert(
      fc.property(
        fc.nat(5_000),
        fc.nat(5_000),
        fc.double({ min: 0.5, max: 0.999, noNaN: true }),
        (a, b, confidence) => {
          fc.pre(a + b > 0)
          const [won, lost] = [wilson(a, a + b, confidence), wilson(b, a + b, confidence)]
          expect(won.low).toBeGreaterThanOrEqual(0)
          expect(won.low).toBeLessThanOrEqual(won.rate!)
          expect(won.high).toBeGreaterThanOrEqual(won.rate!)
          expect(won.high).toBeLessThanOrEqual(1)
          expect(won.low).toBeCloseTo(1 - lost.high, 9)
        },
      ),
    )
  })

  test('solves (p − p̂)² = z²·p·(1 − p)/n, which it was made from', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 1, max: 400 }), (a, b) => {
        const { rate, low, high } = wilson(a, a + b)
        for (const p of [low, high])
          expect((p - rate!) ** 2).toBeCloseTo((1.959_963_984_540_05 ** 2 * p * (1 - p)) / (a + b), 9)
      }),
    )
  })
})

describe('differenceOfRates', () => {
  // Newcombe 1998, "Interval estimation for the difference between independent proportions", table II, method 10.
  test.each([
    { first: [56, 70], second: [48, 80], difference: 0.2, low: 0.0524, high: 0.3339 },
    { first: [9, 10], second: [3, 10], difference: 0.6, low: 0.1705, high: 0.809 },
    { first: [10, 10], second: [0, 10], difference: 1, low: 0.6075, high: 1 },
  ] as const)('$first against $second', ({ first, second, difference, low, high }) => {
    const found = differenceOfRates(count(first), count(second))
    expect(found.difference).toBeCloseTo(difference, 12)
    expect(found.low).toBeCloseTo(low, 4)
    expect(found.high).toBeCloseTo(high, 4)
  })

  const count = ([successes, trials]: readonly [number, number]) => ({ successes, trials })

  test('nothing on one side says nothing', () => {
    expect(differenceOfRates(count([1, 2]), count([0, 0]))).toEqual({ difference: null, low: -1, high: 1 })
  })

  test('exchanging the sides changes the sign alone', () => {
    fc.assert(
      fc.property(fc.tuple(fc.nat(50), fc.nat(50), fc.nat(50), fc.nat(50)), ([a, b, c, d]) => {
        fc.pre(a + b > 0 && c + d > 0)
        const [one, other] = [count([a, a + b]), count([c, c + d])]
        const [there, back] = [differenceOfRates(one, other), differenceOfRates(other, one)]
        expect(there.low).toBeCloseTo(-back.high, 12)
        expect(there.low).toBeLessThanOrEqual(there.difference!)
        expect(there.high).toBeGreaterThanOrEqual(there.difference!)
      }),
    )
  })
})

describe('perUnit', () => {
  test('100 in 4 weeks', () => {
    // 100 + 1.9207 ± 1.95996·√(100 + 0.9604) = 101.9207 ± 19.6935, a quarter of each
    const { perUnit: each, low, high } = perUnit(100, 4)
    expect(each).toBe(25)
    expect(low).toBeCloseTo(20.5568, 3)
    expect(high).toBeCloseTo(30.4036, 3)
  })

  test('none at all may still be 3.84 in that time', () => {
    expect(perUnit(0, 1)).toEqual({ perUnit: 0, low: 0, high: expect.closeTo(3.8415, 3) as number })
    expect(perUnit(0, 0)).toEqual({ perUnit: null, low: 0, high: Number.POSITIVE_INFINITY })
  })
})

describe('medianOf', () => {
  test('of an odd and an even number', () => {
    expect(medianOf([3, 1, 2]).median).toBe(2)
    expect(medianOf([4, 1, 2, 3]).median).toBe(2.5)
    expect(medianOf([10, 9, 100])).toMatchObject({ median: 10 })
  })

  test('100 values: ranks 40 and 61 (Campbell & Gardner 1988)', () => {
    const values = Array.from({ length: 100 }, (_, index) => 100 - index)
    expect(medianOf(values)).toEqual({ median: 50.5, low: 40, high: 61 })
  })

  test('five values are too few for 95 %, six suffice; none has no middle', () => {
    expect(medianOf([1, 2, 3, 4, 5])).toEqual({ median: 3, low: null, high: null })
    expect(medianOf([1, 2, 3, 4, 5, 6])).toEqual({ median: 3.5, low: 1, high: 6 })
    expect(medianOf([])).toEqual({ median: null, low: null, high: null })
  })
})
