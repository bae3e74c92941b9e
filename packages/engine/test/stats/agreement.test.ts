import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { agreementBand, cohensKappa, fleissKappa, type Pair } from '../../src/index.ts'

/** The pairs of a table of counts: rows are what the first said, columns the second. */
const pairsOf = (table: readonly (readonly number[])[]): Pair[] =>
  table.flatMap((row, a) => row.flatMap((count, b) => Array.from({ length: count }, (): Pair => [`${a}`, `${b}`])))

const ratingsOf = (table: readonly (readonly number[])[]): string[][] =>
  table.map((row) => row.flatMap((count, label) => Array.from({ length: count }, () => `${label}`)))

describe("Cohen's κ", () => {
  test('two psychiatrists and 100 patients (Fleiss 1981, table 13.1)', () => {
    // p_o = .75 + .04 + .10 = .89, p_e = .80·.80 + .10·.05 + .10·.15 = .66, κ = .23/.34
    // A = .295188, B = .008044, C = .214315; √((A + B − C)/(100·.34²)) = .0877
    const { kappa, observed, expected, low, high, subjects } = cohensKappa(
      pairsOf([
        [75, 1, 4],
        [5, 4, 1],
        [0, 0, 10],
      ]),
    )
    expect(observed).toBeCloseTo(0.89, 12)
    expect(expected).toBeCloseTo(0.66, 12)
    expect(kappa).toBeCloseTo(0.676_47, 5)
    expect((high - low) / 2 / 1.96).toBeCloseTo(0.0877, 4)
    expect(subjects).toBe(100)
  })

  test('50 applications for a grant: 20 yes by both, 15 no by both', () => {
    // p_o = .7, p_e = .5·.6 + .5·.4 = .5
    const { kappa } = cohensKappa(
      pairsOf([
        [20, 5],
        [10, 15],
      ]),
    )
    expect(kappa).toBeCloseTo(0.4, 12)
  })

  test('agreement of ten out of ten leaves room for disagreement', () => {
    const { kappa, low, high } = cohensKappa(
      pairsOf([
        [5, 0],
        [0, 5],
      ]),
    )
    expect(kappa).toBe(1)
    expect(high).toBe(1)
    expect(low).toBeCloseTo((0.7225 - 0.5) / 0.5, 3) // Wilson: 10 of 10 is 0.7225 … 1
  })

  test('who only ever says one thing agrees by chance alone', () => {
    expect(cohensKappa(pairsOf([[7]]))).toMatchObject({ kappa: null, low: -1, high: 1, observed: 1, subjects: 7 })
    expect(cohensKappa([])).toMatchObject({ kappa: null, observed: null, subjects: 0 })
  })

  const someLabel = fc.constantFrom('cold', 'hot', 'warm')
  const somePairs = fc.array(fc.tuple(someLabel, someLabel), { minLength: 2, maxLength: 40 })

  test('is 1 exactly for full agreement, and never above', () => {
    fc.assert(
      fc.property(somePairs, (pairs) => {
        const { kappa, observed, low, high } = cohensKappa(pairs)
        fc.pre(kappa !== null)
        expect(kappa === 1).toBe(observed === 1)
        expect(kappa).toBeLessThanOrEqual(1)
        expect(low).toBeLessThanOrEqual(kappa)
        expect(high).toBeGreaterThanOrEqual(kappa)
      }),
    )
  })

  test('stays the same when labels get other names, raters change places, or pairs their order', () => {
    const other = { cold: 'z', warm: 'a', hot: 'm' }
    fc.assert(
      fc.property(somePairs, (pairs) => {
        const plain = cohensKappa(pairs)
        const renamed = cohensKappa(pairs.map(([a, b]): Pair => [other[a], other[b]]))
        const turned = cohensKappa(pairs.map(([a, b]): Pair => [b, a]).reverse())
        for (const changed of [renamed, turned])
          for (const key of ['observed', 'expected', 'low', 'high', 'kappa'] as const)
            if (plain[key] === null) expect(changed[key]).toBeNull()
            else expect(changed[key]).toBeCloseTo(plain[key], 9)
      }),
    )
  })
})

describe("Fleiss' κ", () => {
  test('fourteen raters, ten things, five labels: 0.210', () => {
    const { kappa, observed, expected, subjects } = fleissKappa(
      ratingsOf([
        [0, 0, 0, 0, 14],
        [0, 2, 6, 4, 2],
        [0, 0, 3, 5, 6],
        [0, 3, 9, 2, 0],
        [2, 2, 8, 1, 1],
        [7, 7, 0, 0, 0],
        [3, 2, 6, 3, 0],
        [2, 5, 3, 2, 2],
        [6, 5, 2, 1, 0],
        [0, 2, 2, 3, 7],
      ]),
    )
    expect(observed).toBeCloseTo(0.378, 3)
    expect(expected).toBeCloseTo(0.213, 3)
    expect(kappa).toBeCloseTo(0.21, 3)
    expect(subjects).toBe(10)
  })

  test('its interval, by hand', () => {
    // Three raters; aaa, aab, bbb, abb. Each label has ½, p_e = ½. Alike: 1, ⅓, 1, ⅓; p_o = ⅔, κ = ⅓. By chance each ½, so the
    // second part is nought: own κ are 1, −⅓, 1, −⅓, deviations ±⅔, variance (4·4/9)/(4·3) = 4/27, deviation .3849.
    const { kappa, low, high } = fleissKappa(['aaa', 'aab', 'bbb', 'abb'].map((said) => [...said]))
    expect(kappa).toBeCloseTo(1 / 3, 12)
    expect(low).toBeCloseTo(1 / 3 - 1.96 * 0.3849, 3)
    expect(high).toBeCloseTo(1, 3)
  })

  test('leaves out what fewer than two judged, and takes what more did', () => {
    const full = fleissKappa([
      ['a', 'a'],
      ['a', 'b'],
      ['b', 'b', 'b'],
      ['b', 'a'],
    ])
    const holed = fleissKappa([['a', 'a'], [], ['a', 'b'], ['b', 'b', 'b'], ['b'], ['b', 'a']])
    expect(holed).toEqual(full)
    expect(full.subjects).toBe(4)
    expect(full.observed).toBe(0.5)
    expect(fleissKappa([['a'], []])).toMatchObject({ kappa: null, subjects: 0 })
  })

  const someRatings = fc.array(fc.array(fc.constantFrom('cold', 'warm', 'hot'), { minLength: 2, maxLength: 6 }), {
    minLength: 2,
    maxLength: 30,
  })

  test('is 1 exactly for full agreement; holds its estimate; knows no order', () => {
    fc.assert(
      fc.property(someRatings, (ratings) => {
        const { kappa, low, high } = fleissKappa(ratings)
        fc.pre(kappa !== null)
        const isFull = ratings.every((said) => said.every((label) => label === said[0]))
        expect(Math.abs(kappa - 1) < 1e-12).toBe(isFull)
        expect(low).toBeLessThanOrEqual(kappa)
        expect(high).toBeGreaterThanOrEqual(kappa)
        const turned = fleissKappa(ratings.map((said) => said.toReversed()).toReversed())
        expect(turned.kappa).toBeCloseTo(kappa, 9)
        expect(turned.low).toBeCloseTo(low, 9)
      }),
    )
  })

  test('its error is that of leaving out one thing at a time (jackknife), for many things', () => {
    const ratings = Array.from({ length: 300 }, (_, at) => [
      ...(['hhw', 'wwc', 'ccc', 'hcw', 'hhh'][(at * at) % 5] ?? ''),
    ])
    const { kappa, high } = fleissKappa(ratings)
    const without = ratings.map((_, left) => fleissKappa(ratings.filter((__, at) => at !== left)).kappa!)
    const mean = without.reduce((sum, value) => sum + value, 0) / without.length
    const variance = (299 / 300) * without.reduce((sum, value) => sum + (value - mean) ** 2, 0)
    expect((high - kappa!) / 1.96).toBeCloseTo(Math.sqrt(variance), 3)
  })
})

test.each([
  [-0.01, 'poor'],
  [0, 'slight'],
  [0.2, 'slight'],
  [0.21, 'fair'],
  [0.4, 'fair'],
  [0.41, 'moderate'],
  [0.6, 'moderate'],
  [0.61, 'substantial'],
  [0.8, 'substantial'],
  [0.81, 'almost_perfect'],
  [1, 'almost_perfect'],
] as const)('κ of %d is called %s', (kappa, band) => {
  expect(agreementBand(kappa)).toBe(band)
})
