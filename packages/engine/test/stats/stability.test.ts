import fc from 'fast-check'
import { expect, test } from 'vitest'
import { stabilityByChance, stabilityIndex } from '../../src/index.ts'

test('two parts that changed from half and half to a quarter and three', () => {
  // with the half case: 50.5/101 = ½ each, then 25.5/101 and 75.5/101
  const share = 25.5 / 101
  const { index, parts } = stabilityIndex([50, 50], [25, 75])
  expect(parts[0]).toBeCloseTo((share - 0.5) * Math.log(share / 0.5), 12)
  expect(parts[1]).toBeCloseTo((0.5 - share) * Math.log((1 - share) / 0.5), 12)
  expect(index).toBeCloseTo(0.269, 3)
})

test('a part that was empty counts, and not for ever', () => {
  // 10.5/11 and 0.5/11 became 5.5/11 each: −.4545·ln(.5/.9545) + .4545·ln(.5/.0455) = .2939 + 1.0899
  expect(stabilityIndex([10, 0], [5, 5]).index).toBeCloseTo(1.3839, 3)
  expect(stabilityIndex([0, 0], [5, 5])).toEqual({ index: null, parts: [0, 0] })
})

const someCounts = fc.array(fc.tuple(fc.nat(1_000), fc.nat(1_000)), { minLength: 2, maxLength: 12 })

test('is nought for the same counts, never less, and the same from either side', () => {
  fc.assert(
    fc.property(someCounts, (counts) => {
      const [before, now] = [counts.map(([a]) => a), counts.map(([, b]) => b)]
      const there = stabilityIndex(before, now).index
      fc.pre(there !== null)
      expect(there).toBeGreaterThanOrEqual(0)
      expect(stabilityIndex(now, before).index).toBeCloseTo(there, 9)
      expect(stabilityIndex(before, before).index).toBe(0)
    }),
  )
})

test('five parts of 200 and 100 cases differ by 0.06 through chance alone', () => {
  expect(stabilityByChance({ parts: 5, before: 200, now: 100 })).toBeCloseTo(0.06, 12)
})
