import { describe, expect, test } from 'vitest'
import type { Condition, Criterion, Definition } from '../../src/definition/language.ts'
import {
  contains,
  criterionRange,
  gapsBetween,
  intersection,
  intervalOf,
  isEmpty,
  lifeOf,
  type Interval,
} from '../../src/definition/ranges.ts'
import { implies } from '../../src/definition/truth.ts'

const ENDS = [-Infinity, 0, 1, 2, Infinity]
/** Every interval with these ends, closed or open at each. */
const INTERVALS: readonly Interval[] = ENDS.flatMap((low) =>
  ENDS.flatMap((high) =>
    [undefined, false, true].flatMap((lowOpen) =>
      [undefined, false, true].map((highOpen) => ({
        low,
        high,
        ...(lowOpen === undefined ? {} : { lowOpen }),
        ...(highOpen === undefined ? {} : { highOpen }),
      })),
    ),
  ),
)
/** The ends themselves, what lies between them and beyond. */
const POINTS = [-Infinity, -1, 0, 0.5, 1, 1.5, 2, 3, Infinity]
const isIn = (point: number, { low, high, lowOpen = false, highOpen = false }: Interval) =>
  (lowOpen ? low < point : low <= point) && (highOpen ? point < high : point <= high)
const pointsOf = (interval: Interval) => POINTS.filter((point) => isIn(point, interval)).join(' ')

describe('intervals are the sets of their points', () => {
  test('empty ones have none', () => {
    for (const interval of INTERVALS)
      expect([interval, isEmpty(interval)]).toEqual([interval, pointsOf(interval) === ''])
  })

  test('an intersection has the points of both', () => {
    for (const a of INTERVALS) {
      for (const b of INTERVALS) {
        const both = POINTS.filter((point) => isIn(point, a) && isIn(point, b)).join(' ')
        if (pointsOf(intersection(a, b)) !== both) expect([a, b, pointsOf(intersection(a, b))]).toEqual([a, b, both])
      }
    }
  })

  test('one that contains another has all its points', () => {
    const filled = INTERVALS.filter((each) => !isEmpty(each))
    for (const outer of filled) {
      for (const inner of filled) {
        const all = POINTS.filter((point) => isIn(point, inner)).every((point) => isIn(point, outer))
        if (contains(outer, inner) !== all) expect([outer, inner, contains(outer, inner)]).toEqual([outer, inner, all])
      }
    }
  })

  test.each([
    [{}, '-Infinity -1 0 0.5 1 1.5 2 3 Infinity'],
    [{ is: 1 }, '1'],
    [{ at_least: 1 }, '1 1.5 2 3 Infinity'],
    [{ above: 1 }, '1.5 2 3 Infinity'],
    [{ at_most: 1 }, '-Infinity -1 0 0.5 1'],
    [{ below: 1 }, '-Infinity -1 0 0.5'],
    [{ between: [0, 1] as const }, '0 0.5 1'],
    [{ at_least: 0, above: 0, below: 2, at_most: 2 }, '0.5 1 1.5'],
    [{ is: 1, above: 1 }, ''],
  ])('%j holds for %s', (comparison, points) => {
    expect(pointsOf(intervalOf(comparison))).toBe(points)
  })

  test('gaps between ranges of a table', () => {
    expect(
      gapsBetween([
        { at_least: 1, below: 2, points: 0 },
        { below: 3, points: 0 },
        { at_least: 5, points: 0 },
      ]),
    ).toEqual([{ low: 3, high: 5, highOpen: true }])
  })
})

describe('what a criterion can come to', () => {
  const definition = {
    winnow: 1,
    name: 'x',
    attributes: {
      size: { type: 'number' },
      role: { type: 'choice', of: ['a', 'b'] },
      tools: { type: 'choices', of: ['a', 'b', 'c'] },
      signs: { type: 'boolean' },
      title: { type: 'text' },
    },
  } as const satisfies Definition
  const always = { canBeTrue: true, canBeUnknown: true }
  const table = (name: string, rest: object) => ({ id: 'x', table: name, ...rest }) as Criterion
  const each = (rest: object) => ({ id: 'x', each: 'visit', points: 5, ...rest }) as Criterion

  test.each<readonly [Criterion, readonly [low: number, high: number]]>([
    [table('role', { values: { a: 2, b: 3 } }), [0, 3]], // unknown: nothing
    [table('role', { values: { a: 2, b: 3 }, unknown: 2 }), [2, 3]],
    [table('role', { values: { a: 2 }, unknown: 2 }), [0, 2]],
    [table('role', { values: { a: 2 }, otherwise: 7, unknown: 2 }), [2, 7]],
    [table('role', { values: { a: 2, b: 3 }, cap: 1, unknown: 1 }), [1, 1]],
    [table('role', { values: { a: 2, b: 3 }, floor: 4, unknown: 4 }), [4, 4]],
    [table('signs', { values: { true: 2, false: 3 }, unknown: 2 }), [2, 3]],
    [table('signs', { values: { true: 2 }, unknown: 2 }), [0, 2]],
    [table('signs', { values: { false: 2 }, unknown: 2 }), [0, 2]],
    [table('title', { values: { a: 2 }, unknown: 2 }), [0, 2]],
    [table('tools', { values: { a: 2, b: 3, c: -1 }, otherwise: -2, unknown: 1 }), [-2, 5]],
    [table('tools', { values: { a: -2, b: -3 }, unknown: -1 }), [-5, 0]],
    [table('tools', { values: { a: 2, b: 3 }, unknown: 1, otherwise: 1 }), [0, 5]],
    [table('size', { bins: [{ below: 5, points: 2 }, { points: 3 }], unknown: 2 }), [2, 3]],
    [
      table('size', {
        bins: [
          { below: 5, points: 2 },
          { below: 9, points: 3 },
        ],
        unknown: 2,
      }),
      [0, 3],
    ],
    [table('size', { bins: [{ at_least: 1, below: 5, points: 2 }, { points: 3 }], unknown: 2 }), [0, 3]],
    [
      table('size', {
        bins: [
          { below: 5, points: 2 },
          { at_least: 6, points: 3 },
        ],
        unknown: 2,
      }),
      [0, 3],
    ],
    [each({}), [0, Infinity]],
    [each({ points: 0 }), [0, 0]],
    [each({ points: -5, count: { at_most: 2 } }), [-10, 0]],
    [each({ count: { at_most: 2 }, cap: 7 }), [0, 7]],
    [each({ count: { at_most: 2, within: '2d' }, within: '4d' }), [0, 30]],
    [each({ count: { at_most: 2, within: '2d' }, within: '3d' }), [0, 20]],
    [each({ count: { at_most: 1, within: '1d' }, decay: { expires: '2d' } }), [0, 15]],
    [each({ count: { at_most: 1, within: '1d' }, decay: { linear: { over: '2d', after: '1d' } } }), [0, 20]],
    [each({ count: { at_most: 1, within: '1d' }, decay: { linear: { over: '2d' } } }), [0, 15]],
    [each({ count: { at_most: 1, within: '1d' }, decay: { steps: { every: '1d', lose: '40%' } } }), [0, 20]],
    [each({ count: { at_most: 1, within: '1d' }, decay: { half_life: '1d' } }), [0, 10]],
    [each({ count: { at_most: 1, within: '1d' }, decay: { half_life: '1d' }, within: '1s' }), [0, 5]],
    [each({ count: { at_most: 1, within: '1d' }, decay: 'none' }), [0, Infinity]],
    [each({ count: { at_most: 1 }, by: 'account', unknown: 9 }), [0, 9]],
    [each({ count: { at_most: 1 }, unknown: 9 }), [0, 5]],
  ])('%j', (criterion, [low, high]) => {
    expect(criterionRange(definition, criterion, undefined, always)).toEqual({ low, high })
  })

  test.each([
    [{ canBeTrue: true, canBeUnknown: true }, [-1, 5]],
    [{ canBeTrue: true, canBeUnknown: false }, [0, 5]],
    [{ canBeTrue: false, canBeUnknown: true }, [-1, 0]],
    [{ canBeTrue: false, canBeUnknown: false }, [0, 0]],
  ] as const)('a condition with the outlook %j', (outlook, [low, high]) => {
    const criterion: Criterion = { id: 'x', when: { activity: 'visit' }, points: 5, unknown: -1 }
    expect(criterionRange(definition, criterion, undefined, outlook)).toEqual({ low, high })
  })

  test('the decay of the group counts where the criterion has none', () => {
    const criterion = each({ count: { at_most: 1, within: '1d' } })
    expect(criterionRange(definition, criterion, { expires: '1d' }, always)).toEqual({ low: 0, high: 10 })
    expect(lifeOf(undefined)).toBe(Infinity)
  })
})

describe('a condition that another follows from', () => {
  const [a, b, c]: Condition[] = [{ persona: 'a' }, { persona: 'b' }, { persona: 'c' }]
  test.each<readonly [from: Condition, to: Condition, follows: boolean]>([
    [a, a, true],
    [a, b, false],
    [{ all: [a, b] }, a, true],
    [{ all: [a, b] }, c, false],
    [{ all: [a, b] }, { all: [b, a] }, true],
    [{ all: [a, b] }, { all: [a, c] }, false],
    [{ any: [a, b] }, a, false],
    [{ any: [a, a] }, a, true],
    [a, { any: [b, a] }, true],
    [a, { any: [b, c] }, false],
    [{ any: [a, b] }, { any: [c, b, a] }, true],
    [{ any: [a, b] }, { any: [c, b] }, false],
    [{ score: 's', at_least: 5 }, { score: 's', at_least: 4 }, true],
    [{ score: 's', at_least: 4 }, { score: 's', at_least: 5 }, false],
    [{ score: 's', at_least: 5 }, { score: 't', at_least: 4 }, false],
    [{ score: 's', at_least: 5 }, { category: 'c', is: 'x' }, false],
    [{ category: 'c', is: 'x' }, { score: 's', at_least: 5 }, false],
    [{ category: 'c', is: 'x' }, { category: 'c', in: ['y', 'x'] }, true],
    [{ category: 'c', in: ['x', 'y'] }, { category: 'c', is: 'x' }, false],
    [{ category: 'c', is: 'x' }, { category: 'c', in: ['y', 'z'] }, false],
    [{ category: 'c', in: ['x', 'y'] }, { category: 'c', in: ['z', 'y', 'x'] }, true],
    [{ category: 'c', is: 'x' }, { category: 'd', in: ['x'] }, false],
    [{ category: 'c', is: 'x', for_at_least: '1d' }, { category: 'c', in: ['x'] }, true],
    [{ category: 'c', is: 'x' }, { category: 'c', in: ['x'], for_at_least: '1d' }, false],
    [{ category: 'c', is: 'x' }, { category: 'c', is_not: 'y' }, false],
    [{ category: 'c', is_not: 'x' }, { category: 'c', in: ['x', 'y'] }, false],
    [{ category: 'c', is: 'x', not_in: ['y'] }, { category: 'c', in: ['x', 'y'] }, false],
    [a, { category: 'c', is: 'x' }, false],
  ])('%j → %j: %s', (from, to, follows) => {
    expect(implies(from, to)).toBe(follows)
  })
})
