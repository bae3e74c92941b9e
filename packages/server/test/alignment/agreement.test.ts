import { expect, test } from 'vitest'
import { disagreementOf, middleLevel, mostWouldCall, resultOf, type JudgedLead } from '../../src/alignment/agreement.ts'

const LEVELS = ['hot', 'warm', 'cold']
/** `m:hot+` is somebody in marketing who says hot and would call, `s:cold-` one in sales who says cold and would not. */
const lead = (place: number, level: string, isGood: boolean, ...said: string[]): JudgedLead => ({
  place,
  level,
  isGood,
  ratings: said.map((text) => ({
    team: text.startsWith('m') ? 'marketing' : 'sales',
    level: text.slice(2, -1),
    wouldCall: text.endsWith('+'),
  })),
})

// Marketing is one person and sales are two; by hand below.
const LEADS = [
  lead(1, 'hot', true, 'm:hot+', 's:hot+', 's:hot+'),
  lead(2, 'hot', false, 'm:hot+', 's:cold-', 's:cold-'),
  lead(3, 'cold', false, 'm:cold-', 's:cold-', 's:warm+'),
  lead(4, 'warm', true, 'm:warm+', 's:hot+', 's:warm+'),
]

test('the figures of four leads and three people', () => {
  const { levels, calls, definition, outcome, definitionOutcome } = resultOf(LEADS, LEVELS)
  // Pairs alike: 3/3, 1/3, 1/3, 1/3 → ½. Uses: hot 5, warm 3, cold 4 of 12 → (25 + 9 + 16)/144 = 25/72. κ = 11/47.
  expect(levels.all.kappa).toBeCloseTo(11 / 47, 12)
  expect(levels.all).toMatchObject({ observed: expect.closeTo(0.5, 12) as number, subjects: 4, band: 'fair' })
  // Marketing is one: with whom should it agree?
  expect(levels.marketing).toMatchObject({ kappa: null, subjects: 0, band: null })
  // Sales: alike in 2 of 4; hot 3, warm 2, cold 3 of 8 → 22/64. κ = (32 − 22)/(64 − 22)
  expect(levels.sales.kappa).toBeCloseTo(10 / 42, 12)
  // Verdicts of sales: hot, cold, the lower of cold and warm, the lower of hot and warm. Alike: 1, 3, 4 of 4.
  // Marketing hot hot cold warm: (2·1 + 1·2 + 1·1)/16 = 5/16. κ = (12 − 5)/(16 − 5)
  expect(levels.between.kappa).toBeCloseTo(7 / 11, 12)
  expect(levels.between.observed).toBe(0.75)
  // Would call: 3/3, 1/3, 1/3, 3/3 → ⅔; 8 of 12 → (64 + 16)/144 = 5/9. κ = (6 − 5)/(9 − 5)
  expect(calls.all.kappa).toBeCloseTo(0.25, 12)
  // The definition said what marketing said.
  expect(definition.find(({ side }) => side === 'marketing')?.agreement).toMatchObject({
    kappa: 1,
    band: 'almost_perfect',
  })
  // Marketing would call 1, 2, 4, of which 1 and 4 turned out well.
  expect(outcome.find(({ side }) => side === 'marketing')).toMatchObject({
    called: { successes: 2, trials: 3 },
    notCalled: { successes: 0, trials: 1 },
  })
  // Sales would call 1 and 4 (in 3 half of them, which is not most): exactly those that turned out well.
  expect(outcome.find(({ side }) => side === 'sales')).toMatchObject({
    agreement: { kappa: 1 },
    called: { successes: 2, trials: 2, rate: 1 },
    notCalled: { successes: 0, trials: 2, rate: 0 },
  })
  expect(definitionOutcome).toMatchObject([
    { level: 'hot', good: { successes: 1, trials: 2 } },
    { level: 'warm', good: { successes: 1, trials: 1 } },
    { level: 'cold', good: { successes: 0, trials: 1 } },
  ])
})

test('disagreement: steps between levels and whether to call, over all pairs', () => {
  expect(LEADS.map((each) => disagreementOf(each, LEVELS))).toEqual([
    0,
    2 / 3, // two of three pairs are as far apart as can be
    (0 + 0.75 + 0.75) / 3, // one step of two, and the call
    (0.25 + 0 + 0.25) / 3,
  ])
  expect(disagreementOf(lead(1, 'hot', true, 'm:hot+'), LEVELS)).toBe(0)
})

test('the verdict of a few', () => {
  const said = (...levels: string[]) => levels.map((level) => ({ level, wouldCall: level === 'hot' }))
  expect(middleLevel(said('hot'), LEVELS)).toBe('hot')
  expect(middleLevel(said('hot', 'cold'), LEVELS)).toBe('cold')
  expect(middleLevel(said('hot', 'cold', 'warm'), LEVELS)).toBe('warm')
  expect(mostWouldCall(said('hot', 'cold'))).toBe(false)
  expect(mostWouldCall(said('hot', 'hot', 'cold'))).toBe(true)
})

test('nobody said anything: nothing is known', () => {
  const { levels, outcome } = resultOf([lead(1, 'hot', true)], LEVELS)
  expect(levels.all).toMatchObject({ kappa: null, low: -1, high: 1, subjects: 0 })
  expect(outcome[0]).toMatchObject({ called: { trials: 0, rate: null, low: 0, high: 1 } })
})
