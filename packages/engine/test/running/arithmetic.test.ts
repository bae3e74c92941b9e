/** The arithmetic under scores: powers, fading, ranges of points, and the instant at which a fading score leaves a band. */
import { describe, expect, test } from 'vitest'
import { firstExit, firstExitEitherWay, type Fading } from '../../src/assess/crossing.ts'
import { compileDecay, lifeOf, weightAt } from '../../src/plan/decay.ts'
import { exp2 } from '../../src/plan/exp2.ts'
import { atLeastHold, countHolds, FALSE, not, TRUE, UNKNOWN, type Kleene } from '../../src/plan/kleene.ts'
import { clamp, clampOf, countRange, micro, microRange } from '../../src/plan/points.ts'
import type { Decay } from '../../src/definition/language.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

describe('powers of two', () => {
  test('are exact where they can be', () => {
    for (let power = 0; power <= 1_073; power++) expect([power, exp2(-power)]).toEqual([power, 2 ** -power])
    expect([exp2(-1_074), exp2(-2_000), exp2(-Infinity)]).toEqual([0, 0, 0])
  })

  test('are those of the platform to the last bits, and never rise', () => {
    let before = 1
    for (let x = 0; x > -40; x -= 0.000_977) {
      const found = exp2(x)
      if (Math.abs(found / 2 ** x - 1) > 1e-15 || found > before) expect([x, found]).toEqual([x, 2 ** x])
      before = found
    }
  })
})

describe('fading', () => {
  const cases: readonly (readonly [
    Decay | undefined,
    life: number,
    readonly (readonly [age: number, weight: number])[],
  ])[] = [
    [
      undefined,
      Infinity,
      [
        [0, 1],
        [1e12, 1],
      ],
    ],
    [
      'none',
      Infinity,
      [
        [0, 1],
        [1e12, 1],
      ],
    ],
    [
      { half_life: '7d' },
      Infinity,
      [
        [0, 1],
        [7 * DAY, 0.5],
        [14 * DAY, 0.25],
      ],
    ],
    [
      { linear: { over: '4d', after: '1d' } },
      5 * DAY,
      [
        [0, 1],
        [DAY, 1],
        [DAY + 1, 1 - 1 / (4 * DAY)],
        [3 * DAY, 0.5],
        [5 * DAY, 0],
        [6 * DAY, 0],
      ],
    ],
    [
      { linear: { over: '4d' } },
      4 * DAY,
      [
        [0, 1],
        [DAY, 0.75],
        [4 * DAY, 0],
      ],
    ],
    [
      { steps: { every: '1d', lose: '40%' } },
      3 * DAY,
      [
        [0, 1],
        [DAY - 1, 1],
        [DAY, 0.6],
        [2 * DAY, 0.2],
        [3 * DAY, 0],
        [9 * DAY, 0],
      ],
    ],
    [
      { steps: { every: '1d', lose: '50%' } },
      2 * DAY,
      [
        [DAY, 0.5],
        [2 * DAY, 0],
      ],
    ],
    [
      { expires: '2d' },
      2 * DAY,
      [
        [0, 1],
        [2 * DAY - 1, 1],
        [2 * DAY, 0],
      ],
    ],
  ]
  test.each(cases)('%j', (decay, life, weights) => {
    const plan = compileDecay(decay)
    expect(lifeOf(plan)).toBe(life)
    for (const [age, weight] of weights) expect([age, weightAt(plan, age)]).toEqual([age, expect.closeTo(weight, 12)])
  })

  test('the nearest decay wins', () => {
    expect(compileDecay(undefined, 'none', { half_life: '7d' })).toEqual({ kind: 'none' })
    expect(compileDecay(undefined, { half_life: '7d' }, 'none')).toEqual({ kind: 'half_life', halfLifeMs: 7 * DAY })
  })
})

describe('three values', () => {
  const ALL: readonly Kleene[] = [FALSE, TRUE, UNKNOWN]
  /** Every way in which the unknown ones could turn out. */
  const worlds = (results: readonly Kleene[]): boolean[][] =>
    results.reduce<boolean[][]>(
      (so, result) =>
        so.flatMap((world) => (result === UNKNOWN ? [false, true] : [result === TRUE]).map((each) => [...world, each])),
      [[]],
    )
  const sureOf = (outcomes: readonly boolean[]): Kleene =>
    outcomes.every((each) => each) ? TRUE : outcomes.some((each) => each) ? UNKNOWN : FALSE

  test('so many hold when they do in every world', () => {
    const lists = ALL.flatMap((a) => ALL.flatMap((b) => ALL.map((c) => [a, b, c])))
    for (const results of lists) {
      expect([results[0], not(results[0])]).toEqual([results[0], sureOf(worlds([results[0]]).map(([each]) => !each))])
      for (const atLeast of [0, 1, 2, 3]) {
        const expected = sureOf(worlds(results).map((world) => world.filter((each) => each).length >= atLeast))
        expect([results, atLeast, atLeastHold(results, atLeast)]).toEqual([results, atLeast, expected])
      }
    }
  })

  test('a count lies in a range when every possible one does', () => {
    for (let low = 0; low < 5; low++) {
      for (let high = low - 1; high < 5; high++) {
        for (let sure = 0; sure < 4; sure++) {
          for (let possible = sure; possible < 5; possible++) {
            const counts = Array.from({ length: possible - sure + 1 }, (_, more) => sure + more)
            const expected = sureOf(counts.map((count) => count >= low && count <= high))
            expect([low, high, sure, possible, countHolds({ low, high }, sure, possible)]).toEqual([
              low,
              high,
              sure,
              possible,
              expected,
            ])
          }
        }
      }
    }
  })
})

test.each([
  [{ is: 2 }, [2, 2]],
  [{ at_least: 1.5 }, [2, Infinity]],
  [{ above: 1.5 }, [2, Infinity]],
  [{ above: 2 }, [3, Infinity]],
  [{ at_most: 1.5 }, [-Infinity, 1]],
  [{ below: 1.5 }, [-Infinity, 1]],
  [{ below: 2 }, [-Infinity, 1]],
  [{ between: [1.5, 3.5] as const }, [2, 3]],
  [{ is: 1.5 }, [2, 1]],
  [{ at_least: 1, above: 3, below: 9, at_most: 7 }, [4, 7]],
])('counts for which %j holds', (comparison, [low, high]) => {
  expect(countRange(comparison as never)).toEqual({ low, high })
})

test('points are whole millionths', () => {
  expect([0, 1, -1, 0.000_000_5, -0.000_000_5, -0.000_000_6, 1e9].map(micro)).toEqual([0, 1e6, -1e6, 1, 0, -1, 1e15])
  expect(microRange({ above: 1, below: 2 })).toEqual({ low: 1_000_001, high: 1_999_999 })
  expect(clampOf({})).toEqual({ floor: -Infinity, cap: Infinity })
  expect(clampOf({ floor: -1, cap: 2 })).toEqual({ floor: -1e6, cap: 2e6 })
  expect([-5, -1, 0, 2, 5].map((value) => clamp(value, { floor: -1, cap: 2 }))).toEqual([-1, -1, 0, 2, 2])
})

describe('the way out of a band', () => {
  interface Part {
    readonly points: number
    readonly halfLifeMs: number
  }
  /** So many micro-points that fade, and what is asked of them. */
  function fadingOf(parts: readonly Part[]) {
    const asked: number[] = []
    const sumAt = (t: number) => parts.reduce((sum, { points, halfLifeMs }) => sum + points * exp2(-t / halfLifeMs), 0)
    const valueAt = (t: number) => Math.floor(sumAt(t) + 0.5)
    const fading: Fading = {
      at: (t) => {
        asked.push(t)
        const sum = sumAt(t)
        const lossPerMs = parts.reduce(
          (so, { points, halfLifeMs }) => so + (points * exp2(-t / halfLifeMs) * Math.LN2) / halfLifeMs,
          0,
        )
        return { value: Math.floor(sum + 0.5), sum, part: sum, lossPerMs }
      },
      over: (a, b) => {
        const ends = parts.map(({ points, halfLifeMs }) => [
          points * exp2(-a / halfLifeMs),
          points * exp2(-b / halfLifeMs),
        ])
        const low = ends.reduce((sum, [x, y]) => sum + Math.min(x, y), 0)
        const high = ends.reduce((sum, [x, y]) => sum + Math.max(x, y), 0)
        const signs = new Set(parts.map(({ points }) => Math.sign(points)))
        return { low: Math.floor(low + 0.5), high: Math.floor(high + 0.5), isOneWay: signs.size === 1 }
      },
    }
    return { fading, valueAt, asked }
  }
  const firstOutside = (
    valueAt: (t: number) => number,
    { low, high }: { low: number; high: number },
    from: number,
    to: number,
  ) => {
    for (let t = from + 1; t <= to; t++) if (valueAt(t) < low || valueAt(t) > high) return t
    return Infinity
  }

  test.each<readonly [readonly Part[]]>([
    [[{ points: 5_000, halfLifeMs: 700 }]],
    [[{ points: -5_000, halfLifeMs: 700 }]],
    [
      [
        { points: 100, halfLifeMs: 300 },
        { points: 900, halfLifeMs: 2_000 },
      ],
    ],
    [[{ points: -3, halfLifeMs: 900 }]],
  ])('is the first millisecond outside, one way: %j', (parts) => {
    const { fading, valueAt, asked } = fadingOf(parts)
    for (const from of [0, 1, 250]) {
      for (const to of [from + 1, from + 2, 900, 3_000]) {
        for (const width of [0, 1, 40, 400]) {
          const band = { low: valueAt(from) - width, high: valueAt(from) + width }
          const found = firstExit(band, fading, from, to)
          expect([from, to, band, found]).toEqual([from, to, band, firstOutside(valueAt, band, from, to)])
          expect(firstExitEitherWay(band, fading, from, to)).toBe(found)
        }
      }
    }
    expect(asked.length).toBeLessThan(2_000) // a good guess needs a few looks, not one for every millisecond
  })

  test('without an end, what fades leaves early or never', () => {
    const { fading, valueAt } = fadingOf([{ points: 50_000_000, halfLifeMs: 7 * DAY }])
    for (const points of [49_999_999, 40_000_000, 3_000_000, 1]) {
      const band = { low: points, high: Infinity }
      const found = firstExit(band, fading, 0, Infinity)
      expect([points, valueAt(found - 1) >= points, valueAt(found) < points]).toEqual([points, true, true])
    }
    expect(firstExit({ low: 0, high: Infinity }, fading, 0, Infinity)).toBe(Infinity)
  })

  test.each<readonly [readonly Part[]]>([
    [
      [
        { points: 5_000, halfLifeMs: 700 },
        { points: -4_000, halfLifeMs: 300 },
      ],
    ],
    [
      [
        { points: -5_000, halfLifeMs: 200 },
        { points: 4_000, halfLifeMs: 2_000 },
      ],
    ],
    [
      [
        { points: 100, halfLifeMs: 100 },
        { points: -101, halfLifeMs: 5_000 },
      ],
    ],
  ])('is the first millisecond outside, first up and then down: %j', (parts) => {
    const { fading, valueAt } = fadingOf(parts)
    for (const from of [0, 3, 250]) {
      for (const to of [from + 1, from + 2, 1_500, 4_000]) {
        for (const width of [0, 1, 40, 400]) {
          const band = { low: valueAt(from) - width, high: valueAt(from) + width }
          expect([from, to, band, firstExitEitherWay(band, fading, from, to)]).toEqual([
            from,
            to,
            band,
            firstOutside(valueAt, band, from, to),
          ])
        }
      }
    }
  })

  test('is found across many hours too', () => {
    const { fading, valueAt } = fadingOf([
      { points: 5_000, halfLifeMs: 30 * DAY },
      { points: -4_000, halfLifeMs: 3 * DAY },
    ])
    for (const band of [
      { low: 900, high: 3_000 },
      { low: 1_000, high: 1_001 },
      { low: -Infinity, high: 3_190 },
    ]) {
      const found = firstExitEitherWay(band, fading, 0, 90 * DAY)
      const isOut = (t: number) => valueAt(t) < band.low || valueAt(t) > band.high
      if (found === Infinity)
        expect(Array.from({ length: 9_000 }, (_, at) => isOut((at * DAY) / 100))).not.toContain(true)
      else {
        expect([band, isOut(found), isOut(found - 1)]).toEqual([band, true, false])
        expect(Array.from({ length: 1_000 }, (_, at) => isOut(Math.floor((found - 1) * (at / 1_000))))).not.toContain(
          true,
        )
      }
    }
  })
})
